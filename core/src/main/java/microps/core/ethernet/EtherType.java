package microps.core.ethernet;

/// Types of the Ethernet II header (IEEE 802 numbers).
public final class EtherType {
  /// IPv4.
  public static final int IPV4 = 0x0800;

  /// ARP.
  public static final int ARP = 0x0806;

  /// IPv6.
  public static final int IPV6 = 0x86dd;

  private EtherType() {}
}
