package microps.sockets;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.PortShare;
import microps.core.basis.SocketEvents;
import microps.core.basis.Trace;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.ip.IpConfig;
import microps.core.tcp.TcpConfig;
import org.jspecify.annotations.Nullable;

/// How a [Host] is made:
///
/// ```java
/// Host host = Host.builder()
///     .device("tap:tap0").mac("00:00:5e:00:53:01").address("192.0.2.2/24")
///     .device("packet:veth1").address("198.51.100.2/24")
///     .gateway("192.0.2.1")
///     .start();
/// ```
///
/// [#address], [#mac], [#mtu], [#peerAddress], [#offloads], [#coalescing], [#ring] and
/// [#promiscuous] say something of the device that was named before. All methods throw
/// `IllegalArgumentException` with one line that says what to do where a text is not what it should
/// be.
public final class HostBuilder {
  private static final int MAX_QUEUES = 256;

  private final List<WantedDevice> devices = new ArrayList<>();
  private final WantedRoutes routes = new WantedRoutes(devices);
  private @Nullable Path pcap;
  private Trace trace = new LogTrace();
  private RandomGenerator random = new SecureRandom();
  private IpConfig ip = IpConfig.DEFAULT;
  private TcpConfig tcp = TcpConfig.DEFAULT;
  private long spin;
  private Duration closeGrace = Duration.ofSeconds(1);

  HostBuilder() {}

  // Devices

  /// A device by its kind and name: `tap:tap0`, `tun:tun0`, `packet:eth0` (these need the module
  /// `microps.linux`), `null`, `null:NAME`; or `loopback`, which each host has, to give it more
  /// addresses.
  public HostBuilder device(String spec) {
    String[] parts = spec.split(":", 2);
    String scheme = parts[0];
    boolean named = parts.length == 2 && !parts[1].isEmpty();
    boolean nameless = parts.length == 1 && (scheme.equals("null") || scheme.equals("loopback"));
    if (scheme.isEmpty() || !(named || nameless)) {
      throw new IllegalArgumentException(
          "'" + spec + "' is not a device; write KIND:NAME, as in tap:tap0");
    }
    devices.add(new WantedDevice(spec, null));
    return this;
  }

  /// A device that is open already, such as an end of a [MemoryWire]. It belongs to the host when
  /// that has started, and is closed with it.
  public HostBuilder device(Device device) {
    devices.add(new WantedDevice(null, device));
    return this;
  }

  private WantedDevice last(String what) {
    if (devices.isEmpty()) {
      throw new IllegalArgumentException("name a device before " + what);
    }
    return devices.getLast();
  }

  private WantedDevice lastBySpec(String what) {
    WantedDevice last = last(what);
    if (last.given != null) {
      throw new IllegalArgumentException(
          what
              + " is for a device given by name; "
              + last.given.info().name()
              + " is open already");
    }
    return last;
  }

  /// An address of the device, with the length of its network's prefix: `192.0.2.2/24`.
  public HostBuilder address(String address) {
    return address(Cidr.parse(address));
  }

  /// An address of the device.
  public HostBuilder address(Cidr address) {
    last("its address").addresses.add(address);
    return this;
  }

  /// The MAC address of the device.
  public HostBuilder mac(String mac) {
    return mac(MacAddress.parse(mac));
  }

  /// The MAC address of the device.
  public HostBuilder mac(MacAddress mac) {
    WantedDevice device = lastBySpec("mac");
    if (mac.isMulticast()) {
      throw new IllegalArgumentException(
          mac + " is a multicast address; the first octet of a host's is even");
    }
    device.mac = mac;
    return this;
  }

  /// The MTU of the device, 68 to 65,535 bytes.
  public HostBuilder mtu(int mtu) {
    WantedDevice device = lastBySpec("mtu");
    if (mtu < DeviceInfo.MIN_MTU || mtu > DeviceInfo.MAX_MTU) {
      throw new IllegalArgumentException(
          "an MTU is " + DeviceInfo.MIN_MTU + " to " + DeviceInfo.MAX_MTU + " bytes, not " + mtu);
    }
    device.mtu = mtu;
    return this;
  }

