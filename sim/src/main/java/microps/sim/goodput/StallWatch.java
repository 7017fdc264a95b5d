package microps.sim.goodput;

import microps.core.bytes.Packet;
import microps.core.tcp.TcpStatus;
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

  private final Network network;
  private final Wire wire;
  private @Nullable Transfer transfer;
  private boolean moved;
  private long lastMove;
  private long allowed = Long.MAX_VALUE;
  private long longestUnexplained;
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
  void look() {
    Transfer t = transfer;
    if (!moved || t == null) {
      return;
    }
    moved = false;
    long now = network.now();
    TcpStatus status = t.client().socket().status();
    moved(
        now,
        status != null && status.sendQueue() > 0 ? status.retransmissionTimeout() : Long.MAX_VALUE);
    TcpEnd reader = t.server();
    if (reader != null && reader.received() > received) {
      received = reader.received();
      longestPause = Math.max(longestPause, now - lastReceived);
      lastReceived = now;
    }
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
