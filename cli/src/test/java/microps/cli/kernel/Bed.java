package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import microps.core.address.Cidr;
import microps.core.device.DeviceOptions;
import microps.core.tcp.TcpStatus;
import microps.linux.LinuxDeviceProvider;
import microps.linux.NetworkNamespace;
import microps.sockets.Host;
import microps.sockets.HostBuilder;
import microps.sockets.HostStatus;
import org.assertj.core.api.SoftAssertions;

/// A network namespace of its own, in which the kernel, 192.0.2.1, and a microps host, 192.0.2.2,
/// are the two ends of one device. The kernel's sockets are those of the JDK, made in there.
final class Bed implements AutoCloseable {
  static final String KERNEL = "192.0.2.1";
  static final String MICROPS = "192.0.2.2";

  /// An address on the network at which nobody is.
  static final String NOBODY = "192.0.2.99";

  /// A system property that names a folder where each bed leaves a capture: to look into a failure.
  private static final String CAPTURES = "microps.test.captures";

  private static final List<String> WRONG =
      List.of("Ip.InHdrErrors", "Icmp.InCsumErrors", "Tcp.InCsumErrors", "Udp.InCsumErrors");

  final NetworkNamespace namespace;
  final Host host;
  final Kernel kernel;
  final Side microps;
  private final Recent recent;
  private String snmp = "";

  private Bed(NetworkNamespace namespace, Host host, Recent recent) {
    this.namespace = namespace;
    this.host = host;
    this.recent = recent;
    kernel = new Kernel();
    microps = new Microps();
  }

  static Bed open(DeviceKind kind, int mtu, UnaryOperator<HostBuilder> more) throws Exception {
    return openWith(
        kind,
        mtu,
        builder ->
            more.apply(
                builder
                    .device(kind.spec)
                    .mtu(mtu)
                    .peerAddress(KERNEL + "/24")
                    .offloads(kind.offloads)));
  }

  /// One whose device, a TAP, treats frames as it is told.
  static Bed open(Disturbance disturbance, UnaryOperator<HostBuilder> more) throws Exception {
    DeviceOptions options = new DeviceOptions(null, 1500, Cidr.parse(KERNEL + "/24"), false, false);
    return openWith(
        DeviceKind.TAP,
        1500,
        builder ->
            more.apply(
                builder.device(
                    new DisturbingDevice(
                        new LinuxDeviceProvider().open("tap", "tap0", options), disturbance))));
  }

  private interface Setup {
    HostBuilder apply(HostBuilder builder) throws Exception;
  }

