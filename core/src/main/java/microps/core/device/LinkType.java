package microps.core.device;

/// What a device's frames begin with.
public enum LinkType {
  /// An Ethernet II header; neighbours are found by ARP.
  ETHERNET(14),
  /// An IP header: TUN, point to point.
  IP(0),
  /// An IP header; what is sent arrives on the same device.
  LOOPBACK(0),
  /// An IP header; what is sent is gone.
  NULL(0);

  private final int headerLength;

  LinkType(int headerLength) {
    this.headerLength = headerLength;
  }

  /// The bytes in front of the IP header.
  public int headerLength() {
    return headerLength;
  }
}
