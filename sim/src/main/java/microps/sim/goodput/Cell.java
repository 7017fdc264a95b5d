package microps.sim.goodput;

import java.util.List;
import java.util.stream.LongStream;

/// A cell of a table: the same [Trial] with some seeds, from 1 on.
///
/// @param trial with the first seed
/// @param outcomes one for each seed
public record Cell(Trial trial, List<Outcome> outcomes) {

  /// Runs a trial with each seed.
  static Cell run(Trial trial, int seeds) {
    return new Cell(
        trial, LongStream.rangeClosed(1, seeds).mapToObj(s -> trial.seed(s).run()).toList());
  }

  /// The mean goodput in bytes a second.
  public double goodput() {
    return outcomes.stream().mapToDouble(Outcome::goodput).average().orElse(0);
  }

  /// The standard error of the mean goodput: how far the seeds lie apart.
  public double error() {
    int n = outcomes.size();
    if (n < 2) {
      return 0;
    }
    double mean = goodput();
    double squares =
        outcomes.stream().mapToDouble(o -> (o.goodput() - mean) * (o.goodput() - mean)).sum();
    return Math.sqrt(squares / (n - 1) / n);
  }

  /// The mean share of what the path allows.
  public double share() {
    return goodput() / trial.capacity();
  }

  /// The mean of Jain's index of fairness.
  public double fairness() {
    return outcomes.stream().mapToDouble(Outcome::fairness).average().orElse(0);
  }

  /// The least of Jain's index of fairness.
  public double leastFairness() {
    return outcomes.stream().mapToDouble(Outcome::fairness).min().orElse(0);
  }

  /// The first outcome.
  public Outcome first() {
    return outcomes.getFirst();
  }

  /// The longest silence of a sender, in nanoseconds, that its timers do not explain; 0: none.
  public long longestUnexplained() {
    return outcomes.stream().mapToLong(Outcome::longestUnexplained).max().orElse(0);
  }

  /// The longest time, in nanoseconds, in which a reader got nothing.
  public long longestPause() {
    return outcomes.stream().mapToLong(Outcome::longestPause).max().orElse(0);
  }
}
