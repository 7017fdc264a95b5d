package microps.sim.script;

/// A script holds something that this player does not understand, or that the stack does not have.
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;
  private final boolean known;

  Unreadable(int line, String message) {
    this(line, message, false);
  }

  private Unreadable(int line, String message, boolean known) {
    super(message);
    this.line = line;
    this.known = known;
  }

  /// What is understood, but not there to be tested.
  static Unreadable unsupported(int line, String message) {
    return new Unreadable(line, message, true);
  }

  int line() {
    return line;
  }

  /// Whether it is understood.
  boolean isKnown() {
    return known;
  }
}
