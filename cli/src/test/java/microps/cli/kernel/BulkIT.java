package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// 100 MB each way and both ways at once.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class BulkIT extends KernelTest {
  private static final long LENGTH = 100_000_000;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("echo of 100 MB")
  void echo(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (ServerSocketChannel server = bed.server(direction).listen(7)) {
      Future<Long> echoed =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.echo(channel);
            }
          });
      try (SocketChannel client = bed.client(direction).connect(bed.server(direction), 7)) {
        Future<Void> sent =
            meanwhile(() -> {
              Pattern.send(client, LENGTH);
              client.shutdownOutput();
            });
        Future<Long> received = meanwhile(() -> Pattern.receiveToEnd(client, 0));
        await(sent);
        assertThat(await(received)).isEqualTo(LENGTH);
        assertThat(await(echoed)).isEqualTo(LENGTH);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a one-way send does not stop at 64,240 bytes")
  void oneWay(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (ServerSocketChannel server = bed.server(direction).listen(9)) {
      Future<Long> received =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.receiveToEnd(channel, 0);
            }
          });
      try (SocketChannel client = bed.client(direction).connect(bed.server(direction), 9)) {
        await(meanwhile(() -> Pattern.send(client, LENGTH)));
      }
      assertThat(await(received)).isEqualTo(LENGTH);
    }
  }
}
