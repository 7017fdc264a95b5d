package microps.sim;

import microps.core.basis.SocketHandle;

/// A program on a [SimHost]: a small state machine, attached to its sockets
/// ([SocketHandle#attach]), that never waits.
@FunctionalInterface
public interface SimApp {

  /// Something may have changed on a socket to which this is attached; perhaps nothing. It asks the
  /// socket, and acts. Called when the stack is at rest, so that it may use any socket.
  void ready(SimHost host, SocketHandle socket);
}
