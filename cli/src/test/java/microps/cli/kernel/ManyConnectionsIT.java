package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections at once, and one after the other.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class ManyConnectionsIT extends KernelTest {
  private static final int AT_ONCE = 200;
  private static final int ONE_BY_ONE = 1000;
  private static final int LENGTH = 100_000;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("200 connections at once, each with an echo of 100 kB")
  void atOnce(Direction direction) throws Exception {
    Bed bed = bed(kind);
    CountDownLatch connected = new CountDownLatch(AT_ONCE);
    try (ServerSocketChannel server = bed.server(direction).listen(7);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Void> served =
          meanwhile(() -> {
            for (int i = 0; i < AT_ONCE; i++) {
              SocketChannel channel = server.accept();
              threads.submit(() -> {
                try (channel) {
                  return Pattern.echo(channel);
                }
              });
            }
          });
      List<Future<Long>> clients = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        clients.add(
            threads.submit(() -> {
              try (SocketChannel client = bed.client(direction).connect(bed.server(direction), 7)) {
                connected.countDown();
                connected.await(); // now all of them are there
                Pattern.send(client, LENGTH);
                client.shutdownOutput();
                return Pattern.receiveToEnd(client, 0);
              }
            }));
      }
      await(served);
      for (Future<Long> client : clients) {
        assertThat(await(client)).isEqualTo(LENGTH);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("1,000 connections one after the other, the client closes first")
  void clientClosesFirst(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (ServerSocketChannel server = bed.server(direction).listen(7)) {
      Future<Void> served =
          meanwhile(() -> {
            for (int i = 0; i < ONE_BY_ONE; i++) {
              try (SocketChannel channel = server.accept()) {
                Pattern.echo(channel);
              }
            }
          });
      for (int i = 0; i < ONE_BY_ONE; i++) {
        try (SocketChannel client = bed.client(direction).connect(bed.server(direction), 7)) {
          Pattern.send(client, 100);
          Pattern.receive(client, 100);
        }
      }
      await(served);
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("the server closes first, 1,000 times")
  void serverClosesFirst(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (ServerSocketChannel server = bed.server(direction).listen(13)) {
      Future<Void> served = meanwhile(() -> greet(server, ONE_BY_ONE));
      for (int i = 0; i < ONE_BY_ONE; i++) {
        try (SocketChannel client = bed.client(direction).connect(bed.server(direction), 13)) {
          assertThat(Pattern.receiveToEnd(client, 0)).isEqualTo(100);
        }
      }
      await(served);
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("MAY-2 a client that takes the same port again and again meets no TIME-WAIT")
  void samePort(Direction direction) throws Exception {
    Bed bed = bed(kind);
    int times = 100;
    try (ServerSocketChannel server = bed.server(direction).listen(13)) {
      Future<Void> served = meanwhile(() -> greet(server, times));
      for (int i = 0; i < times; i++) {
        until("connected from the port", () -> receiveAt(40_000, bed, direction));
      }
      await(served);
    }
  }

  /// @return false while the client's side still waits for the last acknowledgment
  private static boolean receiveAt(int port, Bed bed, Direction direction) throws Exception {
    try (SocketChannel client = bed.client(direction).openSocket()) {
      client.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      client.bind(new InetSocketAddress("0.0.0.0", port));
      client.connect(bed.server(direction).at(13));
      assertThat(Pattern.receiveToEnd(client, 0)).isEqualTo(100);
      return true;
    } catch (BindException e) {
      return false;
    }
  }

  /// Sends a little and closes; then waits until the client has closed too, so that its port is
  /// free.
  private static void greet(ServerSocketChannel server, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      try (SocketChannel channel = server.accept()) {
        Pattern.send(channel, 100);
        channel.shutdownOutput();
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    }
  }
}
