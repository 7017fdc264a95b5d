package microps.core.tcp;

import java.util.Arrays;
import microps.core.basis.Counter;
import microps.core.basis.Counters;

/// The memory of all send and receive buffers of a stack: a budget, and the arrays that an empty
/// buffer gave back, which the next one takes.
///
/// Above three quarters of the budget there is pressure: windows stop growing and those of
/// connections whose users do not read shrink. The last eighth is for small buffers, so that those
/// who have much cannot starve those who have little; and the least that a connection needs to go
/// on, it gets beyond the budget.
final class BufferMemory {
  /// The smallest array, and the step from which sizes double.
  static final int SMALLEST = 2048;

  /// What a buffer may take from the last eighth.
  static final int SMALL = 1 << 14;

  private static final int SIZES = 20;
  private static final byte[][] NONE = {};

  private final long limit;
  private final Counters counters;
  private final byte[][][] kept = new byte[SIZES][][];
  private final int[] count = new int[SIZES];
  private long keptBytes;
  private long used;
  private boolean pressed;

  /// @param limit octets that all buffers together may hold
  BufferMemory(long limit, Counters counters) {
    this.limit = limit;
    this.counters = counters;
    Arrays.fill(kept, NONE);
  }

  /// Octets that buffers hold.
  long used() {
    return used;
  }

  /// Octets that wait to be used again; they are beside the budget, and at most a sixteenth of it.
  long kept() {
    return keptBytes;
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
    int c = sizeClass(size);
    if (count[c] > 0) {
      keptBytes -= size;
      byte[] array = kept[c][--count[c]];
      kept[c][count[c]] = Ring.NOTHING;
      return array;
    }
    return new byte[size];
  }

  /// Gives an array back.
  void give(byte[] array) {
    int size = array.length;
    if (size == 0) {
      return;
    }
    charge(-size);
    int c = sizeClass(size);
    if (keptBytes + size > limit / 16) {
      return;
    }
    if (count[c] == kept[c].length) {
      kept[c] = Arrays.copyOf(kept[c], Math.max(4, 2 * count[c]));
    }
    kept[c][count[c]++] = array;
    keptBytes += size;
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

  private static int sizeClass(int size) {
    return Integer.numberOfTrailingZeros(size / SMALLEST);
  }

  /// For tests of buffers: as much as they like.
  static BufferMemory unlimited() {
    return new BufferMemory(Long.MAX_VALUE / 8, new Counters());
  }
}
