package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import org.jspecify.annotations.Nullable;

/// A TCP connection as its user holds it (RFC 9293, section 3.9.1): non-blocking.
public final class TcpSocket extends SocketHandle {

  TcpSocket() {}

  /// What can be set on it.
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

  /// Begins the active OPEN; the socket becomes writable when the connection is established, and
  /// fails otherwise.
  ///
  /// @throws SocketFailure at once where there is no route, no free port, the remote is a broadcast
  ///   or multicast address (MUST-46), or the connection exists already
  public void connect(Endpoint remote, long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Whether an OPEN is under way.
  public boolean isConnecting() {
    throw new UnsupportedOperationException();
  }

  /// Whether it was established; stays true after that.
  public boolean isConnected() {
    throw new UnsupportedOperationException();
  }

  /// Reads what has arrived in order.
  ///
  /// @return the bytes put into the buffer; 0: nothing now; -1: the peer has closed, or our side
  ///   was shut down for input
  /// @throws SocketFailure `CONNECTION_RESET`, `CONNECTION_TIMED_OUT`, ... when what arrived before
  ///   it has been read; `CONNECTION_REFUSED` after a failed OPEN; `NOT_CONNECTED`
  public int read(ByteBuffer target, long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Writes as much as there is buffer for.
  ///
  /// @return the bytes taken; 0: no room now
  /// @throws SocketFailure the connection's error, once; then, and after `shutdownOutput`,
  ///   `BROKEN_PIPE`; `NOT_CONNECTED`
  public int write(ByteBuffer source, long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// How many bytes can be read without waiting.
  public int available() {
    throw new UnsupportedOperationException();
  }

  /// Sends a FIN after what was written (half-close). Nothing happens the second time.
  ///
  /// @throws SocketFailure `NOT_CONNECTED`
  public void shutdownOutput(long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Reads give -1 from here on; what arrives is acknowledged and thrown away, as Linux does.
  ///
  /// @throws SocketFailure `NOT_CONNECTED`
  public void shutdownInput(long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Closes: FIN after what was written; RST where data was left unread (RFC 2525, section 2.17) or
  /// `linger` is 0. The connection goes on without its user. Idempotent.
  public void close(long now) {
    throw new UnsupportedOperationException();
  }

  /// ABORT: RST, and everything is forgotten. Idempotent.
  public void abort(long now) {
    throw new UnsupportedOperationException();
  }

  /// Whether, after [#close], all data and the FIN are acknowledged, or the connection is gone:
  /// what a lingering close waits for.
  public boolean isDrained() {
    throw new UnsupportedOperationException();
  }

  /// The local endpoint; null before bind and connect.
  public @Nullable Endpoint local() {
    throw new UnsupportedOperationException();
  }

  /// The remote endpoint; null before connect.
  public @Nullable Endpoint remote() {
    throw new UnsupportedOperationException();
  }

  /// The state of the connection.
  public TcpState state() {
    throw new UnsupportedOperationException();
  }

  /// The numbers of the connection.
  public TcpStatus status() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int readiness() {
    throw new UnsupportedOperationException();
  }
}
