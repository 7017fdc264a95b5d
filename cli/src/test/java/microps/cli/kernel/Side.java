package microps.cli.kernel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// One of the two hosts that talk: the kernel, or microps. Their channels are of the same classes
/// of `java.nio`, so that each conversation is written once and held both ways.
abstract class Side {
  final String name;
  final String address;

  Side(String name, String address) {
    this.name = name;
    this.address = address;
  }

  abstract SocketChannel openSocket() throws IOException;

  abstract ServerSocketChannel openServer() throws IOException;

  abstract DatagramChannel openDatagram() throws IOException;

  InetSocketAddress at(int port) {
    return new InetSocketAddress(address, port);
  }

  /// A listener on every address.
  ServerSocketChannel listen(int port) throws IOException {
    return listen(port, 1024);
  }

  ServerSocketChannel listen(int port, int backlog) throws IOException {
    ServerSocketChannel server = openServer();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    return server.bind(new InetSocketAddress("0.0.0.0", port), backlog);
  }

  SocketChannel connect(Side to, int port) throws IOException {
    SocketChannel channel = openSocket();
    channel.connect(to.at(port));
    return channel;
  }

  DatagramChannel bindDatagram(int port) throws IOException {
    return openDatagram().bind(new InetSocketAddress("0.0.0.0", port));
  }

  @Override
  public String toString() {
    return name;
  }
}
