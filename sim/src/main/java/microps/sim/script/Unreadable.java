package microps.sim.script;

/// A script holds something that this player does not understand.
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  Unreadable(int line, String message) {
    super(message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