  private static Bed openWith(DeviceKind kind, int mtu, Setup setup) throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    try {
      // No IPv6, whose own talk on a new interface would be in every count and capture.
      set(namespace, "ipv6/conf/default/disable_ipv6", "1");
      kind.prepare(namespace, KERNEL, mtu);
      Recent recent = new Recent();
      HostBuilder builder =
          namespace
              .call(() -> setup.apply(Host.builder()))
              .address(MICROPS + "/24")
              .gateway(KERNEL)
              .trace(recent);
      String captures = System.getProperty(CAPTURES);
      if (captures != null) {
        builder.pcap(Files.createTempFile(Path.of(captures), kind.device() + "-", ".pcapng"));
      }
      return new Bed(namespace, namespace.call(builder::start), recent);
    } catch (Exception | Error e) {
      namespace.close();
      throw e;
    }
  }

  /// Sets one of the kernel's knobs for this network: what sysctl would do.
  ///
  /// @param name its path below `/proc/sys/net`
  static void set(NetworkNamespace namespace, String name, String value) throws Exception {
    namespace.call(() -> Files.writeString(Path.of("/proc/sys/net", name), value));
  }

  Side client(Direction direction) {
    return direction == Direction.KERNEL_TO_MICROPS ? kernel : microps;
  }

  Side server(Direction direction) {
    return direction == Direction.KERNEL_TO_MICROPS ? microps : kernel;
  }

  /// What both sides know, for a test that failed.
  String describe() {
    StringBuilder text = new StringBuilder();
    try {
      HostStatus status = host.status();
      text.append("microps:\n");
      status.interfaces().forEach(x -> line(text, x));
      status.routes().forEach(x -> line(text, x));
      status.neighbors().forEach(x -> line(text, x));
      status.tcp().stream().limit(20).forEach(x -> line(text, x));
      status.udp().stream().limit(20).forEach(x -> line(text, x));
      status
          .counters()
          .forEach((label, n) -> {
            if (n > 0) {
              line(text, label + " " + n);
            }
          });
      line(text, "drops " + status.drops());
      text.append("events:\n").append(recent);
      text.append("kernel:\n").append(namespace.execute("ip", "-s", "addr"));
      text.append(namespace.execute("ip", "neigh"));
      String sockets = namespace.execute("ss", "-tanoi");
      text.append(sockets, 0, Math.min(sockets.length(), 8000));
    } catch (Exception e) {
      text.append("(no more: ").append(e).append(")\n");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, Object what) {
    text.append("  ").append(what).append('\n');
  }

  /// How often microps counted something, by the label of the counter or of the drop.
  long count(String label) {
    HostStatus status = host.status();
    return status.counters().getOrDefault(label, 0L) + status.drops().getOrDefault(label, 0L);
  }

  /// The rows of microps' TCP connections, without listeners.
  List<TcpStatus> connections() {
    return host.status().tcp().stream().filter(row -> row.remote() != null).toList();
  }

  @Override
  public void close() {
    try {
      snmp = namespace.execute("cat", "/proc/net/snmp");
    } catch (Exception e) {
      snmp = e.toString();
    }
    host.close();
    kernel.inside.shutdown();
    namespace.close();
  }

  /// Neither side found a header or checksum of the other wrong.
  void checkNothingWasMalformed() {
    SoftAssertions.assertSoftly(softly -> {
      for (String name : WRONG) {
        softly.assertThat(count(snmp, name)).as("the kernel's count of " + name).isZero();
      }
      for (String drop : host.status().drops().keySet()) {
        softly
            .assertThat(drop)
            .doesNotContain("checksum", "length", "version", "too-short", "bad-header", "offset");
      }
    });
  }

  /// A number of the kernel's, by its protocol and name as /proc/net/snmp and /proc/net/netstat
  /// have them: `Icmp.InEchos`, `TcpExt.TCPSackRecovery`.
  long kernelCount(String name) throws Exception {
    return count(namespace.execute("cat", "/proc/net/snmp", "/proc/net/netstat"), name);
  }

  private static long count(String snmp, String name) {
    String[] parts = name.split("\\.");
    List<String[]> lines =
        snmp.lines()
            .filter(line -> line.startsWith(parts[0] + ":"))
            .map(line -> line.split(" "))
            .toList();
    assertThat(lines).as("lines of " + parts[0] + " in " + snmp).hasSize(2);
    int column = Arrays.asList(lines.get(0)).indexOf(parts[1]);
    assertThat(column).as("column of " + name).isPositive();
    return Long.parseLong(lines.get(1)[column]);
  }

  final class Kernel extends Side {
    private final ExecutorService inside = Executors.newSingleThreadExecutor(namespace.threads());

    Kernel() {
      super("kernel", KERNEL);
    }

    /// A socket belongs to the namespace of the thread that made it.
    private <T> T make(Callable<T> call) throws IOException {
      try {
        return inside.submit(call).get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      }
    }

    @Override
    SocketChannel openSocket() throws IOException {
      return make(SocketChannel::open);
    }

    @Override
    ServerSocketChannel openServer() throws IOException {
      return make(ServerSocketChannel::open);
    }

    @Override
    DatagramChannel openDatagram() throws IOException {
      return make(DatagramChannel::open);
    }
  }

  private final class Microps extends Side {
    Microps() {
      super("microps", MICROPS);
    }

    @Override
    SocketChannel openSocket() throws IOException {
      return host.openSocketChannel();
    }

    @Override
    ServerSocketChannel openServer() throws IOException {
      return host.openServerSocketChannel();
    }

    @Override
    DatagramChannel openDatagram() throws IOException {
      return host.openDatagramChannel();
    }
  }
}
