package microps.sim.property;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Where a property takes its choices from: a string of bytes. A random run makes them up and keeps
/// them; the same bytes make the same choices, fewer or smaller bytes make simpler ones (0 is
/// always the first choice), so that a failure shrinks by cutting bytes, and a fuzzer can supply
/// them.
public final class Choices {
  private final @Nullable SplittableRandom random;
  private byte[] bytes;
  private int size;
  private int at;

  private Choices(@Nullable SplittableRandom random, byte[] bytes) {
    this.random = random;
    this.bytes = bytes;
    size = bytes.length;
  }

  /// Choices that a seed makes.
  public static Choices of(long seed) {
    return new Choices(new SplittableRandom(seed), new byte[0]);
  }

  /// Choices that were made before; where the bytes end, each is 0.
  public static Choices of(byte[] bytes) {
    return new Choices(null, bytes.clone());
  }

  private int octet() {
    if (at == size && random != null) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(64, 2 * size));
      }
      bytes[size++] = (byte) random.nextInt(256);
    }
    return at < size ? bytes[at++] & 0xff : 0;
  }

  /// One of `0` to `bound - 1`, about evenly.
  ///
  /// @param bound at least 1
  public int next(int bound) {
    return (int) next((long) bound);
  }

  /// One of `0` to `bound - 1`, about evenly.
  ///
  /// @param bound at least 1
  public long next(long bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a bound is at least 1, not " + bound);
    }
    long value = 0;
    for (long reach = 1; reach < bound && reach > 0; reach <<= 8) {
      value = value << 8 | octet();
    }
    return Long.remainderUnsigned(value, bound);
  }

  /// One of `from` to `to`, both included.
  public int between(int from, int to) {
    return from + (int) next((long) to - from + 1);
  }

  /// Yes, once in so many times; the simplest choice is no.
  public boolean oneIn(int times) {
    return next(times) == times - 1;
  }

  /// A number whose size is chosen evenly, so that small ones are as frequent as large ones: 0 to
  /// `most`.
  public int sized(int most) {
    int bits = next(33 - Integer.numberOfLeadingZeros(most));
    return bits == 0 ? 0 : (int) Math.min(most, next(1L << bits));
  }

  /// One of a list; the first is the simplest.
  public <T> T pick(List<T> from) {
    return from.get(next(from.size()));
  }

  /// The bytes of the choices made so far.
  public byte[] made() {
    return Arrays.copyOf(bytes, at);
  }
}
