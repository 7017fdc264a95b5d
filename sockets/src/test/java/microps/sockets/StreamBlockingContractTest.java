package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import microps.sockets.Network.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How calls on a SocketChannel and a ServerSocketChannel wait and are ended, in platform and
/// virtual threads; the JDK's own do it too.
@ParameterizedClass
@MethodSource("kinds")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamBlockingContractTest {

  static Stream<Arguments> kinds() {
    return Stream.of(Network.Kind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, false), Arguments.of(kind, true)));
  }

  private final Network net;
  private final boolean virtual;

  StreamBlockingContractTest(Network.Kind kind, boolean virtual) {
    net = kind.open();
    this.virtual = virtual;
  }

  @AfterEach
  void close() throws Exception {
    net.close();
  }

  private <T> Blocked<T> blocked(Callable<T> call) {
    return Blocked.in(virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon(), call);
  }

  /// Fills what lies between the ends, until a write waits.
  private Blocked<Long> blockedWriter(SocketChannel channel) {
    return blocked(() -> {
      long n = 0;
      while (true) {
        n += channel.write(ByteBuffer.allocate(1 << 16));
      }
    });
  }

  @Test
  void closeEndsARead() throws Exception {
    Pair pair = net.connect();
    Blocked<?> reader = blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
    pair.client().close();
    assertThat(reader.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
    assertThat(pair.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
  }

  @Test
  void closeEndsAWrite() throws Exception {
    Pair pair = net.connect();
    Blocked<?> writer = blockedWriter(pair.client());
    pair.client().close();
    assertThat(writer.failure()).isInstanceOf(java.nio.channels.ClosedChannelException.class);
  }

  @Test
  void closeEndsAnAccept() throws Exception {
    ServerSocketChannel server = net.server();
    Blocked<?> accepter = blocked(server::accept);
    server.close();
    assertThat(accepter.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
  }

  @Test
  void interruptEndsARead() throws Exception {
    Pair pair = net.connect();
    Blocked<?> reader = blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
    reader.thread.interrupt();
    assertThat(reader.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
    assertThat(reader.interruptedAfter()).isTrue();
    assertThat(pair.client().isOpen()).isFalse();
  }

  @Test
  void interruptEndsAWrite() throws Exception {
    Pair pair = net.connect();
    Blocked<?> writer = blockedWriter(pair.client());
    writer.thread.interrupt();
    assertThat(writer.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
    assertThat(writer.interruptedAfter()).isTrue();
    assertThat(pair.client().isOpen()).isFalse();
  }

  @Test
  void interruptEndsAnAccept() throws Exception {
    ServerSocketChannel server = net.server();
    Blocked<?> accepter = blocked(server::accept);
    accepter.thread.interrupt();
    assertThat(accepter.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
    assertThat(accepter.interruptedAfter()).isTrue();
    assertThat(server.isOpen()).isFalse();
  }

  @Test
  void anInterruptedThreadCannotBegin() throws Exception {
    Pair pair = net.connect();
    Blocked<Integer> reader =
        Blocked.started(
            virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon(),
            () -> {
              Thread.currentThread().interrupt();
              return pair.client().read(ByteBuffer.allocate(1));
            });
    assertThat(reader.failure()).isExactlyInstanceOf(ClosedByInterruptException.class);
    assertThat(reader.interruptedAfter()).isTrue();
    assertThat(pair.client().isOpen()).isFalse();
  }

  @Test
  void shutdownInputEndsARead() throws Exception {
    Pair pair = net.connect();
    Blocked<Integer> reader = blocked(() -> pair.client().read(ByteBuffer.allocate(1)));
    pair.client().shutdownInput();
    assertThat(reader.result()).isEqualTo(-1);
    assertThat(pair.client().isOpen()).isTrue();
  }

  @Test
  void shutdownOutputEndsAWrite() throws Exception {
    Pair pair = net.connect();
    Blocked<?> writer = blockedWriter(pair.client());
    pair.client().shutdownOutput();
    assertThat(writer.failure()).isInstanceOf(IOException.class);
    assertThat(pair.client().isOpen()).isTrue();
  }

  @Test
  void dataEndsARead() throws Exception {
    Pair pair = net.connect();
    Blocked<Integer> reader = blocked(() -> pair.client().read(ByteBuffer.allocate(9)));
    pair.server().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(reader.result()).isEqualTo(3);
  }

  @Test
  void aReadOnTheOtherEndEndsAWrite() throws Exception {
    Pair pair = net.connect();
    int size = 1 << 26;
    Blocked<Boolean> writer =
        blocked(() -> {
          ByteBuffer out = ByteBuffer.allocate(size);
          while (out.hasRemaining()) { // the JDK's writes a part in a virtual thread
            pair.client().write(out);
          }
          return true;
        });
    long n = 0;
    ByteBuffer in = ByteBuffer.allocate(1 << 16);
    while (n < size) {
      n += pair.server().read(in.clear());
    }
    assertThat(writer.result()).isTrue();
    pair.client().close();
    assertThat(pair.server().read(in.clear())).isEqualTo(-1);
  }

  @Test
  void aConnectionEndsAnAccept() throws Exception {
    ServerSocketChannel server = net.server();
    Blocked<SocketChannel> accepter = blocked(server::accept);
    SocketChannel client = net.socket();
    client.connect(server.getLocalAddress());
    try (SocketChannel accepted = accepter.result()) {
      assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
    }
  }

  @Test
  void aResetEndsAWrite() throws Exception {
    Pair pair = net.connect();
    Blocked<?> writer = blockedWriter(pair.client());
    pair.server().setOption(StandardSocketOptions.SO_LINGER, 0);
    pair.server().close();
    assertThat(writer.failure())
        .isInstanceOf(IOException.class)
        .message()
        .containsAnyOf("Connection reset", "Broken pipe");
  }

  @Test
  void lingeringCloseWaitsForThePeer() throws Exception {
    Pair pair = net.connect();
    pair.client().setOption(StandardSocketOptions.SO_LINGER, 30);
    pair.client().write(ByteBuffer.allocate(1000));
    Blocked<Void> closer =
        Blocked.started(
            virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon(),
            () -> {
              pair.client().close();
              return null;
            });
    ByteBuffer in = ByteBuffer.allocate(2000);
    while (pair.server().read(in) >= 0) {
      assertThat(in.position()).isPositive();
    }
    assertThat(in.position()).isEqualTo(1000);
    pair.server().close();
    assertThat(closer.result()).isNull();
  }

  @Test
  void nonBlockingCallsDoNotWait() throws Exception {
    ServerSocketChannel server = net.server();
    server.configureBlocking(false);
    assertThat(server.accept()).isNull();
    SocketChannel client = net.socket();
    client.configureBlocking(false);
    boolean connected = client.connect(server.getLocalAddress());
    SocketChannel accepted = null;
    while (!connected || accepted == null) {
      connected = connected || client.finishConnect();
      accepted = accepted == null ? server.accept() : accepted;
      Thread.yield();
    }
    assertThat(client.isConnected()).isTrue();
    assertThat(accepted.isBlocking()).isTrue();
    assertThat(client.read(ByteBuffer.allocate(1))).isZero();
    ByteBuffer out = ByteBuffer.allocate(1 << 16);
    long sent = 0;
    int idle = 0;
    while (idle < 1000) {
      int n = client.write(out.clear());
      sent += n;
      idle = n == 0 ? idle + 1 : 0;
    }
    client.shutdownOutput();
    ByteBuffer in = ByteBuffer.allocate(1 << 16);
    long received = 0;
    for (int n = 0; n >= 0; n = accepted.read(in.clear())) {
      received += n;
    }
    assertThat(received).isEqualTo(sent);
    accepted.close();
    client.configureBlocking(true);
    assertThat(client.read(in.clear())).isEqualTo(-1);
  }

  @Test
  void aPendingConnectRefusesAnother() throws Exception {
    SocketChannel client = net.socket();
    client.configureBlocking(false);
    ServerSocketChannel server = net.server();
    if (!client.connect(server.getLocalAddress())) {
      assertThat(client.isConnectionPending()).isTrue();
      assertThatThrownBy(() -> client.connect(server.getLocalAddress()))
          .isInstanceOf(java.nio.channels.ConnectionPendingException.class);
      assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1)))
          .isInstanceOf(java.nio.channels.NotYetConnectedException.class);
    }
    client.configureBlocking(true);
    assertThat(client.finishConnect()).isTrue();
    assertThat(server.accept().getRemoteAddress()).isEqualTo(client.getLocalAddress());
  }
}
