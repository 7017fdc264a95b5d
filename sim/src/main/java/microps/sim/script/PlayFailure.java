package microps.sim.script;

/// A line of a script does not come true.
final class PlayFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  PlayFailure(int line, String message) {
    super(message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
