package microps.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import microps.cli.Convert.DeviceName;
import microps.cli.Convert.Gateway;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.Trace.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that all commands on a real device share: devices and their addresses, what is
/// shown, what is captured.
///
/// Options that belong to a device stand behind it: `--device tap:tap0 --address 192.0.2.2/24
/// --device tap:tap1 --address 198.51.100.2/24`. What stands before the first `--device` is the
/// first device's.
final class HostOptions {
  static final DeviceName DEVICE = new DeviceName("tap", "tap0");
  static final MacAddress MAC = MacAddress.parse("00:00:5e:00:53:01");
  static final Cidr ADDRESS = Cidr.parse("192.0.2.2/24");

  private final List<DeviceSpec> devices = new ArrayList<>(List.of(new DeviceSpec()));

  /// One device, as it stands on the command line.
  static final class DeviceSpec {
    @Nullable DeviceName name;
    final List<Cidr> addresses = new ArrayList<>();
    @Nullable MacAddress mac;
    int mtu;
    boolean promiscuous;
    boolean offloads = true;
    boolean coalescing = true;
    boolean ring = true;

    DeviceName name() {
      return name == null ? DEVICE : name;
    }
  }

  @Option(
      names = {"-d", "--device"},
      paramLabel = "DEVICE",
      converter = Convert.ToDevice.class,
      order = 1,
      description = {
        "tap:NAME, tun:NAME or packet:INTERFACE; tap:tap0 unless given.",
        "A TAP or TUN that is not there is created, where that is allowed.",
        "Several may be given, each with --address, --mac, --mtu, --promiscuous, --no-offload, --no-coalesce,"
            + " --no-ring behind it."
      })
  void device(DeviceName name) {
    if (devices.getLast().name != null) {
      devices.add(new DeviceSpec());
    }
    devices.getLast().name = name;
  }

  @Option(
      names = "--address",
      paramLabel = "ADDRESS/PREFIX",
      converter = Convert.ToCidr.class,
      order = 2,
      description = "Our address; 192.0.2.2/24 unless given. May be given several times.")
  void address(Cidr address) {
    devices.getLast().addresses.add(address);
  }

  @Option(
      names = "--gateway",
      paramLabel = "ADDRESS|none",
      converter = Convert.ToGateway.class,
      order = 3,
      description = {
        "Where packets for other networks go; the first address of our network unless given,"
            + " 192.0.2.1 that is.",
        "The kernel's side of a TAP or TUN that is created gets it."
      })
  private @Nullable Gateway gateway;

  @Option(
      names = "--mac",
      paramLabel = "MAC",
      converter = Convert.ToMac.class,
      order = 4,
      description = "Our MAC address; 00:00:5e:00:53:01 unless given.")
  void mac(MacAddress mac) {
    devices.getLast().mac = mac;
  }

  @Option(
      names = "--mtu",
      paramLabel = "BYTES",
      converter = Convert.ToMtu.class,
      order = 5,
      description = "The largest IP datagram; the device's own unless given.")
  void mtu(int mtu) {
    devices.getLast().mtu = mtu;
  }

  @Option(
      names = "--promiscuous",
      order = 6,
      description = "Let a packet: device see frames for every MAC address.")
  void promiscuous(boolean promiscuous) {
    devices.getLast().promiscuous = promiscuous;
  }

  @Option(
      names = "--no-offload",
      order = 7,
      description =
          "Pass plain frames to and from a tap: or tun: device, with all checksums computed.")
  void noOffload(boolean noOffload) {
    devices.getLast().offloads = !noOffload;
  }

  @Option(
      names = "--no-coalesce",
      order = 7,
      description = "Show TCP each segment by itself, on a device that passes plain frames.")
  void noCoalesce(boolean noCoalesce) {
    devices.getLast().coalescing = !noCoalesce;
  }

  @Option(
      names = "--no-ring",
      order = 7,
      description =
          "Receive each frame of a packet: device by a system call, not in shared memory.")
  void noRing(boolean noRing) {
    devices.getLast().ring = !noRing;
  }

