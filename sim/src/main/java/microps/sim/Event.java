package microps.sim;

/// Something that will happen at a moment of virtual time; subclassed by what waits for it. It can
/// be moved and cancelled, and fires once for each time it is set.
abstract class Event {
  /// The moment of what is not going to happen.
  static final long NEVER = Long.MAX_VALUE;

  long time = NEVER;
  long order;
  int place = -1;

  /// When it happens, or [#NEVER].
  final long time() {
    return time;
  }

  /// It happens. The event is idle by now and may be set anew.
  abstract void fire(long now);
}
