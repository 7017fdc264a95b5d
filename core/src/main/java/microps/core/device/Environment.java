package microps.core.device;

import java.util.random.RandomGenerator;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.PacketPool;
import org.jspecify.annotations.Nullable;

/// What every layer of one stack shares.
///
/// @param random the only source of randomness
/// @param trace where events are told
/// @param events where readiness of sockets is told
/// @param timers all deadlines
/// @param counters the numbers of the whole stack
/// @param pool where packets come from
public record Environment(
    RandomGenerator random,
    Trace trace,
    SocketEvents events,
    TimerQueue timers,
    Counters counters,
    PacketPool pool) {

  /// Counts a drop for the stack and, where one is concerned, for the interface, and tells the
  /// trace.
  public void drop(@Nullable Nic nic, DropReason reason) {
    counters.drop(reason);
    if (nic != null) {
      nic.drops().drop(reason);
    }
    if (trace.listens(Trace.Level.DEBUG)) {
      String label = reason.label();
      String topic = label.substring(0, label.indexOf('-'));
      trace.event(new TraceEvent.Dropped(topic, reason, nic == null ? "-" : nic.name()));
    }
  }

  /// Tells the trace a line; the caller asks [Trace#listens] first.
  public void note(Trace.Level level, String topic, String text) {
    trace.event(new TraceEvent.Note(level, topic, text));
  }
}
