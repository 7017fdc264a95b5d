package microps.core.device;

import microps.core.address.MacAddress;
import org.jspecify.annotations.Nullable;

/// What a device is and can do.
///
/// @param name as logs and captures show it, such as `tap0`
/// @param link what its frames begin with
/// @param mac our address on an Ethernet; null on other links
/// @param mtu the largest IP datagram, 68 (RFC 791) to 65,535 bytes
/// @param offloads what it takes over
public record DeviceInfo(
    String name, LinkType link, @Nullable MacAddress mac, int mtu, Offloads offloads) {

  /// The smallest MTU of IPv4 (RFC 791, section 3.2).
  public static final int MIN_MTU = 68;

  /// The largest IP datagram.
  public static final int MAX_MTU = 65_535;

  /// @throws IllegalArgumentException where the MTU is out of range, or an Ethernet lacks a unicast
  ///   MAC address
  public DeviceInfo {
    if (mtu < MIN_MTU || mtu > MAX_MTU) {
      throw new IllegalArgumentException(
          "an MTU is " + MIN_MTU + " to " + MAX_MTU + " bytes, not " + mtu);
    }
    if (link == LinkType.ETHERNET && (mac == null || mac.isMulticast())) {
      throw new IllegalArgumentException(
          "an Ethernet device needs a unicast MAC address, not " + mac);
    }
  }

  /// An Ethernet without offloads.
  public static DeviceInfo ethernet(String name, MacAddress mac, int mtu) {
    return new DeviceInfo(name, LinkType.ETHERNET, mac, mtu, Offloads.NONE);
  }

  /// A point-to-point IP link without offloads.
  public static DeviceInfo ip(String name, int mtu) {
    return new DeviceInfo(name, LinkType.IP, null, mtu, Offloads.NONE);
  }

  /// The longest datagram that it is given: a super-segment may be longer than the MTU.
  public int longestDatagram() {
    return Math.max(mtu, offloads.maxSegmentationBytes());
  }

  /// The same with offloads.
  public DeviceInfo with(Offloads other) {
    return new DeviceInfo(name, link, mac, mtu, other);
  }

  /// The loopback device. What does not leave the machine needs no checksum.
  public static DeviceInfo loopback() {
    return new DeviceInfo("lo", LinkType.LOOPBACK, null, MAX_MTU, Offloads.FULL);
  }

  /// A device that swallows what is sent.
  public static DeviceInfo nothing(String name) {
    return new DeviceInfo(name, LinkType.NULL, null, MAX_MTU, Offloads.NONE);
  }
}
