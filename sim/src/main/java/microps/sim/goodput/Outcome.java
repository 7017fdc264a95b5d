package microps.sim.goodput;

import java.util.List;
import microps.sim.QueueStats;

/// What came of a [Trial].
///
/// @param trial which
/// @param goodputs of each connection, in bytes of text a second that the receiving program has
///   read
/// @param complete whether all was received in time
/// @param duration of what was measured, in nanoseconds
/// @param retransmits segments sent again, of all connections
/// @param queue what the queue in front of the path did with what was sent
/// @param longestPause how long the receiving program of the first connection got nothing, in
///   nanoseconds
/// @param longestUnexplained by how many nanoseconds the sender of the first connection was silent
///   for longer than its timers explain; 0: never
public record Outcome(
    Trial trial,
    List<Double> goodputs,
    boolean complete,
    long duration,
    long retransmits,
    QueueStats queue,
    long longestPause,
    long longestUnexplained) {

  /// Of all connections together, in bytes a second.
  public double goodput() {
    return goodputs.stream().mapToDouble(g -> g).sum();
  }

  /// How much of what the path allows that is; 1: all.
  public double share() {
    return goodput() / trial.capacity();
  }

  /// Jain's index of fairness: 1 where all connections got the same, 1/n where one got all.
  public double fairness() {
    double sum = goodput();
    double squares = goodputs.stream().mapToDouble(g -> g * g).sum();
    return squares == 0 ? 0 : sum * sum / (goodputs.size() * squares);
  }
}
