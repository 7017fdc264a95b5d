package microps.core.ip;

/// The knobs of ARP, IP and ICMP. (More are added here as the layers need them, with their
/// defaults.)
///
/// @param forwarding whether datagrams for others are forwarded between interfaces
/// @param answerEcho whether echo requests are answered
public record IpConfig(boolean forwarding, boolean answerEcho) {

  /// A host: no forwarding.
  public static final IpConfig DEFAULT = new IpConfig(false, true);
}
