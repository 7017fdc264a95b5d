package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import microps.sockets.Network.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Much at once on SocketChannels; the JDK's own do it too.
@ParameterizedClass
@EnumSource(Network.Kind.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StreamLoadContractTest {
  private static final int BULK = 32 << 20;

  private final Network net;

  StreamLoadContractTest(Network.Kind kind) {
    net = kind.open();
  }

  @AfterEach
  void close() throws IOException {
    net.close();
  }

  private static byte[] send(SocketChannel channel, long seed) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(seed);
    byte[] chunk = new byte[100_000];
    for (int sent = 0; sent < BULK; ) {
      random.nextBytes(chunk);
      int length = Math.min(BULK - sent, 1 + random.nextInt(chunk.length));
      digest.update(chunk, 0, length);
      ByteBuffer out = ByteBuffer.wrap(chunk, 0, length);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      sent += length;
    }
    channel.shutdownOutput();
    return digest.digest();
  }

  private static byte[] receive(SocketChannel channel) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    ByteBuffer in = ByteBuffer.allocateDirect(70_000);
    while (channel.read(in) >= 0) {
      digest.update(in.flip());
      in.clear();
    }
    return digest.digest();
  }

  @Test
  void bulkInBothDirectionsAtOnce() throws Exception {
    Pair pair = net.connect();
    Blocked<byte[]> there = Blocked.started(() -> send(pair.client(), 1));
    Blocked<byte[]> back = Blocked.started(() -> send(pair.server(), 2));
    Blocked<byte[]> arrivedThere = Blocked.started(() -> receive(pair.server()));
    Blocked<byte[]> arrivedBack = Blocked.started(() -> receive(pair.client()));
    assertThat(arrivedThere.result()).isEqualTo(there.result());
    assertThat(arrivedBack.result()).isEqualTo(back.result());
  }

  @Test
  void twoHundredConnectionsAtOnceInVirtualThreads() throws Exception {
    ServerSocketChannel server = net.unboundServer();
    server.bind(new java.net.InetSocketAddress(net.address, 0), 200);
    Blocked<Integer> acceptor =
        Blocked.started(() -> {
          for (int i = 0; i < 200; i++) {
            SocketChannel peer = server.accept();
            Thread.ofVirtual().start(() -> echo(peer));
          }
          return 200;
        });
    List<Blocked<Boolean>> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int number = i;
      clients.add(Blocked.started(() -> converse(server.getLocalAddress(), number)));
    }
    for (Blocked<Boolean> client : clients) {
      assertThat(client.result()).isTrue();
    }
    assertThat(acceptor.result()).isEqualTo(200);
  }

  private static void echo(SocketChannel peer) {
    try (peer) {
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (peer.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          peer.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean converse(java.net.SocketAddress server, int number) throws IOException {
    try (SocketChannel channel = net.socket()) {
      channel.connect(server);
      Random random = new Random(number);
      byte[] expected = new byte[5000];
      for (int round = 0; round < 20; round++) {
        random.nextBytes(expected);
        ByteBuffer out = ByteBuffer.wrap(expected);
        while (out.hasRemaining()) {
          channel.write(out);
        }
        ByteBuffer in = ByteBuffer.allocate(expected.length);
        while (in.hasRemaining() && channel.read(in) >= 0) {
          assertThat(in.position()).isPositive();
        }
        assertThat(in.array()).isEqualTo(expected);
      }
      channel.shutdownOutput();
      return channel.read(ByteBuffer.allocate(1)) < 0;
    }
  }

  @Test
  void manyReadersAndWritersOfOneChannelLoseNothing() throws Exception {
    Pair pair = net.connect();
    AtomicLong sum = new AtomicLong();
    List<Blocked<Long>> readers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      readers.add(
          Blocked.started(() -> {
            long count = 0;
            ByteBuffer in = ByteBuffer.allocate(999);
            while (pair.server().read(in.clear()) >= 0) {
              count += in.position();
              for (int at = 0; at < in.position(); at++) {
                sum.addAndGet(in.get(at));
              }
            }
            return count;
          }));
    }
    List<Blocked<Boolean>> writers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      byte[] data = new byte[100_000];
      java.util.Arrays.fill(data, (byte) i);
      writers.add(
          Blocked.started(() -> {
            ByteBuffer out = ByteBuffer.wrap(data);
            while (out.hasRemaining()) {
              pair.client().write(out);
            }
            return true;
          }));
    }
    for (Blocked<Boolean> writer : writers) {
      assertThat(writer.result()).isTrue();
    }
    pair.client().shutdownOutput();
    long count = 0;
    for (Blocked<Long> reader : readers) {
      count += reader.result();
    }
    assertThat(count).isEqualTo(400_000);
    assertThat(sum.get()).isEqualTo(100_000L * (1 + 2 + 3 + 4));
  }

  @Test
  void aServerThatClosesFirstServesAThousandInARow() throws Exception {
    ServerSocketChannel server = net.server();
    Blocked<Integer> acceptor =
        Blocked.started(() -> {
          for (int i = 0; i < 1000; i++) {
            try (SocketChannel peer = server.accept()) {
              peer.write(ByteBuffer.wrap(new byte[] {(byte) i}));
            }
          }
          return 1000;
        });
    ByteBuffer in = ByteBuffer.allocate(2);
    for (int i = 0; i < 1000; i++) {
      try (SocketChannel client = net.socket()) {
        client.connect(server.getLocalAddress());
        in.clear();
        assertThat(client.read(in)).isEqualTo(1);
        assertThat(in.get(0)).isEqualTo((byte) i);
        assertThat(client.read(in)).isEqualTo(-1);
      }
    }
    assertThat(acceptor.result()).isEqualTo(1000);
  }

  @Test
  void connectionsWaitInTheBacklog() throws Exception {
    ServerSocketChannel server = net.unboundServer();
    server.bind(new java.net.InetSocketAddress(net.address, 0), 10);
    for (int i = 0; i < 10; i++) {
      SocketChannel client = net.socket();
      client.connect(server.getLocalAddress());
      client.write(ByteBuffer.wrap(new byte[] {(byte) i}));
      client.shutdownOutput();
    }
    ByteBuffer in = ByteBuffer.allocate(2);
    for (int i = 0; i < 10; i++) {
      try (SocketChannel peer = server.accept()) {
        assertThat(peer.read(in.clear())).isEqualTo(1);
        assertThat(in.get(0)).isEqualTo((byte) i);
        assertThat(peer.read(in)).isEqualTo(-1);
      }
    }
  }
}
