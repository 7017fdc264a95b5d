package microps.cli.kernel;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import microps.linux.NetworkNamespace;
import microps.sockets.Host;
import microps.sockets.HostBuilder;
import microps.sockets.HostStatus;

/// A network namespace of its own, in which the kernel, 192.0.2.1, and a microps host, 192.0.2.2,
/// are the two ends of one device. The kernel's sockets are those of the JDK, made in there.
final class Bed implements AutoCloseable {
  static final String KERNEL = "192.0.2.1";
  static final String MICROPS = "192.0.2.2";

  /// An address on the network at which nobody is.
  static final String NOBODY = "192.0.2.99";

  final NetworkNamespace namespace;
  final Host host;
  final Side kernel;
  final Side microps;
  private final Recent recent;

  private Bed(NetworkNamespace namespace, Host host, Recent recent) {
    this.namespace = namespace;
    this.host = host;
    this.recent = recent;
    kernel = new Kernel();
    microps = new Microps();
  }

  static Bed open(DeviceKind kind, int mtu, UnaryOperator<HostBuilder> more) throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    try {
      // No IPv6, whose own talk on a new interface would be in every count and capture.
      namespace.execute("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
      kind.prepare(namespace, KERNEL, mtu);
      Recent recent = new Recent();
      HostBuilder builder =
          more.apply(
              Host.builder()
                  .device(kind.spec)
                  .mtu(mtu)
                  .peerAddress(KERNEL + "/24")
                  .address(MICROPS + "/24")
                  .gateway(KERNEL)
                  .trace(recent));
      return new Bed(namespace, namespace.call(builder::start), recent);
    } catch (Exception | Error e) {
      namespace.close();
      throw e;
    }
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

  @Override
  public void close() {
    host.close();
    namespace.close();
  }

  private final class Kernel extends Side {
    Kernel() {
      super("kernel", KERNEL);
    }

    /// A socket belongs to the namespace in which it was made.
    private <T> T make(Callable<T> call) throws IOException {
      try {
        return namespace.call(call);
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
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
