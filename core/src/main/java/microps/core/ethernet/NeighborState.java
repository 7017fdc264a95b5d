package microps.core.ethernet;

/// The states of RFC 4861, section 7.3.2, which serve ARP as well; and two more.
public enum NeighborState {
  /// Asked for, nobody has answered yet; packets wait.
  INCOMPLETE,
  /// Known to be there, a short while ago.
  REACHABLE,
  /// Not heard of for a while; nothing is done until a packet is sent.
  STALE,
  /// Used while stale: it has 5 s to give a sign of life by itself.
  DELAY,
  /// Asked again, at its known address.
  PROBE,
  /// Nobody answered; remembered for a moment, so that a flood of packets is not a flood of
  /// requests.
  FAILED,
  /// Set by hand: never expires, never changes.
  PERMANENT
}
