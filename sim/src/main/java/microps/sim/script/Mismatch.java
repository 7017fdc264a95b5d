package microps.sim.script;

/// What was seen is not what a line expects.
final class Mismatch extends RuntimeException {
  private static final long serialVersionUID = 1;

  Mismatch(String message) {
    super(message);
  }
}
