package microps.core.ip;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import microps.core.address.IpAddress;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import org.jspecify.annotations.Nullable;

/// Sends ICMP echo requests and receives what comes back: the client side of `ping` (RFC 792, RFC
/// 1122 section 3.2.2.6). Non-blocking; each has an identifier of its own.
public final class PingSocket extends SocketHandle {

  /// Answers that wait at most.
  static final int MAX_ANSWERS = 64;

  private static final int MAX_PAYLOAD =
      Ipv4Header.MAX_DATAGRAM - Ipv4Header.MIN_LENGTH - Icmp4Header.LENGTH;

  private final Icmp4 icmp;
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private int identifier = -1; // before the first request
  private boolean closed;
  private @Nullable Path path; // where the last request went
  boolean waitsForRoom; // in Icmp4's list of those that were refused

  PingSocket(Icmp4 icmp) {
    this.icmp = icmp;
  }

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
    if (payload.remaining() > MAX_PAYLOAD) {
      throw new SocketFailure(SocketError.MESSAGE_TOO_LONG);
    }
    if (closed) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, "closed");
    }
    Path way = route(destination);
    if (identifier < 0) {
      identifier = icmp.register(this);
      if (identifier < 0) {
        throw new SocketFailure(SocketError.NO_PORTS_LEFT);
      }
    }
    if (!way.nic().hasRoom()) {
      icmp.waitForRoom(this);
      return false;
    }
    Environment env = icmp.environment();
    Packet request = env.pool().take(payload.remaining());
    request.append(payload, payload.remaining());
    Icmp4Header.push(request, Icmp4Header.ECHO_REQUEST, 0, identifier << 16 | sequence & 0xffff);
    env.counters().add(Counter.ICMP_SENT);
    icmp.output().send(way, Protocol.ICMP, 0, hopLimit, false, request, now);
    return true;
  }

  private Path route(IpAddress destination) throws SocketFailure {
    Path way = path;
    if (way == null || !way.destination().equals(destination) || !icmp.output().isCurrent(way)) {
      way = icmp.output().route(null, destination);
      path = way;
    }
    return way;
  }

  /// Takes what came back.
  void answer(Answer answer) {
    Environment env = icmp.environment();
    if (answers.size() >= MAX_ANSWERS) {
      env.drop(null, DropReason.ICMP_RECEIVE_QUEUE_FULL);
      return;
    }
    answers.add(answer);
    env.events().changed(this);
  }

  /// The next answer, or null: none now. At most 64 wait; what comes more is dropped.
  public @Nullable Answer receive() {
    return answers.poll();
  }

  /// Closes it. Idempotent.
  public void close() {
    closed = true;
    answers.clear();
    if (identifier >= 0) {
      icmp.unregister(identifier);
      identifier = -1;
    }
  }

  @Override
  public int readiness() {
    boolean room = path == null || path.nic().hasRoom();
    return (answers.isEmpty() ? 0 : READABLE) | (room ? WRITABLE : 0);
  }
}
