package microps.sockets;

import java.time.Duration;
import microps.core.address.IpAddress;
import microps.core.ip.IcmpError;
import org.jspecify.annotations.Nullable;

/// The answer to an echo request.
///
/// @param from who answered: the destination, or the reporter of the error
/// @param sequence the request's sequence number
/// @param length the bytes of data in the answer
/// @param hopLimit the answer's time to live as received
/// @param roundTrip from the request's departure to the answer's arrival
/// @param intact whether the data is what was sent
/// @param error null for an echo reply
public record PingReply(
    IpAddress from,
    int sequence,
    int length,
    int hopLimit,
    Duration roundTrip,
    boolean intact,
    IcmpError.@Nullable Kind error) {

  /// Whether it is an echo reply.
  public boolean isReply() {
    return error == null;
  }
}