  @Option(
      names = "--spin",
      paramLabel = "MICROSECONDS",
      order = 7,
      description = {
        "Look for frames for so long before going to sleep, while they come as fast; not at all unless"
            + " given.",
        "It spares waking up a processor, and keeps one busy."
      })
  private int spin;

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      order = 7,
      description = "Write all frames to a pcapng file, for Wireshark and tshark.")
  private @Nullable Path pcap;

  @Option(
      names = {"-q", "--quiet"},
      order = 8,
      description = "Show warnings and errors only.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      order = 9,
      description = "Show every frame with its headers, field by field, and debug events.")
  private boolean verbose;

  @Option(names = "--hex", order = 10, description = "Show the bytes of every frame too; means -v.")
  private boolean hex;

  @Option(
      names = "--stats",
      order = 11,
      description = {
        "At the end, show interfaces, routes, the ARP cache, sockets, counters and drops.",
        "A server shows them when Enter is pressed, and on SIGQUIT (Ctrl-\\), in any case."
      })
  private boolean stats;

  /// Looks whether all fits together, before anything is opened.
  ///
  /// @throws WrongUsage where options contradict each other
  void check() {
    if (spin < 0) {
      throw new WrongUsage("--spin is a number of microseconds, 0 or more, not " + spin);
    }
    level();
    devices();
    gateway();
  }

  /// The devices, with defaults in place.
  ///
  /// @throws WrongUsage where options contradict each other
  List<DeviceSpec> devices() {
    for (int i = 0; i < devices.size(); i++) {
      DeviceSpec device = devices.get(i);
      String kind = device.name().kind();
      if (device.mac != null && kind.equals("tun")) {
        throw new WrongUsage("--mac does not fit " + device.name() + ": a TUN has no MAC address");
      }
      if (device.promiscuous && !kind.equals("packet")) {
        throw new WrongUsage(
            "--promiscuous does not fit " + device.name() + ": it is for packet:INTERFACE");
      }
      if (!device.offloads && !kind.equals("tap") && !kind.equals("tun")) {
        throw new WrongUsage(
            "--no-offload does not fit " + device.name() + ": it is for tap:NAME and tun:NAME");
      }
      if (!device.ring && !kind.equals("packet")) {
        throw new WrongUsage(
            "--no-ring does not fit " + device.name() + ": it is for packet:INTERFACE");
      }
      for (int j = 0; j < i; j++) {
        if (devices.get(j).name().equals(device.name())) {
          throw new WrongUsage(device.name() + " is given twice; give each device once");
        }
      }
      if (device.addresses.isEmpty()) {
        if (i > 0) {
          throw new WrongUsage(
              device.name() + " needs an address; give it one with --address behind it");
        }
        device.addresses.add(ADDRESS);
      }
      if (device.mac == null && !kind.equals("tun")) {
        device.mac = i == 0 ? MAC : new MacAddress(MAC.value() + i);
      }
    }
    return devices;
  }

  /// The gateway, or null for none.
  ///
  /// @throws WrongUsage where it lies in none of our networks
  @Nullable IpAddress gateway() {
    if (gateway == null) {
      return firstOf(devices.getFirst().addresses.getFirst());
    }
    IpAddress address = gateway.address();
    if (address == null) {
      return null;
    }
    for (DeviceSpec device : devices) {
      for (Cidr cidr : device.addresses) {
        if (cidr.address().equals(address)) {
          throw new WrongUsage(
              "--gateway " + address + " is our own address; give another, or none");
        }
        if (cidr.contains(address)) {
          return address;
        }
      }
    }
    throw new WrongUsage(
        "--gateway " + address + " is in none of our networks; give one that is, or none");
  }

  /// The first address of a network, where that is not our own.
  private static @Nullable IpAddress firstOf(Cidr cidr) {
    if (!(cidr.network().address() instanceof Ipv4Address network) || cidr.prefix() > 30) {
      return null;
    }
    IpAddress first = new Ipv4Address(network.value() + 1);
    return first.equals(cidr.address()) ? null : first;
  }

  Duration spin() {
    return Duration.of(spin, ChronoUnit.MICROS);
  }

  @Nullable Path pcap() {
    return pcap;
  }

  boolean stats() {
    return stats;
  }

  boolean hex() {
    return hex;
  }

  boolean showsFrames() {
    return verbose || hex;
  }

  /// What is shown.
  Level level() {
    if (quiet && showsFrames()) {
      throw new WrongUsage(
          "-q and " + (verbose ? "-v" : "--hex") + " contradict each other; give one");
    }
    return quiet ? Level.WARNING : showsFrames() ? Level.DEBUG : Level.INFO;
  }
}
