package microps.core.ip;

import java.nio.ByteBuffer;
import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import org.jspecify.annotations.Nullable;

/// Sends ICMP echo requests and receives what comes back: the client side of `ping` (RFC 792, RFC
/// 1122 section 3.2.2.6). Non-blocking; each has an identifier of its own.
public final class PingSocket extends SocketHandle {

  PingSocket() {}

  /// What came back.
  ///
  /// @param from who answered: the destination, or the reporter of the error
  /// @param sequence the request's sequence number
  /// @param hopLimit the answer's time to live as received
  /// @param arrival when it arrived, in the stack's nanoseconds
  /// @param payload the answer's data; empty for an error
  /// @param error null for an echo reply
  public record Answer(
      IpAddress from,
      int sequence,
      int hopLimit,
      long arrival,
      byte[] payload,
      IcmpError.@Nullable Kind error) {}

  /// Sends one echo request.
  ///
  /// @param sequence 0 to 65,535
  /// @param payload its data, up to 65,507 bytes (fragmented where needed)
  /// @param hopLimit the time to live, 1 to 255
  /// @return false: no room now, ask again when writable
  /// @throws SocketFailure no route, or too long
  public boolean send(
      IpAddress destination, int sequence, ByteBuffer payload, int hopLimit, long now)
      throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// The next answer, or null: none now. At most 64 wait; what comes more is dropped.
  public @Nullable Answer receive() {
    throw new UnsupportedOperationException();
  }

  /// Closes it. Idempotent.
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int readiness() {
    throw new UnsupportedOperationException();
  }
}
