package microps.core.ip;

/// The knobs of ARP, IP and ICMP.
///
/// @param forwarding whether datagrams for others are forwarded between interfaces
/// @param answerEcho whether echo requests are answered
/// @param maxNeighbors entries of each interface's neighbour table
/// @param reassemblyBytes memory for fragments that wait for the others, in all; a quarter of it
///   for each source
/// @param icmpErrorsPerSecond how many ICMP errors are sent in the long run (RFC 1812, section
///   4.3.2.8)
/// @param icmpErrorBurst how many are sent at once
public record IpConfig(
    boolean forwarding,
    boolean answerEcho,
    int maxNeighbors,
    int reassemblyBytes,
    int icmpErrorsPerSecond,
    int icmpErrorBurst) {

  /// A host: no forwarding.
  public static final IpConfig DEFAULT = new IpConfig(false, true);

  /// The other knobs as they are by default.
  public IpConfig(boolean forwarding, boolean answerEcho) {
    this(forwarding, answerEcho, 1024, 4 << 20, 1000, 50);
  }
}
