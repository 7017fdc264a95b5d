package microps.bench;

import java.util.List;

/// Something that is measured of several contenders, the more of it the better. The first contender
/// is the reference of the others' ratios.
///
/// @param name the row's name
/// @param contenders who is measured, in turns
public record Figure(String name, List<Contender> contenders) {

  /// Who is measured, and how.
  ///
  /// @param name the name in the table
  /// @param run measures once
  public record Contender(String name, Run run) {}

  /// A measurement.
  @FunctionalInterface
  public interface Run {
    /// Measures once.
    ///
    /// @param round which time it is, from 0: contenders meet the same conditions in the same round
    /// @return the figure
    /// @throws Exception where it cannot be measured, with a message that says why
    double measure(int round) throws Exception;
  }

  /// @throws IllegalArgumentException where there is nothing to compare
  public Figure {
    if (contenders.size() < 2) {
      throw new IllegalArgumentException(name + " has nobody to be compared with");
    }
    contenders = List.copyOf(contenders);
  }
}
