package microps.core.basis;

import org.jspecify.annotations.Nullable;

/// A non-blocking socket of any protocol, as the user of a stack holds it. All its methods are
/// called from where the stack is called: one thread at a time.
public abstract class SocketHandle {

  /// Bit of [#readiness()]: a read, receive or accept would not return "nothing now": it has data,
  /// the end of the stream, or an error.
  public static final int READABLE = 1;

  /// Bit of [#readiness()]: a write or send would take at least a byte, or fail.
  public static final int WRITABLE = 2;

  /// Bit of [#readiness()]: an error waits, or the connection is over.
  public static final int FAILED = 4;

  private @Nullable Object attachment;

  /// What can be done without waiting.
  public abstract int readiness();

  /// What the user tied to this socket, or null.
  public final @Nullable Object attachment() {
    return attachment;
  }

  /// Ties an object to this socket, so that [SocketEvents] leads back to its owner.
  public final void attach(@Nullable Object object) {
    attachment = object;
  }
}
