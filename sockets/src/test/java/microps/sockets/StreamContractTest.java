package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.TimeUnit;
import microps.sockets.Network.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a SocketChannel and a ServerSocketChannel do; the JDK's own do it too.
@ParameterizedClass
@EnumSource(Network.Kind.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamContractTest {
  private final Network net;

  StreamContractTest(Network.Kind kind) {
    net = kind.open();
  }

  @AfterEach
  void close() throws Exception {
    net.close();
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  @Test
  void bothEndsKnowBothAddresses() throws IOException {
    Pair pair = net.connect();
    assertThat(pair.client().getLocalAddress()).isEqualTo(pair.server().getRemoteAddress());
    assertThat(pair.client().getRemoteAddress()).isEqualTo(pair.server().getLocalAddress());
    assertThat(((InetSocketAddress) pair.client().getRemoteAddress()).getAddress())
        .isEqualTo(net.address);
    assertThat(pair.client().isConnected()).isTrue();
    assertThat(pair.client().isConnectionPending()).isFalse();
    assertThat(pair.client().finishConnect()).isTrue();
  }

  @Test
  void aNewChannelHasNoAddresses() throws IOException {
    SocketChannel channel = net.socket();
    assertThat(channel.getLocalAddress()).isNull();
    assertThat(channel.getRemoteAddress()).isNull();
    assertThat(channel.isConnected()).isFalse();
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isBlocking()).isTrue();
    assertThat(net.unboundServer().getLocalAddress()).isNull();
  }

  @Test
  void bytesGoBothWays() throws IOException {
    Pair pair = net.connect();
    assertThat(pair.client().write(bytes(1, 2, 3))).isEqualTo(3);
    ByteBuffer in = ByteBuffer.allocate(10);
    assertThat(pair.server().read(in)).isEqualTo(3);
    assertThat(in.flip()).isEqualTo(bytes(1, 2, 3));
    assertThat(pair.server().write(bytes(4))).isEqualTo(1);
    in.clear();
    assertThat(pair.client().read(in)).isEqualTo(1);
    assertThat(in.flip()).isEqualTo(bytes(4));
  }

  @Test
  void scatterAndGather() throws IOException {
    Pair pair = net.connect();
    ByteBuffer[] out = {bytes(9), bytes(1, 2), bytes(), bytes(3, 4, 5), bytes(9)};
    assertThat(pair.client().write(out, 1, 3)).isEqualTo(5);
    assertThat(out[0].remaining()).isEqualTo(1);
    pair.client().shutdownOutput();
    ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocate(3), ByteBuffer.allocate(3)};
    long n = 0;
    while (n < 5) {
      n += pair.server().read(in);
    }
    assertThat(in[0].flip()).isEqualTo(bytes(1));
    assertThat(in[1].flip()).isEqualTo(bytes(2, 3, 4));
    assertThat(in[2].flip()).isEqualTo(bytes(5));
    in[2].clear();
    assertThat(pair.server().read(in)).isEqualTo(-1);
    assertThatThrownBy(() -> pair.server().read(in, 2, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pair.server().write(in, -1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void nothingToReadIntoReadsNothing() throws IOException {
    Pair pair = net.connect();
    assertThat(pair.client().read(ByteBuffer.allocate(0))).isZero();
    assertThat(pair.client().write(ByteBuffer.allocate(0))).isZero();
    assertThatThrownBy(() -> pair.client().read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pair.client().read((ByteBuffer) null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void halfCloseByTheClient() throws IOException {
    Pair pair = net.connect();
    pair.client().write(bytes(1));
    pair.client().shutdownOutput();
    pair.client().shutdownOutput(); // the second does nothing
    ByteBuffer in = ByteBuffer.allocate(2);
    assertThat(pair.server().read(in)).isEqualTo(1);
    assertThat(pair.server().read(in)).isEqualTo(-1);
    pair.server().write(bytes(2));
    in.clear();
    assertThat(pair.client().read(in)).isEqualTo(1);
    assertThatThrownBy(() -> pair.client().write(bytes(3)))
        .isInstanceOf(ClosedChannelException.class);
    pair.server().close();
    assertThat(pair.client().read(in)).isEqualTo(-1);
  }

  @Test
  void halfCloseByTheServer() throws IOException {
    Pair pair = net.connect();
    pair.server().shutdownOutput();
    assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    pair.client().write(bytes(7));
    ByteBuffer in = ByteBuffer.allocate(2);
    assertThat(pair.server().read(in)).isEqualTo(1);
    pair.client().close();
    assertThat(pair.server().read(in)).isEqualTo(-1);
  }

  @Test
  void aShutInputReadsEndOfStream() throws IOException {
    Pair pair = net.connect();
    pair.client().shutdownInput();
    assertThat(pair.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    assertThat(pair.client().write(bytes(1))).isEqualTo(1);
    assertThat(pair.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
  }

  @Test
  void aRefusedConnectClosesTheChannel() throws IOException {
    SocketChannel channel = net.socket();
    InetSocketAddress nobody = net.nobody();
    assertThatThrownBy(() -> channel.connect(nobody))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Connection refused");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aRefusedConnectWithoutWaiting() throws Exception {
    SocketChannel channel = net.socket();
    InetSocketAddress nobody = net.nobody();
    channel.configureBlocking(false);
    assertThatThrownBy(
            () -> {
              channel.connect(nobody);
              while (!channel.finishConnect()) {
                Thread.yield();
              }
            })
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("Connection refused");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aResetReachesTheReader() throws Exception {
    Pair pair = net.connect();
    Blocked<Integer> reader = Blocked.in(() -> pair.server().read(ByteBuffer.allocate(1)));
    pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
    pair.client().close();
    assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Connection reset");
    assertThatThrownBy(() -> pair.server().read(ByteBuffer.allocate(1)))
        .isInstanceOf(SocketException.class)
        .hasMessage("Connection reset");
    assertThat(pair.server().isOpen()).isTrue();
  }

  @Test
  void closingWithUnreadDataResets() throws Exception {
    Pair pair = net.connect();
    pair.client().write(bytes(1, 2, 3));
    assertThat(pair.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
    Blocked<Integer> reader = Blocked.in(() -> pair.client().read(ByteBuffer.allocate(1)));
    pair.server().close();
    assertThat(reader.failure()).isInstanceOf(SocketException.class).hasMessage("Connection reset");
  }

  @Test
  void writingToAClosedPeerFailsInTheEnd() throws IOException {
    Pair pair = net.connect();
    pair.server().close();
    assertThatThrownBy(
            () -> {
              while (true) {
                pair.client().write(bytes(1));
              }
            })
        .isInstanceOf(IOException.class)
        .message()
        .containsAnyOf("Broken pipe", "Connection reset");
    assertThatThrownBy(
            () -> {
              pair.client().write(bytes(1));
              pair.client().write(bytes(1));
            })
        .isInstanceOf(IOException.class)
        .hasMessage("Broken pipe");
  }

  @Test
  void unconnectedChannelsRefuse() throws IOException {
    SocketChannel channel = net.socket();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(() -> channel.write(bytes(1))).isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(channel::shutdownInput).isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(channel::shutdownOutput).isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(channel::finishConnect).isInstanceOf(NoConnectionPendingException.class);
    assertThatThrownBy(() -> net.unboundServer().accept()).isInstanceOf(NotYetBoundException.class);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void whatIsDoneTwice() throws IOException {
    Pair pair = net.connect();
    assertThatThrownBy(() -> pair.client().connect(pair.client().getRemoteAddress()))
        .isInstanceOf(AlreadyConnectedException.class);
    assertThatThrownBy(() -> pair.client().bind(null)).isInstanceOf(AlreadyBoundException.class);
    SocketChannel bound = net.socket();
    bound.bind(null);
    assertThat(((InetSocketAddress) bound.getLocalAddress()).getPort()).isPositive();
    assertThatThrownBy(() -> bound.bind(null)).isInstanceOf(AlreadyBoundException.class);
    ServerSocketChannel server = net.server();
    assertThatThrownBy(() -> server.bind(null)).isInstanceOf(AlreadyBoundException.class);
  }

  @Test
  void addressesThatAreNone() throws IOException {
    SocketChannel channel = net.socket();
    assertThatThrownBy(() -> channel.connect(InetSocketAddress.createUnresolved("nowhere", 1)))
        .isInstanceOf(UnresolvedAddressException.class);
    assertThatThrownBy(() -> channel.connect(UnixDomainSocketAddress.of("/tmp/x")))
        .isInstanceOf(UnsupportedAddressTypeException.class);
    assertThatThrownBy(() -> channel.bind(UnixDomainSocketAddress.of("/tmp/x")))
        .isInstanceOf(UnsupportedAddressTypeException.class);
    assertThat(channel.isOpen()).isTrue();
    assertThatThrownBy(() -> channel.bind(new InetSocketAddress("198.51.100.9", 0)))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("Cannot assign requested address");
  }

  @Test
  void aPortIsTakenOnce() throws IOException {
    ServerSocketChannel first = net.server();
    assertThatThrownBy(() -> net.unboundServer().bind(first.getLocalAddress()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("Address already in use");
    InetSocketAddress address = (InetSocketAddress) first.getLocalAddress();
    first.close();
    assertThat(net.unboundServer().bind(address).getLocalAddress()).isEqualTo(address);
  }

  @Test
  void closedChannelsRefuse() throws IOException {
    Pair pair = net.connect();
    SocketChannel channel = pair.client();
    channel.close();
    channel.close(); // the second does nothing
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.isConnected()).isFalse();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.write(bytes(1)))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.connect(net.nobody()))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::finishConnect).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::shutdownInput).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::getRemoteAddress).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.TCP_NODELAY))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.configureBlocking(false))
        .isExactlyInstanceOf(ClosedChannelException.class);
    ServerSocketChannel server = net.server();
    server.close();
    assertThatThrownBy(server::accept).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> server.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
  }
}
