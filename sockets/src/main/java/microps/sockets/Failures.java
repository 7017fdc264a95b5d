package microps.sockets;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;

/// The exceptions that the JDK's own channels throw on Linux for the same errors.
final class Failures {
  private Failures() {}

  static IOException of(SocketFailure failure) {
    String text = String.valueOf(failure.getMessage());
    IOException e =
        switch (failure.error()) {
          case ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE, NO_PORTS_LEFT, PERMISSION_DENIED ->
              new BindException(text);
          case CONNECTION_REFUSED, CONNECTION_TIMED_OUT -> new ConnectException(text);
          case HOST_UNREACHABLE -> new NoRouteToHostException(text);
          case ALREADY_CONNECTED,
              BROKEN_PIPE,
              CONNECTION_ABORTED,
              CONNECTION_RESET,
              INVALID_ARGUMENT,
              MESSAGE_TOO_LONG,
              NETWORK_DOWN,
              NETWORK_UNREACHABLE,
              NOT_CONNECTED,
              PROTOCOL_UNREACHABLE ->
              new SocketException(text);
        };
    e.initCause(failure);
    return e;
  }

  /// As [#of], for an established connection: there a timeout is no failure to connect.
  static IOException ofStream(SocketFailure failure) {
    if (failure.error() == SocketError.CONNECTION_TIMED_OUT) {
      return new SocketException(failure.getMessage(), failure);
    }
    return of(failure);
  }

  /// As [#of], for a datagram: refused is what an ICMP message said of an earlier one.
  static IOException ofDatagram(SocketFailure failure) {
    if (failure.error() == SocketError.CONNECTION_REFUSED) {
      IOException e = new PortUnreachableException();
      e.initCause(failure);
      return e;
    }
    return of(failure);
  }
}
