package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What a DatagramChannel does; the JDK's own does it too.
@ParameterizedClass
@EnumSource(Network.Kind.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DatagramContractTest {
  private final Network net;

  DatagramContractTest(Network.Kind kind) {
    net = kind.open();
  }

  @AfterEach
  void close() throws IOException {
    net.close();
  }

  private static ByteBuffer random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer receive(DatagramChannel channel) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(70_000);
    assertThat(channel.receive(in)).isNotNull();
    return in.flip();
  }

  @Test
  void aDatagramAndItsAnswer() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    assertThat(client.getLocalAddress()).isNull();
    assertThat(client.send(random(100), server.getLocalAddress())).isEqualTo(100);
    ByteBuffer in = ByteBuffer.allocate(200);
    SocketAddress from = server.receive(in);
    assertThat(in.flip()).isEqualTo(random(100));
    assertThat(((InetSocketAddress) from).getPort())
        .isEqualTo(((InetSocketAddress) client.getLocalAddress()).getPort());
    server.send(random(5), from);
    in.clear();
    assertThat(client.receive(in)).isEqualTo(server.getLocalAddress());
    assertThat(in.flip()).isEqualTo(random(5));
  }

  @Test
  void emptyAndLargeDatagrams() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    for (int length : new int[] {0, 1, 1472, 1473, 60_000, 65_507}) {
      assertThat(client.send(random(length), server.getLocalAddress())).isEqualTo(length);
      assertThat(receive(server)).isEqualTo(random(length));
    }
    assertThatThrownBy(() -> client.send(random(65_508), server.getLocalAddress()))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("Message too long");
  }

  @Test
  void whatDoesNotFitIsLost() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    client.send(random(100), server.getLocalAddress());
    client.send(random(7), server.getLocalAddress());
    ByteBuffer small = ByteBuffer.allocate(10);
    assertThat(server.receive(small)).isNotNull();
    assertThat(small.flip()).isEqualTo(random(100).limit(10));
    assertThat(receive(server)).isEqualTo(random(7));
  }

  @Test
  void aConnectedChannelHearsItsPeerOnly() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel stranger = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    client.connect(server.getLocalAddress());
    assertThat(client.isConnected()).isTrue();
    assertThat(client.getRemoteAddress()).isEqualTo(server.getLocalAddress());
    stranger.send(random(1), client.getLocalAddress());
    server.send(random(2), client.getLocalAddress());
    assertThat(receive(client)).isEqualTo(random(2));
    server.connect(client.getLocalAddress());
    assertThat(client.write(random(9))).isEqualTo(9);
    ByteBuffer in = ByteBuffer.allocate(20);
    assertThat(server.read(in)).isEqualTo(9);
    assertThatThrownBy(() -> client.send(random(1), stranger.getLocalAddress()))
        .isInstanceOf(AlreadyConnectedException.class);
    assertThat(client.send(random(3), server.getLocalAddress())).isEqualTo(3);
    assertThat(receive(server)).isEqualTo(random(3));
    assertThatThrownBy(() -> client.connect(stranger.getLocalAddress()))
        .isInstanceOf(AlreadyConnectedException.class);
    client.disconnect();
    assertThat(client.isConnected()).isFalse();
    assertThat(client.getRemoteAddress()).isNull();
    assertThat(client.send(random(4), stranger.getLocalAddress())).isEqualTo(4);
    assertThat(receive(stranger)).isEqualTo(random(4));
  }

  @Test
  void whatCameBeforeConnectIsNotThePeers() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel stranger = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    DatagramChannel neighbor = net.datagrams();
    client.send(random(1), stranger.getLocalAddress());
    SocketAddress clientAddress = stranger.receive(ByteBuffer.allocate(1));
    neighbor.send(random(1), stranger.getLocalAddress());
    SocketAddress neighborAddress = stranger.receive(ByteBuffer.allocate(1));
    stranger.send(random(10), clientAddress);
    stranger.send(random(11), neighborAddress);
    assertThat(receive(neighbor)).isEqualTo(random(11)); // so that the other has come too
    client.connect(server.getLocalAddress());
    server.send(random(12), clientAddress);
    assertThat(receive(client)).isEqualTo(random(12));
  }

  @Test
  void nobodyThereIsToldToTheConnected() throws Exception {
    DatagramChannel gone = net.boundDatagrams();
    SocketAddress address = gone.getLocalAddress();
    gone.close();
    DatagramChannel client = net.datagrams();
    client.connect(address);
    client.write(random(1));
    assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1)))
        .isInstanceOf(PortUnreachableException.class);
    assertThat(client.isOpen()).isTrue();
    Blocked<Integer> reader = Blocked.in(() -> client.read(ByteBuffer.allocate(1)));
    // The error may meet this write or the reader.
    Blocked<Integer> writer = Blocked.started(() -> client.write(random(1)));
    assertThat(reader.failure()).isInstanceOf(PortUnreachableException.class);
    assertThat(writer.result()).isEqualTo(1);
  }

  @Test
  void scatterAndGather() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    DatagramChannel client = net.datagrams();
    client.connect(server.getLocalAddress());
    server.connect(client.getLocalAddress());
    ByteBuffer[] out = {random(3), random(4), random(5)};
    assertThat(client.write(out, 0, 2)).isEqualTo(7);
    assertThat(out[2].remaining()).isEqualTo(5);
    assertThat(out[1].remaining()).isZero();
    ByteBuffer[] in = {ByteBuffer.allocate(2), ByteBuffer.allocate(9)};
    assertThat(server.read(in)).isEqualTo(7);
    assertThat(in[0].flip()).isEqualTo(random(3).limit(2));
    assertThat(in[1].position()).isEqualTo(5);
  }

  @Test
  void datagramsToOneselfFromSeveralThreads() throws Exception {
    DatagramChannel channel = net.boundDatagrams();
    SocketAddress self = channel.getLocalAddress();
    int threads = 4;
    int each = 500;
    List<Blocked<Boolean>> pairs = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      pairs.add(
          Blocked.started(() -> {
            ByteBuffer in = ByteBuffer.allocate(100);
            for (int i = 0; i < each; i++) {
              channel.send(random(20), self);
              // Another thread's datagram does as well: each sends as many as it receives.
              assertThat(channel.receive(in.clear())).isEqualTo(self);
              assertThat(in.flip()).isEqualTo(random(20));
            }
            return true;
          }));
    }
    for (Blocked<Boolean> pair : pairs) {
      assertThat(pair.result()).isTrue();
    }
  }

  @Test
  void misuse() throws IOException {
    DatagramChannel channel = net.datagrams();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(NotYetConnectedException.class);
    assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> channel.send(random(1), InetSocketAddress.createUnresolved("nowhere", 1)))
        .isInstanceOf(UnresolvedAddressException.class);
    assertThatThrownBy(() -> channel.send(random(1), UnixDomainSocketAddress.of("/tmp/x")))
        .isInstanceOf(UnsupportedAddressTypeException.class);
    assertThatThrownBy(() -> channel.send(random(1), new InetSocketAddress(net.address, 0)))
        .isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> channel.connect(new InetSocketAddress(net.address, 0)))
        .isInstanceOf(SocketException.class);
    DatagramChannel bound = net.boundDatagrams();
    assertThatThrownBy(() -> bound.bind(null)).isInstanceOf(AlreadyBoundException.class);
    assertThatThrownBy(() -> net.datagrams().bind(new InetSocketAddress("198.51.100.9", 0)))
        .isInstanceOf(BindException.class);
    assertThatThrownBy(() -> channel.send(random(1), new InetSocketAddress("255.255.255.255", 9)))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("Permission denied");
  }

  @Test
  void closedChannelsRefuse() throws IOException {
    DatagramChannel channel = net.boundDatagrams();
    SocketAddress address = channel.getLocalAddress();
    channel.close();
    channel.close();
    assertThatThrownBy(() -> channel.receive(ByteBuffer.allocate(1)))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.send(random(1), address))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.write(random(1)))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.bind(null)).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.connect(address))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::getLocalAddress).isExactlyInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> channel.getOption(StandardSocketOptions.SO_RCVBUF))
        .isExactlyInstanceOf(ClosedChannelException.class);
    assertThat(channel.isConnected()).isFalse();
  }

  @Test
  void closeAndInterruptEndAReceive() throws Exception {
    for (Thread.Builder builder :
        List.of(Thread.ofVirtual(), (Thread.Builder) Thread.ofPlatform().daemon())) {
      DatagramChannel channel = net.boundDatagrams();
      Blocked<?> receiver = Blocked.in(builder, () -> channel.receive(ByteBuffer.allocate(1)));
      channel.close();
      assertThat(receiver.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);

      DatagramChannel other = net.boundDatagrams();
      receiver = Blocked.in(builder, () -> other.receive(ByteBuffer.allocate(1)));
      receiver.thread.interrupt();
      assertThat(receiver.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
      assertThat(receiver.interruptedAfter()).isTrue();
      assertThat(other.isOpen()).isFalse();
    }
  }

  @Test
  void nonBlockingReceiveDoesNotWait() throws IOException {
    DatagramChannel server = net.boundDatagrams();
    server.configureBlocking(false);
    assertThat(server.receive(ByteBuffer.allocate(1))).isNull();
    DatagramChannel client = net.datagrams();
    client.configureBlocking(false);
    client.connect(server.getLocalAddress());
    assertThat(client.read(ByteBuffer.allocate(1))).isZero();
    assertThat(client.write(random(3))).isEqualTo(3);
    ByteBuffer in = ByteBuffer.allocate(10);
    while (server.receive(in) == null) {
      Thread.yield();
    }
    assertThat(in.flip()).isEqualTo(random(3));
  }
}
