package microps.sim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is going to happen, in order of time and, for the same moment, in the order in which it was
/// asked for: without the second a run would not repeat byte for byte. A binary heap whose entries
/// know their place.
final class EventQueue {
  private @Nullable Event[] heap = new @Nullable Event[64];
  private int size;
  private long orders;

  /// Sets or moves an event; [Event#NEVER] cancels it.
  void set(Event event, long time) {
    cancel(event);
    if (time == Event.NEVER) {
      return;
    }
    event.time = time;
    event.order = orders++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    up(event, size++);
  }

  /// Cancels an event; nothing happens where it is idle.
  void cancel(Event event) {
    int place = event.place;
    if (place < 0) {
      return;
    }
    event.place = -1;
    event.time = Event.NEVER;
    Event last = at(--size);
    heap[size] = null;
    if (last != event) {
      down(last, place);
      if (last.place == place) {
        up(last, place);
      }
    }
  }

  /// When the next event happens, or [Event#NEVER].
  long next() {
    return size == 0 ? Event.NEVER : at(0).time;
  }

  /// Takes the next event; there must be one.
  Event poll() {
    Event first = at(0);
    cancel(first);
    return first;
  }

  int size() {
    return size;
  }

  private Event at(int place) {
    Event event = heap[place];
    if (event == null) {
      throw new IllegalStateException("no event at " + place);
    }
    return event;
  }

  private static boolean before(Event a, Event b) {
    return a.time < b.time || a.time == b.time && a.order < b.order;
  }

  private void up(Event event, int place) {
    while (place > 0) {
      int parent = place - 1 >>> 1;
      if (before(at(parent), event)) {
        break;
      }
      put(at(parent), place);
      place = parent;
    }
    put(event, place);
  }

  private void down(Event event, int place) {
    while (true) {
      int child = 2 * place + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(at(child + 1), at(child))) {
        child++;
      }
      if (before(event, at(child))) {
        break;
      }
      put(at(child), place);
      place = child;
    }
    put(event, place);
  }

  private void put(Event event, int place) {
    heap[place] = event;
    event.place = place;
  }
}
