package microps.bench.path;

import java.util.Locale;

/// How late a relay was with its frames: the error of the instrument.
public final class Lateness {
  private static final int STEP = 10_000; // nanoseconds
  private final long[] counts = new long[10_000];
  private long count;
  private long most;

  /// Nothing seen yet.
  public Lateness() {}

  synchronized void add(long nanos) {
    long late = Math.max(0, nanos);
    counts[(int) Math.min(late / STEP, counts.length - 1)]++;
    count++;
    most = Math.max(most, late);
  }

  synchronized void add(Lateness other) {
    synchronized (other) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += other.counts[i];
      }
      count += other.count;
      most = Math.max(most, other.most);
    }
  }

  /// Below which lateness a share of the frames was, in nanoseconds, rounded up to 10 us.
  public synchronized long quantile(double share) {
    long enough = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= enough) {
        return Math.min((i + 1L) * STEP, most);
      }
    }
    return most;
  }

  /// The latest, in nanoseconds.
  public synchronized long most() {
    return most;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "half of the frames less than %.2f ms late, 99 %% less than %.2f ms, the latest %.1f ms",
        quantile(0.5) / 1e6,
        quantile(0.99) / 1e6,
        most() / 1e6);
  }
}
