package microps.bench.speed;

import microps.bench.peer.Mark;

/// What was measured once.
///
/// @param value the figure, in the trial's unit
/// @param cpu nanoseconds of processor, user and system, of the measured process, for each byte or
///   operation; NaN where it was not measured
/// @param allocated bytes of heap for each byte or operation; NaN where it was not measured
record Sample(double value, double cpu, double allocated) {

  /// One of which nothing else is known.
  static Sample of(double value) {
    return new Sample(value, Double.NaN, Double.NaN);
  }

  /// From what the measured process did.
  ///
  /// @param work in bytes or operations
  static Sample of(double value, double work, Mark measured) {
    return work <= 0
        ? of(value)
        : new Sample(value, measured.cpu() / work, measured.allocated() / work);
  }
}
