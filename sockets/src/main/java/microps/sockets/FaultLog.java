package microps.sockets;

/// Faults of the stack, as far as there is use in logging them. Called with the driver's lock held.
final class FaultLog {
  /// How many are logged: a fault that a frame finds, the next frame finds again.
  static final int LIMIT = 10;

  private final System.Logger logger;
  private int count;

  FaultLog(System.Logger logger) {
    this.logger = logger;
  }

  /// @param where what the stack was at
  void add(String where, Throwable cause) {
    if (count < LIMIT) {
      count++;
      String last = count == LIMIT ? "; further ones are not logged" : "";
      logger.log(System.Logger.Level.ERROR, "fault in the stack: " + where + last, cause);
    }
  }
}
