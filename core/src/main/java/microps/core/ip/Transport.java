package microps.core.ip;

/// A layer above IP, as IP sees it.
public interface Transport {

  /// A datagram for us has arrived.
  void receive(Datagram datagram, long now);

  /// An error about a datagram of ours has arrived.
  void error(IcmpError error, long now);
}
