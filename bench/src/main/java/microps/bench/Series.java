package microps.bench;

import java.util.Arrays;

/// The results of several rounds.
public final class Series {
  private double[] values = new double[8];
  private int count;

  /// An empty series.
  public Series() {}

  /// Adds a result.
  public synchronized void add(double value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  /// How many results there are.
  public synchronized int count() {
    return count;
  }

  /// All together.
  public synchronized double sum() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum;
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
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    double place = share * (count - 1);
    int below = (int) place;
    int above = Math.min(below + 1, count - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
