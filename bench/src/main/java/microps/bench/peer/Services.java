package microps.bench.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The servers of a peer: a thread for each connection, but for connections that are counted one by
/// one.
final class Services {
  private static final int BACKLOG = 1024;

  private final Sockets sockets;
  private final Meter meter;

  Services(Sockets sockets, Meter meter) {
    this.sockets = sockets;
    this.meter = meter;
  }

  /// What is done with a connection, until it ends.
  @FunctionalInterface
  private interface Service {
    void serve(SocketChannel peer) throws IOException;
  }

  /// Begins to listen on all ports.
  void start() throws IOException {
    listen(Port.ECHO, Streams::echo, true);
    listen(Port.DISCARD, peer -> Streams.drain(peer, meter), true);
    listen(Port.SOURCE, peer -> Streams.fill(peer, meter), true);
    listen(Port.DUPLEX, this::duplex, true);
    listen(Port.ONCE, this::once, false);
  }

  private void listen(Port port, Service service, boolean threads) throws IOException {
    ServerSocketChannel server = sockets.server();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress("0.0.0.0", port.number), BACKLOG);
    Thread.ofPlatform()
        .daemon()
        .name(port.name())
        .start(() -> {
          try {
            while (true) {
              SocketChannel peer = server.accept();
              if (threads) {
                Thread unused =
                    Thread.ofPlatform().daemon().name(port.name()).start(() -> run(service, peer));
              } else {
                run(service, peer);
              }
            }
          } catch (IOException e) {
            System.err.println(port + " ended: " + e); // goes on to whoever started this process
          }
        });
  }

  private static void run(Service service, SocketChannel peer) {
    try (peer) {
      service.serve(peer);
    } catch (IOException e) {
      // The client ends what it began with a reset; where it did not, it is the client that tells.
    }
  }

  private void duplex(SocketChannel peer) throws IOException {
    Thread unused =
        Thread.ofPlatform().daemon().start(() -> run(each -> Streams.fill(each, meter), peer));
    Streams.drain(peer, meter);
  }

  private void once(SocketChannel peer) throws IOException {
    ByteBuffer one = ByteBuffer.allocateDirect(1);
    if (peer.read(one) == 1) {
      int unused = peer.write(one.flip());
      unused = peer.read(one.clear());
    }
  }
}
