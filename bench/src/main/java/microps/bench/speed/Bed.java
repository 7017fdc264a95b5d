package microps.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import microps.bench.Namespaces;
import microps.bench.peer.Peer;
import microps.bench.speed.Trial.Who;
import microps.linux.InterfaceOffloads;
import microps.linux.NetworkNamespace;

/// Three processes: a client on the kernel's sockets, and two servers that it reaches, microps by a
/// TAP or a veth pair, and, as the reference, the kernel of another network namespace by a veth
/// pair. The namespaces have no name, and are gone with the processes at the latest.
final class Bed implements AutoCloseable {
  private static final String MICROPS = "192.0.2.2";
  private static final String KERNEL = "198.51.100.2";

  /// A heap whose size is no part of what is measured, and a collector that needs no processor of
  /// its own.
  static final List<String> OPTIONS =
      List.of("-Xms256m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:-UsePerfData");

  private final Setting setting;
  private final List<String> prefix;
  private final Opened opened = new Opened();
  private final PeerServers servers;
  private final Map<Who, PeerProcess> others = new EnumMap<>(Who.class); // guarded by itself
  private final NetworkNamespace namespace;
  private final PeerProcess client;
  private final PeerProcess microps;
  private final PeerProcess kernel;

  /// @param offloads whether microps uses what its device has
  /// @param servers of other stacks, which are started when they are needed
  Bed(Setting setting, boolean offloads, PeerServers servers) throws Exception {
    this.setting = setting;
    this.servers = servers;
    prefix = setting.oneCpu() ? List.of("taskset", "-c", lastCpu()) : List.of();
    try {
      namespace = makeNamespace();
      NetworkNamespace other = makeNamespace();
      veth(namespace, "veth0", other, "veth1");
      address(namespace, "veth0", "198.51.100", 1);
      address(other, "veth1", "198.51.100", 2);
      microps = startMicrops(offloads && setting.offloads());
      kernel = start(other, "kernel");
      client = start(namespace, "kernel");
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  private static String lastCpu() throws IOException {
    String allowed =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("Cpus_allowed_list:"))
            .findFirst()
            .orElse("0");
    return allowed.replaceFirst(".*[^0-9]", "");
  }

  private NetworkNamespace makeNamespace() throws Exception {
    NetworkNamespace made = opened.add(NetworkNamespace.create());
    Namespaces.prepare(made);
    // Clients that close first leave TIME-WAIT behind, some thousand a second.
    Namespaces.set(made, "ipv4/tcp_tw_reuse", "1");
    Namespaces.set(made, "ipv4/ip_local_port_range", "1024 65535");
    return made;
  }

  private void veth(NetworkNamespace from, String left, NetworkNamespace to, String right)
      throws Exception {
    String peer = " type veth peer name " + right + " netns " + to.path();
    Namespaces.ip(from, "link add " + left + peer);
    for (End end : List.of(new End(from, left), new End(to, right))) {
      Namespaces.ip(end.namespace, "link set " + end.name + " up");
      if (!setting.offloads()) {
        end.namespace.call(() -> {
          InterfaceOffloads.set(end.name, false);
          return null;
        });
      }
    }
  }

  private record End(NetworkNamespace namespace, String name) {}

  private static void address(NetworkNamespace in, String device, String network, int host)
      throws Exception {
    String own = network + "." + host;
    Namespaces.ip(in, "address add " + own + "/24 dev " + device);
    Namespaces.cubic(in, network + ".0/24", device, own);
  }

  private PeerProcess startMicrops(boolean offloads) throws Exception {
    switch (setting.device()) {
      case TAP -> {
        PeerProcess started = start(namespace, microps("tap:tap0", offloads));
        Namespaces.cubic(namespace, "192.0.2.0/24", "tap0", "192.0.2.1");
        return started;
      }
      case PACKET -> {
        NetworkNamespace other = makeNamespace();
        veth(namespace, "veth2", other, "veth3");
        address(namespace, "veth2", "192.0.2", 1);
        return start(other, microps("packet:veth3", offloads));
      }
    }
    throw new AssertionError(setting);
  }

  private static String[] microps(String device, boolean offloads) {
    return new String[] {
      "microps", device, MICROPS + "/24", "192.0.2.1/24", Boolean.toString(offloads)
    };
  }

  private PeerProcess start(NetworkNamespace in, String... arguments) throws Exception {
    return opened.add(PeerProcess.start(in, prefix, OPTIONS, Peer.class, arguments));
  }

  /// The network of the client.
  NetworkNamespace namespace() {
    return namespace;
  }

  PeerProcess client() {
    return client;
  }

  /// @throws Exception where it is another stack, which does not start
  PeerProcess server(Who who) throws Exception {
    return switch (who) {
      case MICROPS -> microps;
      case REFERENCE -> kernel;
      case GVISOR, LWIP -> other(who);
    };
  }

  private PeerProcess other(Who who) throws Exception {
    synchronized (others) {
      PeerProcess running = others.get(who);
      if (running != null) {
        return running;
      }
      PeerStack stack = PeerStack.of(who);
      String device = stack.place().device();
      Namespaces.ip(namespace, "tuntap add dev " + device + " mode tap");
      Namespaces.ip(namespace, "link set " + device + " up");
      address(namespace, device, stack.place().network(), 1);
      PeerProcess started = opened.add(servers.start(namespace, prefix, stack));
      // The kernel sends nothing on a TAP in the first moment, and asks for a neighbour each
      // second.
      String unused =
          namespace.execute("ping", "-q", "-c", "1", "-i", "0.2", "-w", "10", address(who));
      others.put(who, started);
      return started;
    }
  }

  String address(Who who) {
    return switch (who) {
      case MICROPS -> MICROPS;
      case REFERENCE -> KERNEL;
      case GVISOR, LWIP -> PeerStack.of(who).place().address();
    };
  }

  /// Ends the processes, and lets go of the namespaces. May be called by another thread, to stop
  /// what goes on.
  @Override
  public void close() {
    opened.close();
  }
}
