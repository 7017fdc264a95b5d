package microps.core.basis;

import java.util.Arrays;

/// Deadlines in order: a binary heap whose entries know their place, so that setting one again and
/// cancelling it cost O(log n) and allocate nothing.
public final class TimerQueue {

  /// The deadline of what has none.
  public static final long NEVER = Long.MAX_VALUE;

  /// One deadline; subclassed by what waits for it.
  public abstract static class Timer {
    private long deadline = NEVER;
    private int place = -1;

    /// When it will expire, or [#NEVER].
    public final long deadline() {
      return deadline;
    }

    /// Called once when the deadline has passed; the timer is idle then and may be set anew.
    protected abstract void expire(long now);
  }

  private static final Timer NONE =
      new Timer() {
        @Override
        protected void expire(long now) {}
      };

  private Timer[] heap = new Timer[16];
  private int size;

  /// Sets or moves the deadline of a timer, in nanoseconds; [#NEVER] cancels it.
  public void set(Timer timer, long deadline) {
    if (deadline == NEVER) {
      cancel(timer);
      return;
    }
    long before = timer.deadline;
    timer.deadline = deadline;
    if (timer.place < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, 2 * size);
      }
      up(timer, size++);
    } else if (deadline < before) {
      up(timer, timer.place);
    } else {
      down(timer, timer.place);
    }
  }

  /// Cancels a timer; nothing happens where it is idle.
  public void cancel(Timer timer) {
    int place = timer.place;
    if (place < 0) {
      return;
    }
    timer.place = -1;
    timer.deadline = NEVER;
    Timer last = heap[--size];
    heap[size] = NONE; // lets the garbage collector have it
    if (last != timer) {
      down(last, place);
      if (last.place == place) {
        up(last, place);
      }
    }
  }

  /// The earliest deadline, or [#NEVER].
  public long nextDeadline() {
    return size == 0 ? NEVER : heap[0].deadline;
  }

  /// How many timers run.
  public int size() {
    return size;
  }

  /// Expires what is due at `now`, in order of deadlines. What is set while it runs, and already
  /// due, expires too, up to a bound that keeps a faulty timer from holding the caller for ever;
  /// the rest stays due.
  public void advance(long now) {
    for (int budget = size + 1024; budget > 0 && size > 0 && heap[0].deadline <= now; budget--) {
      Timer due = heap[0];
      cancel(due);
      due.expire(now);
    }
  }

  private void up(Timer timer, int place) {
    while (place > 0) {
      int parent = place - 1 >>> 1;
      if (heap[parent].deadline <= timer.deadline) {
        break;
      }
      put(heap[parent], place);
      place = parent;
    }
    put(timer, place);
  }

  private void down(Timer timer, int place) {
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && heap[child + 1].deadline < heap[child].deadline) {
        child++;
      }
      if (timer.deadline <= heap[child].deadline) {
        break;
      }
      put(heap[child], place);
      place = child;
    }
    put(timer, place);
  }

  private void put(Timer timer, int place) {
    heap[place] = timer;
    timer.place = place;
  }
}
