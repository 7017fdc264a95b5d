package microps.core.basis;

/// Learns that a socket became ready: the third thing that comes out of a stack.
///
/// Called in the middle of the stack's work, perhaps often and needlessly: an implementation notes
/// the handle, and asks [SocketHandle#readiness()] when the stack's call has returned. It must not
/// call back into the stack.
@FunctionalInterface
public interface SocketEvents {

  /// Nobody waits.
  SocketEvents NONE = handle -> {};

  /// The readiness of this socket may have grown, or its state changed.
  void changed(SocketHandle handle);
}
