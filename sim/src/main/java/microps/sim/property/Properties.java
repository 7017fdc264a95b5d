package microps.sim.property;

import java.util.Arrays;
import java.util.HexFormat;
import microps.sim.Capture;
import org.jspecify.annotations.Nullable;

/// Runs a property for many seeds. The first that fails is shrunk, and reported with the system
/// properties that run it again:
///
/// - `-Dmicrops.seeds=N` how many seeds, instead of what the test says
/// - `-Dmicrops.seed=N` this seed only
/// - `-Dmicrops.choices=HEX` these choices only
/// - `-Dmicrops.pcap=FILE` every packet of each [microps.sim.Network], to look at: of a seed that
///   fails, and then of the same shrunk; not of the runs between
public final class Properties {
  private static final int SHRINK_RUNS = 400;
  private static final long SHRINK_NANOS = 10_000_000_000L;

  private Properties() {}

  /// Runs a property for the seeds 1 to `count`.
  ///
  /// @throws AssertionError for the first that fails
  public static void runSeeds(int count, Property property) {
    String choices = System.getProperty("microps.choices");
    if (choices != null) {
      Throwable failure = failure(property, Choices.of(HexFormat.of().parseHex(choices)));
      if (failure != null) {
        throw new AssertionError("these choices fail: " + failure.getMessage(), failure);
      }
      return;
    }
    Long only = Long.getLong("microps.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? Long.getLong("microps.seeds", count) : only;
    for (long seed = first; seed <= last; seed++) {
      Choices made = Choices.of(seed);
      Throwable failure = failure(property, made);
      if (failure != null) {
        throw report(property, seed, made.made(), failure);
      }
    }
  }

  private static @Nullable Throwable failure(Property property, Choices choices) {
    try {
      property.check(choices);
      return null;
    } catch (Throwable t) {
      if (t instanceof VirtualMachineError && !(t instanceof StackOverflowError)) {
        throw (VirtualMachineError) t;
      }
      return t;
    }
  }

  private static AssertionError report(
      Property property, long seed, byte[] bytes, Throwable failure) {
    byte[][] shrunken = new byte[1][];
    Capture.withoutProperty(() -> shrunken[0] = shrink(property, bytes));
    byte[] small = shrunken[0];
    Choices again = Choices.of(small);
    Throwable shrunk = failure(property, again);
    String hex = HexFormat.of().formatHex(small);
    return new AssertionError(
        "seed "
            + seed
            + " fails: "
            + failure.getMessage()
            + "\n  run it again: "
            + command()
            + " -Dmicrops.seed="
            + seed
            + " (with -Dmicrops.pcap=FILE for its packets)"
            + "\n  shrunk from "
            + bytes.length
            + " to "
            + small.length
            + " bytes of choices: -Dmicrops.choices="
            + hex
            + "\n  which says: "
            + (shrunk == null ? "nothing: it does not repeat" : shrunk.getMessage()),
        shrunk == null ? failure : shrunk);
  }

  /// What runs the test that calls us: as far as we know it.
  private static String command() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames.filter(f -> !f.getClassName().equals(Properties.class.getName())).findFirst())
        .map(f -> {
          String test = f.getClassName().replaceAll(".*\\.", "") + "#" + f.getMethodName();
          return f.getClassName().startsWith("microps.")
              ? "./mvnw -pl sim -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=" + test
              : test;
        })
        .orElse("");
  }

  /// Cuts pieces out, sets pieces to zero, and makes single bytes smaller, as long as it still
  /// fails.
  static byte[] shrink(Property property, byte[] failing) {
    Shrinker s = new Shrinker(property, failing);
    boolean progress = true;
    while (progress && s.mayGoOn()) {
      progress = false;
      for (int piece = s.best.length; piece > 0 && s.mayGoOn(); piece /= 2) {
        for (int from = 0; from < s.best.length && s.mayGoOn(); ) {
          boolean smaller = s.cut(from, piece) || s.zero(from, piece);
          progress |= smaller;
          from += smaller ? 0 : piece;
          if (smaller && s.isZero(from, piece)) {
            from += piece;
          }
        }
      }
      for (int i = 0; i < s.best.length && s.mayGoOn(); i++) {
        progress |= s.halve(i);
      }
    }
    return s.best;
  }

  private static final class Shrinker {
    private final Property property;
    private final long end = System.nanoTime() + SHRINK_NANOS;
    private int runs;
    byte[] best;

    Shrinker(Property property, byte[] best) {
      this.property = property;
      this.best = best;
    }

    boolean mayGoOn() {
      return runs < SHRINK_RUNS && System.nanoTime() < end;
    }

    private boolean take(byte[] candidate) {
      runs++;
      if (failure(property, Choices.of(candidate)) == null) {
        return false;
      }
      best = candidate;
      return true;
    }

    boolean cut(int from, int length) {
      int to = Math.min(best.length, from + length);
      byte[] candidate = new byte[best.length - (to - from)];
      System.arraycopy(best, 0, candidate, 0, from);
      System.arraycopy(best, to, candidate, from, best.length - to);
      return take(candidate);
    }

    boolean isZero(int from, int length) {
      for (int i = from; i < Math.min(best.length, from + length); i++) {
        if (best[i] != 0) {
          return false;
        }
      }
      return from < best.length;
    }

    boolean zero(int from, int length) {
      if (from >= best.length || isZero(from, length)) {
        return false;
      }
      byte[] candidate = best.clone();
      Arrays.fill(candidate, from, Math.min(best.length, from + length), (byte) 0);
      return take(candidate);
    }

    boolean halve(int at) {
      int value = best[at] & 0xff;
      if (value < 2) {
        return false;
      }
      byte[] candidate = best.clone();
      candidate[at] = (byte) (value / 2);
      return take(candidate);
    }
  }
}