  /// The address that the kernel's side of a TAP or TUN is given where the device must be created.
  /// Without this it is the gateway's, where that is on a network of the device.
  public HostBuilder peerAddress(String address) {
    lastBySpec("peerAddress").peerAddress = Cidr.parse(address);
    return this;
  }

  /// Whether super-frames of up to 64 KiB and partial checksums are used where the device has them;
  /// so it is unless switched off.
  public HostBuilder offloads(boolean on) {
    lastBySpec("offloads").offloads = on;
    return this;
  }

  /// Whether TCP segments that arrive together on a device without offloads are put together before
  /// TCP sees them (`microps.core.ip.Coalescer`); captures show what TCP sees. So it is unless
  /// switched off, or datagrams are forwarded: those leave as they came.
  public HostBuilder coalescing(boolean on) {
    last("coalescing").coalescing = on;
    return this;
  }

  /// Whether a packet socket receives in memory that it shares with the kernel, where it can.
  public HostBuilder ring(boolean on) {
    lastBySpec("ring").ring = on;
    return this;
  }

  /// Whether a packet socket asks for frames to every MAC address.
  public HostBuilder promiscuous(boolean on) {
    lastBySpec("promiscuous").promiscuous = on;
    return this;
  }

  // The host

  /// The default router.
  public HostBuilder gateway(String address) {
    routes.addDefault(parseIpv4(address));
    return this;
  }

  /// A route to a network by way of a router, which is on a network of one of the devices:
  /// `route("10.0.0.0/8", "192.0.2.1")`.
  public HostBuilder route(String network, String gateway) {
    return route(Cidr.parse(network), parseIpv4(gateway));
  }

  /// A route to a network by way of a router.
  public HostBuilder route(Cidr network, IpAddress gateway) {
    routes.add(network, gateway);
    return this;
  }

  /// A static entry of the neighbour table: where an address on one of the networks is.
  public HostBuilder neighbor(String address, String mac) {
    routes.addNeighbor(parseIpv4(address), MacAddress.parse(mac));
    return this;
  }

  private static IpAddress parseIpv4(String text) {
    return Ipv4Address.parse(text);
  }

  /// Whether datagrams for others are forwarded between the devices; off without this.
  public HostBuilder forwarding(boolean on) {
    ip =
        new IpConfig(
            on,
            ip.answerEcho(),
            ip.maxNeighbors(),
            ip.reassemblyBytes(),
            ip.icmpErrorsPerSecond(),
            ip.icmpErrorBurst());
    return this;
  }

  /// Writes the frames of all devices to a pcapng file, from the first to the last.
  public HostBuilder pcap(Path file) {
    pcap = file;
    return this;
  }

  /// Where events go; without this a [LogTrace]. One that is a [FrameTap] too sees all frames.
  public HostBuilder trace(Trace to) {
    trace = to;
    return this;
  }

  /// The source of randomness, used by one thread at a time; without this a `SecureRandom`. One
  /// that can be foretold gives sequence numbers and ports that can be foretold: for tests only.
  public HostBuilder random(RandomGenerator source) {
    random = source;
    return this;
  }

  /// The knobs of ARP, IP and ICMP; [#forwarding] afterwards changes its one.
  public HostBuilder ip(IpConfig config) {
    ip = config;
    return this;
  }

  /// The knobs of TCP.
  public HostBuilder tcp(TcpConfig config) {
    tcp = config;
    return this;
  }

  /// How long the thread of a device looks for frames again and again before it sleeps, while
  /// frames come as fast as that; without this not at all. It spares the wake-up of a processor for
  /// the price of one that is busy: 50 microseconds are much.
  public HostBuilder spin(Duration most) {
    spin = most.toNanos();
    return this;
  }

  /// How long [Host#close] waits at most for connections that were closed before to deliver what
  /// was written to them; without this one second.
  public HostBuilder closeGrace(Duration most) {
    closeGrace = most;
    return this;
  }

  // Start

