package microps.sim.goodput;

import microps.core.bytes.Packet;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpState;
import microps.sim.Network;
import microps.sim.Port;
import microps.sim.TcpEnd;
import microps.sim.Transfer;
import microps.sim.Wire;
import microps.sim.WireTap;
import org.jspecify.annotations.Nullable;

/// Looks for stalls of one connection: how long its reader got nothing, and whether its sender,
/// while it had something to send, was silent for longer than its retransmission timer explains.
final class StallWatch implements WireTap {
  // RFC 6298 (2.4): what clocks resolve
  private static final long SLACK = 1_000_000;
  private static final long MOST = 120_000_000_000L;

  private final Network network;
  private final Wire wire;
  private @Nullable Transfer transfer;
  private boolean moved;
  private long lastMove;
  private long allowed = Long.MAX_VALUE;
  private long longestUnexplained;
  private long running;
  private long ackedBefore = -1;
  private long received;
  private long lastReceived;
  private long longestPause;

  StallWatch(Network network, Wire wire) {
    this.network = network;
    this.wire = wire;
    wire.add(this);
  }

  void follow(Transfer first) {
    transfer = first;
    lastReceived = network.now();
  }

  @Override
  public void frame(Wire on, Port from, Fate fate, Packet frame, long now) {
    moved |= fate == (from == wire.one() ? Fate.SENT : Fate.DELIVERED);
  }

  /// An event has happened.
  ///
  /// @return whether the sender has sent or received something
  boolean look() {
    Transfer t = transfer;
    if (!moved || t == null) {
      return false;
    }
    moved = false;
    long now = network.now();
    TcpInfo info = t.client().socket().info(now);
    moved(now, info == null ? Long.MAX_VALUE : timeout(info));
    TcpEnd reader = t.server();
    if (reader != null && reader.received() > received) {
      received = reader.received();
      longestPause = Math.max(longestPause, now - lastReceived);
      lastReceived = now;
    }
    return true;
  }

  /// When the sender is to speak at the latest, if it hears nothing.
  private long timeout(TcpInfo info) {
    TcpInfo.Sending sending = info.sending();
    TcpInfo.RoundTrip roundTrip = info.roundTrip();
    if (sending.flight() > 0 || info.state() == TcpState.SYN_SENT) {
      // A timer that runs is not moved nearer by a new measurement, only by progress (RFC 6298
      // (5.3))
      long acked = info.counts().bytesAcked();
      running = acked == ackedBefore ? Math.max(running, roundTrip.timeout()) : roundTrip.timeout();
      ackedBefore = acked;
      return running;
    }
    if (sending.unsent() == 0) {
      return Long.MAX_VALUE;
    }
    // The peer's window holds it back: the persist timer backs off by itself (SHLD-30)
    return Math.min(roundTrip.timeout() << Math.min(16, roundTrip.backOffs()), MOST);
  }

  /// The sender has sent or received something.
  ///
  /// @param timeout after which its timer expires at the latest; `Long.MAX_VALUE`: it has nothing
  ///   to send
  void moved(long now, long timeout) {
    if (allowed != Long.MAX_VALUE) {
      longestUnexplained = Math.max(longestUnexplained, now - lastMove - allowed - SLACK);
    }
    lastMove = now;
    allowed = timeout;
  }

  long longestPause() {
    return longestPause;
  }

  long longestUnexplained() {
    return longestUnexplained;
  }
}
