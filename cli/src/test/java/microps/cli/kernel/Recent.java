package microps.cli.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;

/// Keeps what a host told last, for a test that failed.
final class Recent implements Trace {
  private static final int KEPT = 100;

  private final Deque<TraceEvent> events = new ArrayDeque<>();

  @Override
  public boolean listens(Level level) {
    return true;
  }

  @Override
  public synchronized void event(TraceEvent event) {
    if (events.size() == KEPT) {
      events.removeFirst();
    }
    events.addLast(event);
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder();
    for (TraceEvent event : events) {
      text.append("  [").append(event.level().letter()).append("] ");
      text.append(event.topic()).append(": ").append(event.text()).append('\n');
    }
    return text.toString();
  }
}
