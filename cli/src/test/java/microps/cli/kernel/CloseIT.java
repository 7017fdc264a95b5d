package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import microps.core.tcp.TcpState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How connections end, and how they do not begin.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class CloseIT extends KernelTest {
  private static final int LENGTH = 1_000_000;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("half-close by the client: what the server sends after it arrives")
  void clientHalfCloses(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      halfClose(pair.client(), pair.server());
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("half-close by the server: what the client sends after it arrives")
  void serverHalfCloses(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      halfClose(pair.server(), pair.client());
    }
  }

  private void halfClose(SocketChannel first, SocketChannel second) throws Exception {
    Future<Void> sent =
        meanwhile(() -> {
          Pattern.send(first, LENGTH);
          first.shutdownOutput();
        });
    assertThat(await(meanwhile(() -> Pattern.receiveToEnd(second, 0)))).isEqualTo(LENGTH);
    await(sent);
    Future<Void> sentBack =
        meanwhile(() -> {
          Pattern.send(second, LENGTH);
          second.close();
        });
    assertThat(await(meanwhile(() -> Pattern.receiveToEnd(first, 0)))).isEqualTo(LENGTH);
    await(sentBack);
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("both sides close at once: everything arrives, both see the end")
  void bothClose(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      Future<Void> one =
          meanwhile(() -> {
            Pattern.send(pair.client(), LENGTH);
            pair.client().shutdownOutput();
          });
      Future<Void> other =
          meanwhile(() -> {
            Pattern.send(pair.server(), LENGTH);
            pair.server().shutdownOutput();
          });
      Future<Long> there = meanwhile(() -> Pattern.receiveToEnd(pair.server(), 0));
      Future<Long> back = meanwhile(() -> Pattern.receiveToEnd(pair.client(), 0));
      await(one);
      await(other);
      assertThat(await(there)).isEqualTo(LENGTH);
      assertThat(await(back)).isEqualTo(LENGTH);
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a reset ends a read that waits")
  void resetWhileReading(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      Future<Integer> read = meanwhile(() -> pair.server().read(ByteBuffer.allocate(10)));
      untilLastTaskWaits(bed.server(direction) == bed.microps);
      pair.client().setOption(StandardSocketOptions.SO_LINGER, 0);
      pair.client().close();
      assertThat(failureOf(read))
          .isInstanceOf(SocketException.class)
          .hasMessage("Connection reset");
    }
    until("microps has forgotten the connection", () -> bed.connections().isEmpty());
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a reset ends a write that waits")
  void resetWhileWriting(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      Future<Void> write = meanwhile(() -> Pattern.send(pair.server(), Long.MAX_VALUE));
      untilWindowIsClosed(bed);
      pair.client().close(); // with unread data: a reset (RFC 2525, section 2.17)
      assertThat(failureOf(write)).isInstanceOf(IOException.class);
    }
    until("microps has forgotten the connection", () -> bed.connections().isEmpty());
  }

  private static void untilWindowIsClosed(Bed bed) throws Exception {
    until(
        "a window is closed",
        () ->
            bed.connections().stream()
                .anyMatch(row -> row.sendWindow() == 0 || row.receiveWindow() == 0));
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a port where nobody listens refuses")
  void closedPort(Direction direction) throws Exception {
    Bed bed = bed(kind);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> bed.client(direction).connect(bed.server(direction), 4711))
          .isInstanceOf(ConnectException.class)
          .hasMessage("Connection refused");
    }
    assertThat(bed.connections()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("more connections than the backlog holds: all are served in the end")
  void backlog(Direction direction) throws Exception {
    Bed bed = bed(kind);
    Bed.set(bed.namespace, "ipv4/tcp_syncookies", "0"); // the kernel drops as we do
    int clients = 6;
    try (ServerSocketChannel server = bed.server(direction).listen(13, 2)) {
      List<Future<Long>> greeted = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        greeted.add(
            meanwhile(() -> {
              try (SocketChannel client =
                  bed.client(direction).connect(bed.server(direction), 13)) {
                return Pattern.receiveToEnd(client, 0);
              }
            }));
      }
      if (direction == Direction.KERNEL_TO_MICROPS) {
        until("the accept queue is full", () -> bed.count("tcp-accept-queue-full") > 0);
      } else {
        until(
            "some wait", () -> hasOne(bed, TcpState.ESTABLISHED) && hasOne(bed, TcpState.SYN_SENT));
      }
      Future<Void> served =
          meanwhile(() -> {
            for (int i = 0; i < clients; i++) {
              try (SocketChannel channel = server.accept()) {
                Pattern.send(channel, 1000);
              }
            }
          });
      for (Future<Long> each : greeted) {
        assertThat(await(each)).isEqualTo(1000);
      }
      await(served);
    }
  }

  private static boolean hasOne(Bed bed, TcpState state) {
    return bed.connections().stream().anyMatch(row -> row.state() == state);
  }
}
