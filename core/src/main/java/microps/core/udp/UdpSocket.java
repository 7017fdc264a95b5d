package microps.core.udp;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import org.jspecify.annotations.Nullable;

/// A UDP socket as its user holds it: non-blocking.
public final class UdpSocket extends SocketHandle {

  UdpSocket() {}

  /// What can be set on it.
  public UdpSettings settings() {
    throw new UnsupportedOperationException();
  }

  /// Chooses the local address (unspecified: any) and port (0: a free one).
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`, `INVALID_ARGUMENT` where it
  ///   is bound already
  public void bind(Endpoint local) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Fixes the peer: only its datagrams are received, and its ICMP errors are reported. Binds where
  /// needed.
  ///
  /// @throws SocketFailure where there is no route
  public void connect(Endpoint remote) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Takes the peer back.
  public void disconnect() {
    throw new UnsupportedOperationException();
  }

  /// Sends one datagram: everything that remains in the buffer. Binds where needed.
  ///
  /// @param remote null for the connected peer
  /// @return false: no room now, nothing was taken; ask again when writable
  /// @throws SocketFailure `MESSAGE_TOO_LONG` above 65,507 bytes, `NETWORK_UNREACHABLE`,
  ///   `PERMISSION_DENIED` to a broadcast address without the setting, `NOT_CONNECTED` without a
  ///   peer, or an error that ICMP reported about an earlier datagram of a connected socket
  public boolean send(ByteBuffer source, @Nullable Endpoint remote, long now) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Receives one datagram into a buffer; what does not fit is lost.
  ///
  /// @return who sent it, or null: none now
  /// @throws SocketFailure an error that ICMP reported to a connected socket
  public @Nullable Endpoint receive(ByteBuffer target) throws SocketFailure {
    throw new UnsupportedOperationException();
  }

  /// Closes it and forgets what was not received. Idempotent.
  public void close() {
    throw new UnsupportedOperationException();
  }

  /// The local endpoint; null before bind.
  public @Nullable Endpoint local() {
    throw new UnsupportedOperationException();
  }

  /// The connected peer, or null.
  public @Nullable Endpoint remote() {
    throw new UnsupportedOperationException();
  }

  /// Bytes of datagrams that wait to be received.
  public int queuedBytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int readiness() {
    throw new UnsupportedOperationException();
  }
}
