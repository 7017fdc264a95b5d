package microps.sockets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import microps.core.basis.Trace;
import microps.core.device.Device;

/// What a contract test runs on: the JDK's own channels, which are the oracle, or ours.
final class Network implements AutoCloseable {

  /// Whose channels.
  enum Kind {
    /// The kernel's TCP on 127.0.0.1.
    JDK,
    /// Two hosts on a wire in memory.
    WIRE,
    /// One host and its loopback.
    LOOPBACK;

    boolean isOurs() {
      return this != JDK;
    }

    Network open() {
      return new Network(this);
    }
  }

  final Kind kind;
  final InetAddress address;
  final List<Host> hosts = new ArrayList<>();
  private final SelectorProvider clients;
  private final SelectorProvider servers;
  private final List<Channel> opened = new ArrayList<>();

  private Network(Kind kind) {
    this.kind = kind;
    try {
      switch (kind) {
        case JDK -> {
          clients = SelectorProvider.provider();
          servers = clients;
          address = InetAddress.getByName("127.0.0.1");
        }
        case WIRE -> {
          MemoryWire wire = MemoryWire.ethernet().create();
          clients = host(wire.left(), "192.0.2.1/24").provider();
          servers = host(wire.right(), "192.0.2.2/24").provider();
          address = InetAddress.getByName("192.0.2.2");
        }
        case LOOPBACK -> {
          Host host = Host.builder().trace(Trace.NONE).closeGrace(Duration.ZERO).start();
          hosts.add(host);
          clients = host.provider();
          servers = clients;
          address = InetAddress.getByName("127.0.0.1");
        }
        default -> throw new AssertionError(kind);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Host host(Device device, String cidr) throws IOException {
    Host host =
        Host.builder()
            .device(device)
            .address(cidr)
            .trace(Trace.NONE)
            .closeGrace(Duration.ZERO)
            .start();
    hosts.add(host);
    return host;
  }

  private <T extends Channel> T keep(T channel) {
    synchronized (opened) {
      opened.add(channel);
    }
    return channel;
  }

  /// A channel on the client's side, closed with the network.
  SocketChannel socket() throws IOException {
    return keep(clients.openSocketChannel());
  }

  /// A channel on the server's side that is not bound.
  ServerSocketChannel unboundServer() throws IOException {
    return keep(servers.openServerSocketChannel());
  }

  /// A channel on the server's side that listens on a free port.
  ServerSocketChannel server() throws IOException {
    return unboundServer().bind(new InetSocketAddress(address, 0));
  }

  /// A datagram channel on the client's side that is not bound.
  DatagramChannel datagrams() throws IOException {
    return keep(clients.openDatagramChannel(java.net.StandardProtocolFamily.INET));
  }

  /// A datagram channel on the server's side, bound to a free port.
  DatagramChannel boundDatagrams() throws IOException {
    return keep(servers.openDatagramChannel(java.net.StandardProtocolFamily.INET))
        .bind(new InetSocketAddress(address, 0));
  }

  /// Two ends of a connection.
  record Pair(SocketChannel client, SocketChannel server) {}

  /// A connection.
  Pair connect() throws IOException {
    try (ServerSocketChannel server = server()) {
      SocketChannel client = socket();
      client.connect(server.getLocalAddress());
      return new Pair(client, keep(server.accept()));
    }
  }

  /// An endpoint on the server's side where nobody listens.
  InetSocketAddress nobody() throws IOException {
    try (ServerSocketChannel server = server()) {
      return (InetSocketAddress) server.getLocalAddress();
    }
  }

  @Override
  public void close() throws IOException {
    List<Channel> all;
    synchronized (opened) {
      all = List.copyOf(opened);
    }
    for (Channel each : all) {
      each.close();
    }
    for (Host host : hosts) {
      host.close();
    }
  }
}
