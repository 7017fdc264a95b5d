package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.Counters;
import microps.core.basis.TimerQueue;

/// The memory of all send and receive buffers of a stack: a budget, and the arrays that an empty
/// buffer gave back, which the next one takes.
///
/// Above three quarters of the budget there is pressure: windows stop growing and those of
/// connections whose users do not read shrink. The last eighth is for small buffers, so that those
/// who have much cannot starve those who have little; and the least that a connection needs to go
/// on, it gets beyond the budget.
///
/// A buffer gives its array back whenever it runs empty, which in bulk is many times a second: as
/// long as the arrays are taken again, all are kept, within the budget. What nobody took for
/// [#IDLE] goes to the garbage collector, but for a sixteenth of the budget.
final class BufferMemory {
  /// The smallest array, and the step from which sizes double.
  static final int SMALLEST = 2048;

  /// What a buffer may take from the last eighth.
  static final int SMALL = 1 << 14;

  /// How long more than a sixteenth of the budget is kept although nobody takes it: between one and
  /// two of these, in nanoseconds.
  static final long IDLE = 1_000_000_000L;

  private static final int SIZES = 20;

  private final long limit;
  private final Counters counters;
  private final TimerQueue timers;
  private final SpareArrays spare = new SpareArrays(SIZES);
  private long used;
  private boolean pressed;

  private final TimerQueue.Timer idle =
      new TimerQueue.Timer() {
        @Override
        protected void expire(long now) {
          spare.trim(limit / 16);
          look(now);
        }
      };

  /// @param limit octets that all buffers together may hold
  BufferMemory(long limit, Counters counters, TimerQueue timers) {
    this.limit = limit;
    this.counters = counters;
    this.timers = timers;
  }

  /// Something happened: sees to it that what is kept goes where nobody needs it any more.
  void look(long now) {
    if (spare.octets() > limit / 16 && idle.deadline() == TimerQueue.NEVER) {
      timers.set(idle, now + IDLE);
    }
  }

  /// Octets that buffers hold.
  long used() {
    return used;
  }

  /// Octets that wait to be used again; with [#used] no more than the budget.
  long kept() {
    return spare.octets();
  }

  /// Whether memory is scarce.
  boolean isPressed() {
    return pressed;
  }

  /// Whether only the last eighth is left.
  boolean isCritical() {
    return used > limit - limit / 8;
  }

  /// The size of the array for so many octets: a power of two.
  static int sizeFor(int octets) {
    return octets <= SMALLEST ? SMALLEST : Integer.highestOneBit(octets - 1) << 1;
  }

  /// Whether a buffer that holds `before` octets may hold `size`.
  boolean allows(int before, int size) {
    long after = used - before + size;
    return size <= SMALL ? after <= limit : after <= limit - limit / 8;
  }

  /// An array of [#sizeFor] octets; what it holds is undefined.
  byte[] take(int size) {
    charge(size);
    byte[] array = spare.take(size);
    if (array != null) {
      return array;
    }
    spare.shrink(Math.max(0, limit - used));
    return new byte[size];
  }

  /// Gives an array back.
  void give(byte[] array) {
    int size = array.length;
    if (size == 0) {
      return;
    }
    charge(-size);
    if (used + spare.octets() + size <= limit) {
      spare.put(array);
    }
  }

  private void charge(int size) {
    used += size;
    if (pressed) {
      pressed = used > limit / 8 * 5;
    } else if (used > limit / 4 * 3) {
      pressed = true;
      counters.add(Counter.TCP_MEMORY_PRESSURE);
    }
  }

  /// For tests of buffers: as much as they like.
  static BufferMemory unlimited() {
    return new BufferMemory(Long.MAX_VALUE / 8, new Counters(), new TimerQueue());
  }
}
