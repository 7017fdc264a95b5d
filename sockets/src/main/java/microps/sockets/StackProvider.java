package microps.sockets;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/// Opens the channels of one host.
final class StackProvider extends SelectorProvider {
  private final Driver driver;

  StackProvider(Driver driver) {
    this.driver = driver;
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    return TcpChannel.open(this, driver);
  }

  @Override
  public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
    requireIpv4(family);
    return openSocketChannel();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    return TcpServerChannel.open(this, driver);
  }

  @Override
  public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
    requireIpv4(family);
    return openServerSocketChannel();
  }

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    return UdpChannel.open(this, driver);
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    requireIpv4(family);
    return openDatagramChannel();
  }

  private static void requireIpv4(ProtocolFamily family) {
    if (java.util.Objects.requireNonNull(family) != StandardProtocolFamily.INET) {
      throw new UnsupportedOperationException(
          "protocol family " + family.name() + " is not supported; use INET");
    }
  }

  @Override
  public Pipe openPipe() {
    throw new UnsupportedOperationException(
        "a host has no pipes; use java.nio.channels.Pipe.open()");
  }

  @Override
  public AbstractSelector openSelector() {
    throw new UnsupportedOperationException(
        "channels of a microps host have no selector yet; use blocking channels, a virtual thread"
            + " for each");
  }
}
