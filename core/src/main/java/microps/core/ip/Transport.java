package microps.core.ip;

/// A layer above IP, as IP sees it.
public interface Transport {

  /// A datagram for us has arrived.
  void receive(Datagram datagram, long now);

  /// Whether a datagram of ours can have caused this error: what it quotes belongs to a connection
  /// or socket, and is under way (RFC 5927). Asked before a router is believed that the path MTU is
  /// smaller; [IcmpError#mtu] is what it said.
  default boolean isPlausible(IcmpError error) {
    return true;
  }

  /// An error about a datagram of ours has arrived; perhaps an implausible one, whose drop is named
  /// here.
  void error(IcmpError error, long now);
}
