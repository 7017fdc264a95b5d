package microps.core.basis;

/// The numbers of one stack, or of one interface: how often each [Counter] and each [DropReason]
/// occurred. Counts wrap never in practice (64 bits).
public final class Counters {
  private static final int COUNTERS = Counter.values().length;
  private static final int DROPS = DropReason.values().length;

  private final long[] counts = new long[COUNTERS];
  private final long[] drops = new long[DROPS];

  /// Adds one.
  public void add(Counter counter) {
    counts[counter.ordinal()]++;
  }

  /// Adds some.
  public void add(Counter counter, long amount) {
    counts[counter.ordinal()] += amount;
  }

  /// Counts a drop.
  public void drop(DropReason reason) {
    drops[reason.ordinal()]++;
  }

  /// How often it occurred.
  public long of(Counter counter) {
    return counts[counter.ordinal()];
  }

  /// How much was dropped under this name.
  public long of(DropReason reason) {
    return drops[reason.ordinal()];
  }

  /// How much was dropped, whatever the reason.
  public long drops() {
    long sum = 0;
    for (long d : drops) {
      sum += d;
    }
    return sum;
  }
}
