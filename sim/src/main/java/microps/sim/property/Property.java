package microps.sim.property;

/// Something that must hold whatever is chosen.
@FunctionalInterface
public interface Property {
  /// Chooses, does, and looks.
  ///
  /// @throws Throwable where it does not hold
  void check(Choices choices) throws Throwable;
}
