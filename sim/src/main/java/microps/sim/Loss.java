package microps.sim;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import microps.core.bytes.Packet;

/// Which frames a direction of a wire loses: an immutable description; each direction starts one of
/// its own.
@FunctionalInterface
public interface Loss {

  /// Decides about one frame after the other.
  @FunctionalInterface
  interface Decider {
    /// Whether to lose this frame.
    ///
    /// @param index its number in this direction, from 1
    boolean lose(Packet frame, long index);
  }

  /// Nothing is lost.
  Loss NONE = random -> (frame, index) -> false;

  /// Begins anew.
  Decider start(RandomGenerator random);

  /// Each frame with this probability, independently.
  static Loss random(double probability) {
    return random -> (frame, index) -> random.nextDouble() < probability;
  }

  /// The frames with these numbers, counted from 1 since this was set.
  static Loss nth(long... numbers) {
    long[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return random -> (frame, index) -> Arrays.binarySearch(sorted, index) >= 0;
  }

  /// The frames that a predicate chooses.
  static Loss when(Predicate<Packet> predicate) {
    return random -> (frame, index) -> predicate.test(frame);
  }

  /// Bursts (Gilbert-Elliott): two states, good and bad, each with its own loss.
  ///
  /// @param toBad the probability, at each frame, of going from good to bad
  /// @param toGood the probability, at each frame, of going from bad to good
  /// @param lossGood the loss in the good state
  /// @param lossBad the loss in the bad state
  static Loss bursts(double toBad, double toGood, double lossGood, double lossBad) {
    return random -> {
      boolean[] bad = {false};
      return (frame, index) -> {
        bad[0] = bad[0] ? random.nextDouble() >= toGood : random.nextDouble() < toBad;
        return random.nextDouble() < (bad[0] ? lossBad : lossGood);
      };
    };
  }
}
