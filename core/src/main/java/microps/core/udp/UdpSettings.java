package microps.core.udp;

/// What a user can set on one UDP socket; plain fields, each read when it is needed.
public final class UdpSettings {
  /// `SO_BROADCAST`: may send to broadcast addresses.
  public boolean broadcast;

  /// `SO_REUSEADDR`: may share its port with other sockets that set it too; a datagram then goes to
  /// the socket that bound last.
  public boolean reuseAddress;

  /// `SO_RCVBUF`: bytes of datagrams that wait to be received at most.
  public int receiveBuffer = 1 << 18;

  /// `SO_SNDBUF`, kept for its user; a datagram waits in the interface's queue.
  public int sendBuffer = 1 << 18;

  /// `IP_TOS`: the octet of DSCP and ECN.
  public int trafficClass;

  /// `IP_TTL`.
  public int hopLimit = 64;

  /// `IP_MULTICAST_TTL`.
  public int multicastHopLimit = 1;

  /// Whether datagrams may not be fragmented (`IP_DONTFRAGMENT`).
  public boolean dontFragment;
}
