package microps.linux;

import java.io.IOException;
import java.util.concurrent.Callable;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/// A network namespace for each test, and devices opened in it.
@ExtendWith(NeedsDevices.class)
abstract class DeviceFixture {
  static final MacAddress MAC = MacAddress.parse("00:00:5e:00:53:01");
  static final Cidr PEER = Cidr.parse("192.0.2.1/24");
  static final DeviceOptions CREATE = new DeviceOptions(MAC, 0, PEER, false, true);
  static final DeviceOptions EXISTING = new DeviceOptions(MAC, 0, null, false, true);

  NetworkNamespace namespace;

  @BeforeEach
  void createNamespace() throws Exception {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void closeNamespace() {
    namespace.close();
  }

  static DeviceOptions mtu(DeviceOptions options, int mtu) {
    return new DeviceOptions(
        options.mac(), mtu, options.peerAddress(), options.promiscuous(), options.offloads());
  }

  static DeviceOptions without(DeviceOptions options) {
    return new DeviceOptions(
        options.mac(), options.mtu(), options.peerAddress(), options.promiscuous(), false);
  }

  Device open(String device, DeviceOptions options) throws Exception {
    return open(namespace, device, options);
  }

  static Device open(NetworkNamespace where, String device, DeviceOptions options)
      throws Exception {
    String[] parts = device.split(":");
    return where.call(() -> new LinuxDeviceProvider().open(parts[0], parts[1], options));
  }

  /// Opens it as a user without rights.
  Device openUnprivileged(String device, DeviceOptions options) throws Exception {
    String[] parts = device.split(":");
    return namespace.call(
        withoutRights(() -> new LinuxDeviceProvider().open(parts[0], parts[1], options)));
  }

  private static <T> Callable<T> withoutRights(Callable<T> task) {
    return () -> {
      try {
        Capabilities.drop();
      } catch (Throwable e) {
        throw new IOException(e);
      }
      return task.call();
    };
  }

  /// The kernel greets a new interface with IPv6; not from here on.
  void withoutIpv6() throws Exception {
    run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1");
  }

  /// Runs a command line of words in the namespace.
  String run(String line) throws Exception {
    return namespace.execute(line.split(" "));
  }

  /// The address of an interface, as twelve hexadecimal digits.
  String macOf(String name) throws Exception {
    return namespace.call(() -> {
      try (KernelInterface kernel = new KernelInterface(name)) {
        return kernel.mac().toString().replace(":", "");
      }
    });
  }
}
