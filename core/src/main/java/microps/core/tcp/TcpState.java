package microps.core.tcp;

/// The states of a connection (RFC 9293, section 3.3.2).
public enum TcpState {
  CLOSED,
  LISTEN,
  SYN_SENT,
  SYN_RECEIVED,
  ESTABLISHED,
  FIN_WAIT_1,
  FIN_WAIT_2,
  CLOSE_WAIT,
  CLOSING,
  LAST_ACK,
  TIME_WAIT;

  /// The name as RFC 9293 writes it: `FIN-WAIT-1`.
  public String label() {
    return name().replace('_', '-');
  }

  /// Whether SYNs were exchanged (RFC 9293, section 3.3.2: "synchronized").
  boolean isSynchronized() {
    return switch (this) {
      case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED -> false;
    };
  }

  /// Whether text and FIN may still arrive.
  boolean mayReceiveText() {
    return switch (this) {
      case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> true;
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
          false;
    };
  }
}
