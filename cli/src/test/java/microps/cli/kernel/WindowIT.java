package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import microps.core.tcp.TcpStatus;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Readers that pause, and read little.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class WindowIT extends KernelTest {
  private static final int MEGABYTE = 1_000_000;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("50 MB echo whose reader pauses until every window on the way is closed, five times")
  void echo(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction, 200_000)) {
      Future<Long> echoed =
          meanwhile(() -> {
            long n = Pattern.echo(pair.server());
            pair.server().shutdownOutput();
            return n;
          });
      Future<Void> sent =
          meanwhile(() -> {
            Pattern.send(pair.client(), 50 * MEGABYTE);
            pair.client().shutdownOutput();
          });
      long read = 0;
      for (int i = 0; i < 5; i++) {
        until("both windows are closed", () -> isStuck(bed.connections().getFirst()));
        long from = read;
        read = await(meanwhile(() -> Pattern.receive(pair.client(), from, from + 3 * MEGABYTE)));
      }
      long from = read;
      assertThat(await(meanwhile(() -> Pattern.receiveToEnd(pair.client(), from))))
          .isEqualTo(50 * MEGABYTE);
      await(sent);
      assertThat(await(echoed)).isEqualTo(50 * MEGABYTE);
    }
  }

  private static boolean isStuck(TcpStatus row) {
    return row.sendWindow() == 0 && row.receiveWindow() == 0;
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a reader of small pieces with a small buffer gets everything")
  void smallReads(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction, 4096)) {
      Future<Void> sent =
          meanwhile(() -> {
            Pattern.send(pair.client(), MEGABYTE);
            pair.client().shutdownOutput();
          });
      Future<Integer> received =
          meanwhile(() -> {
            int place = 0;
            ByteBuffer little = ByteBuffer.allocate(100);
            while (pair.server().read(little.clear()) >= 0) {
              Pattern.check(place, little.flip());
              place += little.remaining();
            }
            return place;
          });
      assertThat(await(received)).isEqualTo(MEGABYTE);
      await(sent);
    }
  }
}
