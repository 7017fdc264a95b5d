package microps.core.tcp;

/// When connections use Explicit Congestion Notification (RFC 3168).
public enum EcnMode {
  /// Never.
  OFF,
  /// Where the peer asks for it.
  ACCEPT,
  /// It is asked for, too; where a SYN that asks is not answered, the next one does not ask.
  ON
}
