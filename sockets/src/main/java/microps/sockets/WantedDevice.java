package microps.sockets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import microps.core.device.DeviceProvider;
import org.jspecify.annotations.Nullable;

/// A device as asked for; one of `spec` and `given` is null.
final class WantedDevice {
  final @Nullable String spec;
  final @Nullable Device given;
  final List<Cidr> addresses = new ArrayList<>();
  @Nullable MacAddress mac;
  int mtu;
  @Nullable Cidr peerAddress;
  boolean promiscuous;
  boolean offloads = true;
  boolean coalescing = true;
  boolean ring = DeviceOptions.RING;

  WantedDevice(@Nullable String spec, @Nullable Device given) {
    this.spec = spec;
    this.given = given;
  }

  String scheme() {
    return spec == null ? "" : spec.split(":", 2)[0];
  }

  boolean isLoopback() {
    return scheme().equals("loopback");
  }

  /// Whether what arrives on it is put together: asked for, and not done by the device itself.
  boolean coalesces(Device opened) {
    return coalescing && opened.info().offloads().maxSegmentationBytes() == 0;
  }

  /// Opens it.
  ///
  /// @param peer the address of the kernel's side where it is created
  /// @param count how many queues are wanted; there may be fewer
  List<Device> openQueues(@Nullable Cidr peer, int count) throws IOException {
    String named = String.valueOf(spec);
    String scheme = scheme();
    String name = named.contains(":") ? named.substring(scheme.length() + 1) : scheme + "0";
    if (scheme.equals("null")) {
      return List.of(new IdleDevice(name));
    }
    DeviceOptions options = new DeviceOptions(mac, mtu, peer, promiscuous, offloads, ring);
    for (DeviceProvider provider : ServiceLoader.load(DeviceProvider.class)) {
      if (provider.supports(scheme)) {
        return count == 1
            ? List.of(provider.open(scheme, name, options))
            : provider.openQueues(scheme, name, options, count);
      }
    }
    throw new IOException(
        "no device of the kind '"
            + scheme
            + "' here; tap, tun and packet need the module microps.linux, null and loopback"
            + " nothing");
  }
}