  /// Opens the devices and starts the host. On failure nothing is left open but the devices that
  /// were given open.
  ///
  /// @throws IOException where a device or the capture cannot be opened, with one line that says
  ///   what to do
  /// @throws IllegalArgumentException where a gateway or neighbour is on no network of the host, or
  ///   an address is none that a host can have
  public Host start() throws IOException {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      return start(opened);
    } catch (IOException | RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  /// Starts several hosts that share one interface and its addresses, for more than one processor:
  /// each has a stack, a lock and a thread of its own. What arrives is steered to one of them: the
  /// answers to whoever asked, and connections that clients open spread over all, so a server
  /// listens on each of them. ARP and pings are answered once. UDP datagrams in fragments are the
  /// first host's.
  ///
  /// TAP, TUN and packet sockets have a queue for each, where the kernel has; otherwise the thread
  /// of the first hands frames over. They are closed together. A [#trace] that is given is called
  /// by several threads.
  ///
  /// @param count how many
  /// @throws IOException as [#start]
  /// @throws IllegalArgumentException as [#start], and where there is not exactly one device, or a
  ///   capture of all: use [Host#capture]
  public List<Host> startQueues(int count) throws IOException {
    if (count < 1 || count > MAX_QUEUES) {
      throw new IllegalArgumentException(
          "there can be 1 to " + MAX_QUEUES + " queues, not " + count);
    }
    if (devices.size() != 1 || devices.getFirst().isLoopback()) {
      throw new IllegalArgumentException("name one device to have several queues of it");
    }
    if (pcap != null) {
      throw new IllegalArgumentException("capture each of several hosts by Host.capture");
    }
    routes.check();
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      WantedDevice wanted = devices.getFirst();
      List<Device> inner =
          wanted.given != null
              ? List.of(wanted.given)
              : wanted.openQueues(routes.peerAddress(wanted), count);
      if (wanted.given == null) {
        opened.addAll(inner);
      }
      List<Host> hosts = new ArrayList<>();
      List<Device> queues = new Queues(inner, count).devices();
      for (int i = 0; i < count; i++) {
        Host host = start(List.of(queues.get(i)), new PortShare(i, count), opened);
        opened.add(host);
        hosts.add(host);
      }
      return hosts;
    } catch (IOException | RuntimeException e) {
      closeAll(opened, e);
      throw e;
    }
  }

  private static void closeAll(List<AutoCloseable> opened, Exception e) {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception other) {
        e.addSuppressed(other);
      }
    }
  }

  private RandomGenerator randomOf(PortShare share) {
    return share.index() == 0
        ? random
        : random instanceof SecureRandom
            ? new SecureRandom()
            : new SplittableRandom(random.nextLong());
  }

  private Host start(List<AutoCloseable> opened) throws IOException {
    routes.check();
    List<@Nullable Device> found = new ArrayList<>();
    for (WantedDevice wanted : devices) {
      Device device = wanted.given;
      if (device == null && !wanted.isLoopback()) {
        device = wanted.openQueues(routes.peerAddress(wanted), 1).getFirst();
        opened.add(device);
      }
      found.add(device);
    }

    Set<String> names = new HashSet<>(Set.of("lo"));
    for (Device device : found) {
      if (device != null && !names.add(device.info().name())) {
        throw new IllegalArgumentException(
            "two devices of this host are named " + device.info().name() + "; rename one");
      }
    }

    return start(found, PortShare.ALL, opened);
  }

  private Host start(
      List<? extends @Nullable Device> found, PortShare share, List<AutoCloseable> opened)
      throws IOException {
    RandomGenerator own = randomOf(share);
    Driver driver =
        new Driver(new StackConfig(own, trace, SocketEvents.NONE, ip, tcp, share), spin);
    CaptureFile capture = null;
    if (pcap != null) {
      capture = new CaptureFile(pcap, driver.now());
      opened.add(capture);
    }
    driver.lock();
    try {
      List<Nic> nics = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        Device device = found.get(i);
        nics.add(
            device == null
                ? driver.stack.nics().getFirst()
                : driver.attach(device, !ip.forwarding() && devices.get(i).coalesces(device)));
      }
      for (Nic nic : driver.stack.nics()) {
        if (trace instanceof FrameTap tap) {
          nic.add(tap);
        }
        if (capture != null && (nic.index() > 0 || nics.contains(nic))) {
          capture.describe(nic);
          nic.add(capture);
        }
      }
      routes.configure(driver.stack, nics, driver.now());
    } finally {
      driver.unlock();
    }
    Host host = new Host(driver, closeGrace);
    if (capture != null) {
      host.keep(capture);
    }
    driver.start();
    return host;
  }
}
