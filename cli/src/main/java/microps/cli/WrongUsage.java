package microps.cli;

/// A command line whose parts do not fit together: its message is the one line that the user gets.
final class WrongUsage extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongUsage(String message) {
    super(message);
  }
}
