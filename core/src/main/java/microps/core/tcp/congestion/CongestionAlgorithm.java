package microps.core.tcp.congestion;

import java.util.List;
import java.util.random.RandomGenerator;

/// A congestion control algorithm by name. A user's own is one more of these: `new
/// CongestionAlgorithm("mine", random -> new Mine())`.
///
/// @param name as users write it, in small letters
/// @param maker makes the state of one connection
public record CongestionAlgorithm(String name, Maker maker) {

  /// Makes the state of one connection.
  public interface Maker {

    /// @param random the only source of randomness that keeps runs repeatable
    CongestionControl make(RandomGenerator random);
  }

  /// RFC 9438
  public static final CongestionAlgorithm CUBIC =
      new CongestionAlgorithm("cubic", random -> new Cubic());

  /// RFC 5681
  public static final CongestionAlgorithm NEW_RENO =
      new CongestionAlgorithm("newreno", random -> new NewReno());

  /// draft-ietf-ccwg-bbr
  public static final CongestionAlgorithm BBR = new CongestionAlgorithm("bbr", Bbr::new);

  /// What is built in; the first is the default.
  public static final List<CongestionAlgorithm> BUILT_IN = List.of(CUBIC, NEW_RENO, BBR);

  /// The algorithm of this name.
  ///
  /// @throws IllegalArgumentException where none that is built in has it
  public static CongestionAlgorithm named(String name) {
    for (CongestionAlgorithm algorithm : BUILT_IN) {
      if (algorithm.name.equals(name)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException(
        "no congestion control algorithm '"
            + name
            + "'; there are: "
            + String.join(", ", BUILT_IN.stream().map(CongestionAlgorithm::name).toList()));
  }

  @Override
  public String toString() {
    return name;
  }
}
