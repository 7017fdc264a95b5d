package microps.core.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import microps.core.bytes.Packet;
import microps.core.device.Nic;
import microps.core.ip.IpOutput.Outcome;
import microps.core.tcp.TcpTimers.Kind;

/// Connections that may have something to send, in turns: a queue for each interface, and one for
/// those whose path is to be looked up again.
final class SendQueues {
  private final Tcp tcp;
  private final TcpOutput output;

  /// For each interface by its index.
  private final List<ArrayDeque<TcpConnection>> ready = new ArrayList<>();

  private final ArrayDeque<TcpConnection> wayless = new ArrayDeque<>();
  private boolean rerouted;

  SendQueues(Tcp tcp, TcpOutput output) {
    this.tcp = tcp;
    this.output = output;
  }

  /// Writes the next frame for this interface into `out`; false where there is none.
  boolean transmit(Nic nic, Packet out, long now) {
    ArrayDeque<TcpConnection> queue = queueOf(nic);
    for (TcpConnection c = queue.pollFirst(); c != null; c = queue.pollFirst()) {
      c.scheduled = false;
      if (c.state() == TcpState.CLOSED) {
        continue;
      }
      if (!EffectiveMss.refreshPath(c)) {
        tryLater(c, now);
      } else if (c.path.nic() != nic) {
        schedule(c); // the route changed
        rerouted = true;
      } else if (output.next(c, out, now)) {
        schedule(c); // behind the others: each connection gets its turn
        Rest.later(c, now);
        if (tcp.encapsulate(c, out, now) == Outcome.FRAME) {
          return true;
        }
      }
    }
    return false;
  }

  /// Without a route nothing can be sent that would bring us back here: the timer does.
  private static void tryLater(TcpConnection c, long now) {
    if (c.hasToSend() && !c.timers.isRunning(Kind.RETRANSMIT)) {
      if (!c.unroutable && c.snd.flight() == 0) {
        c.progressAt = now; // our patience begins
      }
      c.unroutable = true;
      Patience.startRetransmitTimer(c, now);
    }
  }

  boolean takeRerouted() {
    boolean was = rerouted;
    rerouted = false;
    return was;
  }

  boolean hasOutput(Nic nic) {
    return !queueOf(nic).isEmpty();
  }

  private ArrayDeque<TcpConnection> queueOf(Nic nic) {
    while (ready.size() <= nic.index()) {
      ready.add(new ArrayDeque<>());
    }
    return ready.get(nic.index());
  }

  void schedule(TcpConnection c) {
    if (!c.scheduled && c.state() != TcpState.CLOSED) {
      c.scheduled = true;
      (tcp.ip().isCurrent(c.path) ? queueOf(c.path.nic()) : wayless).addLast(c);
    }
  }

  void findWays(long now) {
    for (TcpConnection c = wayless.pollFirst(); c != null; c = wayless.pollFirst()) {
      c.scheduled = false;
      if (c.state() == TcpState.CLOSED) {
        continue;
      }
      if (EffectiveMss.refreshPath(c)) {
        schedule(c);
      } else {
        tryLater(c, now);
      }
    }
  }

  void interfaceDown(Nic nic) {
    ArrayDeque<TcpConnection> queue = queueOf(nic);
    for (TcpConnection c = queue.pollFirst(); c != null; c = queue.pollFirst()) {
      c.scheduled = false;
      schedule(c);
    }
  }
}
