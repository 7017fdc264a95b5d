package microps.core.basis;

/// Where the stack tells what happens. Events are built only where someone listens:
///
/// ```java
/// if (trace.listens(Level.INFO)) {
///   trace.event(new TraceEvent.Note(Level.INFO, "ip", "route added ..."));
/// }
/// ```
///
/// Called synchronously in the middle of the stack's work: an implementation must not call back
/// into the stack.
public interface Trace {

  /// Nobody listens.
  Trace NONE =
      new Trace() {
        @Override
        public boolean listens(Level level) {
          return false;
        }

        @Override
        public void event(TraceEvent event) {}
      };

  /// How much an event matters, in falling order.
  enum Level {
    ERROR,
    WARNING,
    INFO,
    DEBUG;

    /// `E`, `W`, `I` or `D`.
    public char letter() {
      return name().charAt(0);
    }
  }

  /// Whether events of this level are wanted.
  boolean listens(Level level);

  /// Takes an event.
  void event(TraceEvent event);
}
