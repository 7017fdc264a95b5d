package microps.cli;

/// A run that cannot go on: its message is the one line that the user gets, and says what to do.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  Failure(String message) {
    super(message);
  }
}
