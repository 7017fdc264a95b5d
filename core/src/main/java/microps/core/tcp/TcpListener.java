package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import org.jspecify.annotations.Nullable;

/// A passive OPEN: a port with a SYN queue and an accept queue. Readable when `accept` would give a
/// connection.
public final class TcpListener extends SocketHandle {

  TcpListener() {}

  /// What can be set on it, and is inherited by what it accepts.
  public TcpSettings settings() {
    throw new UnsupportedOperationException();
  }

  /// Chooses the local address (unspecified: any) and port (0: a free one).
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`, `INVALID_ARGUMENT` where it
  ///   is bound already
  public void bind(Endpoint local) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Begins to listen; binds to a free port first where it is not bound.
  ///
  /// @param backlog how many established connections may wait for `accept`; less than 1: 128
  /// @throws SocketFailure `ADDRESS_IN_USE` (MUST-41)
  public void listen(int backlog) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Takes the next established connection, or null where none waits.
  public @Nullable TcpSocket accept() {
    throw new UnsupportedOperationException();
  }

  /// Stops to listen; connections that nobody accepted are reset. Idempotent.
  public void close(long now) {
    throw new UnsupportedOperationException();
  }

  /// The local endpoint; null before bind.
  public @Nullable Endpoint local() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int readiness() {
    throw new UnsupportedOperationException();
  }
}
