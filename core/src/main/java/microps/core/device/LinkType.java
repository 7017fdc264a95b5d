package microps.core.device;

/// What a device's frames begin with.
public enum LinkType {
  /// An Ethernet II header; neighbours are found by ARP.
  ETHERNET,
  /// An IP header: TUN, point to point.
  IP,
  /// An IP header; what is sent arrives on the same device.
  LOOPBACK,
  /// An IP header; what is sent is gone.
  NULL
}
