package microps.bench;

import java.util.Arrays;
import java.util.TreeMap;

/// The results of several rounds.
public final class Series {
  /// Student's t for 95 %, two-sided, by degrees of freedom less 1.
  private static final double[] T = {
    12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13
  };

  private final TreeMap<Integer, Double> values = new TreeMap<>();

  /// An empty series.
  public Series() {}

  /// A ratio with its uncertainty.
  ///
  /// @param value the ratio
  /// @param error how far, as a factor less 1, the truth may lie from it with 95 % confidence; NaN
  ///   where there are less than two rounds
  public record Ratio(double value, double error) {
    /// Whether it is not below 1 by more than the uncertainty, and one in a hundred.
    public boolean isAtLeastOne() {
      return value * (1 + (Double.isNaN(error) ? 0 : error)) >= 0.99;
    }
  }

  /// Adds the result of a round.
  public synchronized void add(int round, double value) {
    values.put(round, value);
  }

  private synchronized TreeMap<Integer, Double> rounds() {
    return new TreeMap<>(values);
  }

  /// The ratio to another series: the geometric mean of the ratios of the same rounds. Rounds
  /// differ more than contenders do in one, so that this says more than the ratio of the medians.
  public Ratio to(Series reference) {
    TreeMap<Integer, Double> theirs = reference.rounds();
    double[] logs =
        rounds().entrySet().stream()
            .filter(e -> theirs.containsKey(e.getKey()))
            .mapToDouble(e -> Math.log(e.getValue() / theirs.getOrDefault(e.getKey(), 1.0)))
            .toArray();
    double mean = Arrays.stream(logs).average().orElse(Double.NaN);
    int free = logs.length - 1;
    if (free < 1) {
      return new Ratio(Math.exp(mean), Double.NaN);
    }
    double squares = Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum();
    double deviation = Math.sqrt(squares / free / logs.length);
    double t = free > T.length ? 2 : T[free - 1];
    return new Ratio(Math.exp(mean), Math.exp(t * deviation) - 1);
  }

  /// How many results there are.
  public synchronized int count() {
    return values.size();
  }

  /// The smallest; NaN of none.
  public double min() {
    return quantile(0);
  }

  /// The one in the middle, or the mean of the two in the middle; NaN of none.
  public double median() {
    return quantile(0.5);
  }

  /// The largest; NaN of none.
  public double max() {
    return quantile(1);
  }

  /// The value below which a share of the results lies, interpolated; NaN of none.
  ///
  /// @param share 0 to 1
  public synchronized double quantile(double share) {
    int count = values.size();
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = values.values().stream().mapToDouble(x -> x).sorted().toArray();
    double place = share * (count - 1);
    int below = (int) place;
    int above = Math.min(below + 1, count - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
