package microps.core.basis;

/// Why a call on a socket failed, with the name that the field gives it.
public enum SocketError {
  ADDRESS_IN_USE("EADDRINUSE", "Address already in use"),
  ADDRESS_NOT_AVAILABLE("EADDRNOTAVAIL", "Cannot assign requested address"),
  ALREADY_CONNECTED("EISCONN", "Transport endpoint is already connected"),
  BROKEN_PIPE("EPIPE", "Broken pipe"),
  CONNECTION_ABORTED("ECONNABORTED", "Software caused connection abort"),
  CONNECTION_REFUSED("ECONNREFUSED", "Connection refused"),
  CONNECTION_RESET("ECONNRESET", "Connection reset"),
  CONNECTION_TIMED_OUT("ETIMEDOUT", "Connection timed out"),
  HOST_UNREACHABLE("EHOSTUNREACH", "No route to host"),
  INVALID_ARGUMENT("EINVAL", "Invalid argument"),
  MESSAGE_TOO_LONG("EMSGSIZE", "Message too long"),
  NETWORK_DOWN("ENETDOWN", "Network is down"),
  NETWORK_UNREACHABLE("ENETUNREACH", "Network is unreachable"),
  NOT_CONNECTED("ENOTCONN", "Transport endpoint is not connected"),
  NO_PORTS_LEFT("EADDRNOTAVAIL", "No ephemeral port left"),
  PERMISSION_DENIED("EACCES", "Permission denied: set SO_BROADCAST to send to a broadcast address"),
  PROTOCOL_UNREACHABLE("ENOPROTOOPT", "Protocol not available");

  private final String errno;
  private final String text;

  SocketError(String errno, String text) {
    this.errno = errno;
    this.text = text;
  }

  /// The name of POSIX: `ECONNREFUSED`.
  public String errno() {
    return errno;
  }

  /// A few words for a person, those that the JDK's own sockets use on Linux.
  public String text() {
    return text;
  }
}
