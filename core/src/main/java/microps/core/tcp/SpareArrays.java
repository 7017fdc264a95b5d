package microps.core.tcp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Arrays that nobody uses, for whoever needs one of that size next: a leaf of [BufferMemory].
///
/// It knows how many of each size nobody needed for a while, for they were never taken: [#trim].
final class SpareArrays {
  private static final byte[][] NONE = {};

  private final byte[][][] arrays;
  private final int[] count;

  /// The least [#count] since [#trim] looked last.
  private final int[] unused;

  private long octets;

  /// @param sizes how many there are; the smallest is that of [BufferMemory#SMALLEST], each other
  ///   twice the one before
  SpareArrays(int sizes) {
    arrays = new byte[sizes][][];
    Arrays.fill(arrays, NONE);
    count = new int[sizes];
    unused = new int[sizes];
  }

  /// Octets of all of them.
  long octets() {
    return octets;
  }

  /// One of this size, what it holds is undefined; null where there is none.
  byte @Nullable [] take(int size) {
    int c = sizeClass(size);
    if (count[c] == 0) {
      return null;
    }
    byte[] array = remove(c);
    unused[c] = Math.min(unused[c], count[c]);
    return array;
  }

  private byte[] remove(int c) {
    byte[] array = arrays[c][--count[c]];
    arrays[c][count[c]] = Ring.NOTHING;
    octets -= array.length;
    return array;
  }

  /// Keeps it.
  void put(byte[] array) {
    int c = sizeClass(array.length);
    if (count[c] == arrays[c].length) {
      arrays[c] = Arrays.copyOf(arrays[c], Math.max(4, 2 * count[c]));
    }
    arrays[c][count[c]++] = array;
    octets += array.length;
  }

  /// Lets go of the largest, until there are no more octets than that.
  void shrink(long most) {
    for (int c = count.length - 1; octets > most; c--) {
      while (count[c] > 0 && octets > most) {
        remove(c);
      }
      unused[c] = Math.min(unused[c], count[c]);
    }
  }

  /// Lets go of what nobody needed since this was called last, the largest first, as long as there
  /// are more octets than that.
  void trim(long most) {
    for (int c = count.length - 1; c >= 0; c--) {
      for (; unused[c] > 0 && octets > most; unused[c]--) {
        remove(c);
      }
      unused[c] = count[c];
    }
  }

  private static int sizeClass(int size) {
    return Integer.numberOfTrailingZeros(size / BufferMemory.SMALLEST);
  }
}
