package microps.bench.speed;

import java.util.ArrayDeque;
import java.util.Deque;

/// What was opened, to be closed in the other order; also by another thread, to stop what goes on.
final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> things = new ArrayDeque<>(); // guarded by this

  synchronized <T extends AutoCloseable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  @Override
  public synchronized void close() {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (Exception e) {
        System.err.println("bench: something does not close: " + e);
      }
    }
  }
}
