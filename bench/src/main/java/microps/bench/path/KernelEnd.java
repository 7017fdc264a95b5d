package microps.bench.path;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import microps.bench.Namespaces;
import microps.core.address.Cidr;
import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import microps.linux.LinuxDeviceProvider;
import microps.linux.NetworkNamespace;

/// The kernel in a network namespace of its own, behind a TAP: plain frames, an MTU of 1500, no
/// offloads. CUBIC, whatever the machine's default is, and buffers that grow to 16 MiB, so that the
/// path limits and not the buffers. The namespace has no name, and is gone with this process at the
/// latest.
final class KernelEnd implements End {
  /// What the kernel is told, for the report.
  static final String SETTINGS =
      "cubic, tcp_rmem up to 16 MiB, tcp_wmem up to 16 MiB, no metrics saved";

  private static final String LARGEST = "16777216";

  private final NetworkNamespace namespace;
  private final Device tap;

  private KernelEnd(NetworkNamespace namespace, Device tap) {
    this.namespace = namespace;
    this.tap = tap;
  }

  static KernelEnd open(int number) throws Exception {
    NetworkNamespace namespace = NetworkNamespace.create();
    try {
      Namespaces.prepare(namespace);
      Namespaces.set(namespace, "ipv4/tcp_rmem", "4096 131072 " + LARGEST);
      Namespaces.set(namespace, "ipv4/tcp_wmem", "4096 16384 " + LARGEST);
      Device tap = namespace.call(() -> openTap(number));
      try {
        String network = End.address(0) + "/24";
        Namespaces.ip(namespace, "link set dev tap0 address " + End.mac(number));
        Namespaces.cubic(namespace, network, "tap0", End.address(number));
        // Neighbours are known: on a real path they are near, and no ARP delays a first segment.
        String other = End.address(End.other(number));
        Namespaces.ip(
            namespace,
            "neigh replace "
                + other
                + " lladdr "
                + End.mac(End.other(number))
                + " dev tap0 nud permanent");
        return new KernelEnd(namespace, tap);
      } catch (Exception | Error e) {
        tap.close();
        throw e;
      }
    } catch (Exception | Error e) {
      namespace.close();
      throw e;
    }
  }

  private static Device openTap(int number) throws IOException {
    Cidr own = Cidr.parse(End.address(number) + "/24");
    DeviceOptions options = new DeviceOptions(null, 1500, own, false, false);
    return new LinuxDeviceProvider().open("tap", "tap0", options);
  }

  /// A socket belongs to the namespace of the thread that made it.
  private <T> T make(Callable<T> call) throws IOException {
    try {
      return namespace.call(call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public Device device() {
    return tap;
  }

  @Override
  public SocketChannel openSocket() throws IOException {
    return make(SocketChannel::open);
  }

  @Override
  public ServerSocketChannel openServer() throws IOException {
    return make(ServerSocketChannel::open);
  }

  @Override
  public String connections() throws Exception {
    return namespace.execute("ss", "-tinmO");
  }

  @Override
  public void close() {
    tap.close();
    namespace.close();
  }
}
