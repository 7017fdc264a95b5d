package microps.sockets;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/// Where in the source of the stack an event was told, for those who write logs.
public final class EventPlace {
  private static final String PROGRAM = "microps.core.";
  private static final String DRIVER = "microps.sockets.Driver";
  private static final String PLUMBING = "microps.core.basis.";
  private static final String ENVIRONMENT = "microps.core.device.Environment";

  /// Methods that only put an event together for those who call them.
  private static final Set<String> TELLERS = Set.of("note", "drop", "changed", "enter", "log");

  private static final StackWalker WALKER = StackWalker.getInstance();

  private EventPlace() {}

  /// The innermost place of the stack's own code that is on the calling thread's stack, with the
  /// methods left out that only pass events on: ` (SegmentArrives.java:163)`; empty where there is
  /// none. To be called by `Trace#event`.
  public static String text() {
    return WALKER.walk(frames ->
        frames
            .filter(EventPlace::isPlace)
            .findFirst()
            .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
            .orElse(""));
  }

  private static boolean isPlace(StackFrame frame) {
    String name = frame.getClassName();
    return (name.startsWith(PROGRAM) || name.startsWith(DRIVER))
        && !name.startsWith(PLUMBING)
        && !name.startsWith(ENVIRONMENT)
        && !TELLERS.contains(frame.getMethodName());
  }
}
