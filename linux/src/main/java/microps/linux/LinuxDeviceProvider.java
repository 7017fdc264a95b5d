package microps.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import microps.core.address.MacAddress;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;
import microps.core.device.DeviceProvider;

/// Opens `tap:NAME`, `tun:NAME` and `packet:INTERFACE`.
///
/// A TAP or TUN that does not exist is created, where there is an address for the kernel's side of
/// it and the process may (`CAP_NET_ADMIN`); it is set up, and lives until it is closed. One that
/// exists keeps its addresses; it is set up where it is down and the process may. A packet socket
/// takes its interface as it is. A larger MTU than the interface has is given to it where the
/// process may.
///
/// A TAP takes an MTU of 68 to 65,521 bytes, a TUN to 65,535.
///
/// Interfaces are those of the network namespace of the calling thread; see [NetworkNamespace].
/// Call the devices' `receive` on platform threads: a wait in the kernel pins a virtual thread to
/// its carrier.
public final class LinuxDeviceProvider implements DeviceProvider {

  /// The last group of packet sockets; groups of other processes begin elsewhere.
  private static final AtomicInteger FANOUT =
      new AtomicInteger((int) ProcessHandle.current().pid() * 31);

  /// Found by `ServiceLoader`; nothing is linked before a device is opened.
  public LinuxDeviceProvider() {}

  @Override
  public boolean supports(String scheme) {
    return switch (scheme) {
      case "tap", "tun", "packet" -> true;
      default -> false;
    };
  }

  @Override
  public Device open(String scheme, String name, DeviceOptions options) throws IOException {
    check(scheme, name, options);
    return switch (scheme) {
      case "tap" -> TunTapDevice.open(TunTapDevice.Mode.TAP, name, options);
      case "tun" -> TunTapDevice.open(TunTapDevice.Mode.TUN, name, options);
      case "packet" -> PacketSocketDevice.open(name, options, false);
      default -> throw new IllegalArgumentException("no such scheme: " + scheme);
    };
  }

  private static void check(String scheme, String name, DeviceOptions options) throws IOException {
    String system = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "");
    if (!system.toLowerCase(Locale.ROOT).equals("linux")
        || !Libc.SUPPORTED.contains(architecture)) {
      throw Advice.notLinux(scheme, name, system, architecture);
    }
    if (!isName(name)) {
      throw Advice.badName(name);
    }
    int mtu = options.mtu();
    if (mtu != 0 && (mtu < DeviceInfo.MIN_MTU || mtu > DeviceInfo.MAX_MTU)) {
      throw Advice.mtuRange(mtu);
    }
    MacAddress mac = options.mac();
    if (mac != null && (mac.isMulticast() || mac.equals(MacAddress.ZERO))) {
      throw Advice.badMac(mac.toString());
    }
  }

  @Override
  public List<Device> openQueues(String scheme, String name, DeviceOptions options, int queues)
      throws IOException {
    if (queues == 1) {
      return List.of(open(scheme, name, options));
    }
    List<Device> opened = new ArrayList<>();
    try {
      if (scheme.equals("packet")) {
        fanOut(name, options, queues, opened);
      } else {
        attach(scheme, name, options, queues, opened);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.forEach(Device::close);
      throw e;
    }
  }

  private void attach(
      String scheme, String name, DeviceOptions options, int queues, List<Device> opened)
      throws IOException {
    check(scheme, name, options);
    TunTapDevice.Mode mode = scheme.equals("tap") ? TunTapDevice.Mode.TAP : TunTapDevice.Mode.TUN;
    while (opened.size() < queues) {
      try {
        opened.add(TunTapDevice.open(mode, name, options, true));
      } catch (IOException e) {
        if (opened.isEmpty()) {
          opened.add(TunTapDevice.open(mode, name, options)); // one that exists, with one queue
        }
        return;
      }
    }
  }

  private void fanOut(String name, DeviceOptions options, int queues, List<Device> opened)
      throws IOException {
    check("packet", name, options);
    int group = FANOUT.incrementAndGet() & 0xffff;
    PacketSocketDevice first = PacketSocketDevice.open(name, options, false);
    opened.add(first);
    if (!first.joinFanout(group)) {
      return;
    }
    while (opened.size() < queues) {
      PacketSocketDevice next = PacketSocketDevice.open(name, options, false);
      if (!next.joinFanout(group)) {
        next.close(); // it would get every frame once more
        return;
      }
      opened.add(next);
    }
  }

  /// What the kernel takes for the name of an interface, but not `%`, which it fills in.
  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= KernelInterface.MAX_NAME
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "/:%".indexOf(c) < 0);
  }
}
