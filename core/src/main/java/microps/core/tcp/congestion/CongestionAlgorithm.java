package microps.core.tcp.congestion;

import java.util.List;
import java.util.function.Supplier;

/// A congestion control algorithm by name. A user's own is one more of these: `new
/// CongestionAlgorithm("mine", Mine::new)`.
///
/// @param name as users write it, in small letters
/// @param maker makes the state of one connection
public record CongestionAlgorithm(String name, Supplier<? extends CongestionControl> maker) {
  /// RFC 5681
  public static final CongestionAlgorithm NEW_RENO =
      new CongestionAlgorithm("newreno", NewReno::new);

  /// What is built in; the first is the default.
  public static final List<CongestionAlgorithm> BUILT_IN = List.of(NEW_RENO);

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
