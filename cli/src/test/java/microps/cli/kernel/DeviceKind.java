package microps.cli.kernel;

import microps.linux.NetworkNamespace;

/// The devices through which a microps host and the kernel meet.
enum DeviceKind {
  /// Ethernet: what the kernel sends on the interface tap0 is read from its file.
  TAP("tap:tap0", "tap0", 65_521, true),

  /// The same without super-frames and partial checksums.
  PLAIN_TAP("tap:tap0", "tap0", 65_521, false),

  /// IP without a link layer.
  TUN("tun:tun0", "tun0", 65_535, true),

  /// The same without super-frames and partial checksums.
  PLAIN_TUN("tun:tun0", "tun0", 65_535, false),

  /// Ethernet over a raw socket on one end of a veth pair; the kernel's TCP uses the other end.
  PACKET("packet:veth1", "veth0", 65_535, true),

  /// The same, to which no super-frames are sent; some arrive.
  PLAIN_PACKET("packet:veth1", "veth0", 65_535, false);

  /// The device as a host names it.
  final String spec;

  /// The kernel's interface at the other side.
  final String kernelInterface;

  final int largestMtu;

  /// Whether offloads are used.
  final boolean offloads;

  DeviceKind(String spec, String kernelInterface, int largestMtu, boolean offloads) {
    this.offloads = offloads;
    this.spec = spec;
    this.kernelInterface = kernelInterface;
    this.largestMtu = largestMtu;
  }

  /// The host's own interface as it names it.
  String device() {
    return spec.substring(spec.indexOf(':') + 1);
  }

  /// Makes what must be there before the host opens its device.
  void prepare(NetworkNamespace namespace, String kernelAddress, int mtu) throws Exception {
    switch (this) {
      case TAP, PLAIN_TAP, TUN, PLAIN_TUN -> {} // made by opening them
      case PACKET, PLAIN_PACKET -> {
        String size = Integer.toString(mtu);
        namespace.execute(
            "ip", "link", "add", "veth0", "mtu", size, "type", "veth", "peer", "name", "veth1",
            "mtu", size);
        namespace.execute("ip", "address", "add", kernelAddress + "/24", "dev", "veth0");
        namespace.execute("ip", "link", "set", "veth0", "up");
        namespace.execute("ip", "link", "set", "veth1", "up");
        // Up to a second passes until the kernel has noticed that both ends are up; it loses frames
        // until then.
        for (String end : new String[] {"veth0", "veth1"}) {
          KernelTest.until(
              end + " is up",
              () -> namespace.execute("ip", "link", "show", end).contains("state UP"));
        }
      }
    }
  }
}
