package microps.sockets;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// How a [TcpChannel] comes to its peer. All is done with the driver's lock held, but the questions
/// at the end.
final class TcpConnect {

  /// How far it is.
  enum Phase {
    UNCONNECTED,
    PENDING,
    CONNECTED,
    CLOSED
  }

  private final Driver driver;
  private final TcpSocket tcp;
  private final Attempts attempts;
  private volatile Phase phase;

  TcpConnect(Driver driver, TcpSocket tcp, Attempts attempts, Phase phase) {
    this.driver = driver;
    this.tcp = tcp;
    this.attempts = attempts;
    this.phase = phase;
  }

  void bind(Endpoint local) throws SocketFailure {
    if (phase == Phase.PENDING) {
      throw new ConnectionPendingException();
    }
    if (tcp.local() != null) {
      throw new AlreadyBoundException();
    }
    tcp.bind(local);
  }

  /// Connects, or goes on with it.
  ///
  /// @param remote the peer; null: the one to which it is being connected
  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @return whether it is connected; not where it must not wait, or was closed meanwhile
  /// @throws SocketTimeoutException where it is not connected in that time
  boolean establish(@Nullable Endpoint remote, boolean blocking, long timeout) throws IOException {
    if (remote == null) {
      requirePending();
    } else {
      requireUnconnected();
      tcp.connect(remote, driver.now());
      phase = Phase.PENDING;
    }
    long deadline = attempts.deadline(timeout);
    return attempts.until(
            attempts.watcher.writable, blocking, deadline, "Connect timed out", this::established)
        != null;
  }

  private @Nullable Phase established() throws SocketFailure {
    if (tcp.isConnected()) {
      phase = Phase.CONNECTED;
      return phase;
    }
    if (!tcp.isConnecting()) {
      SocketError error = tcp.error();
      throw new SocketFailure(error == null ? SocketError.CONNECTION_ABORTED : error);
    }
    return null;
  }

  private void requireUnconnected() {
    switch (phase) {
      case CONNECTED -> throw new AlreadyConnectedException();
      case PENDING -> throw new ConnectionPendingException();
      case UNCONNECTED, CLOSED -> {}
    }
  }

  private void requirePending() {
    if (phase != Phase.PENDING) {
      throw new NoConnectionPendingException();
    }
  }

  /// The channel is closed.
  void close() {
    phase = Phase.CLOSED;
  }

  void requireConnected() {
    if (phase == Phase.UNCONNECTED || phase == Phase.PENDING) {
      throw new NotYetConnectedException();
    }
  }

  Phase phase() {
    return phase;
  }
}
