package microps.core.device;

import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import org.jspecify.annotations.Nullable;

/// How a device is opened.
///
/// @param mac our address on an Ethernet; null: one that the provider chooses
/// @param mtu the MTU to use; 0: the device's own
/// @param peerAddress the address that the kernel's side is given where the device must be created;
///   null: it is not created
/// @param promiscuous whether a packet socket asks for frames to every MAC address
/// @param ring whether a packet socket receives in memory that it shares with the kernel, where it
///   can
/// @param offloads whether super-frames and partial checksums are used where the device has them
public record DeviceOptions(
    @Nullable MacAddress mac,
    int mtu,
    @Nullable Cidr peerAddress,
    boolean promiscuous,
    boolean offloads,
    boolean ring) {

  /// Whether a ring is used where nobody says.
  public static final boolean RING = true;

  /// Nothing asked for.
  public static final DeviceOptions DEFAULT = new DeviceOptions(null, 0, null, false, true, RING);

  /// The same with or without a ring.
  public DeviceOptions withRing(boolean on) {
    return new DeviceOptions(mac, mtu, peerAddress, promiscuous, offloads, on);
  }

  /// Without a word on the ring.
  public DeviceOptions(
      @Nullable MacAddress mac,
      int mtu,
      @Nullable Cidr peerAddress,
      boolean promiscuous,
      boolean offloads) {
    this(mac, mtu, peerAddress, promiscuous, offloads, RING);
  }
}
