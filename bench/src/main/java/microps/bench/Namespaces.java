package microps.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import microps.linux.NetworkNamespace;

/// The kernel's side of a measurement, in a network namespace.
public final class Namespaces {
  private Namespaces() {}

  /// Runs `ip` in it.
  public static void ip(NetworkNamespace namespace, String arguments) throws Exception {
    namespace.execute(("ip " + arguments).split(" "));
  }

  /// Sets one of the kernel's knobs for it: what sysctl would do.
  ///
  /// @param name its path below `/proc/sys/net`
  public static void set(NetworkNamespace namespace, String name, String value) throws Exception {
    namespace.call(() -> {
      try {
        return Files.writeString(Path.of("/proc/sys/net", name), value);
      } catch (IOException e) {
        throw new IOException("cannot set " + name + " to " + value + ": " + e.getMessage(), e);
      }
    });
  }

  /// What one of these knobs is set to.
  public static String get(NetworkNamespace namespace, String name) throws Exception {
    return namespace.call(() -> Files.readString(Path.of("/proc/sys/net", name))).strip();
  }

  /// Before interfaces are made: no IPv6, whose own talk would be on each; and no connection learns
  /// from those before.
  public static void prepare(NetworkNamespace namespace) throws Exception {
    set(namespace, "ipv6/conf/default/disable_ipv6", "1");
    set(namespace, "ipv4/tcp_no_metrics_save", "1");
  }

  /// CUBIC, whatever the machine's default is, for all connections to a network and from there. By
  /// the route: a namespace may not choose for itself what the machine has not allowed all.
  public static void cubic(NetworkNamespace namespace, String network, String device, String source)
      throws Exception {
    ip(
        namespace,
        "route change " + network + " dev " + device + " scope link congctl cubic src " + source);
  }
}
