package microps.bench.speed;

/// A row of the table: what is taken of a trial, and what is wanted of it. Rows of the same trial
/// come from the same runs.
///
/// @param name by which it is chosen: `bulk-in`
/// @param title what it is, for a person
/// @param trial what is measured
/// @param quantity what is taken of it
/// @param target what is wanted
record SpeedFigure(String name, String title, Trial trial, Quantity quantity, Target target) {

  /// What is taken of a sample.
  enum Quantity {
    /// The value itself.
    VALUE,
    /// Seconds of processor for each GB.
    CPU,
    /// Megabytes of garbage for each GB.
    GARBAGE;

    double of(Sample sample) {
      return switch (this) {
        case VALUE -> sample.value();
        case CPU -> sample.cpu(); // ns a byte are s a GB
        case GARBAGE -> sample.allocated() * 1000;
      };
    }
  }

  String unit() {
    return switch (quantity) {
      case VALUE -> trial.unit();
      case CPU -> "s/GB";
      case GARBAGE -> "MB/GB";
    };
  }
}
