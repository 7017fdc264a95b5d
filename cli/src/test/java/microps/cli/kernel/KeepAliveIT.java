package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections on which nothing is said.
class KeepAliveIT extends KernelTest {

  private static void keepAlive(SocketChannel channel) throws Exception {
    channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
    channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
    channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("MUST-24 probes are answered both ways; then the peer is gone, and a read fails")
  void probes(Direction direction) throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    try (Pair pair = pair(bed, direction)) {
      keepAlive(pair.client());
      Future<Integer> read = meanwhile(() -> pair.client().read(ByteBuffer.allocate(10)));
      // More than one answered probe: had the first not been, it would have been the last.
      if (direction == Direction.MICROPS_TO_KERNEL) {
        until("two probes", () -> bed.count("tcp-keep-alives") >= 2);
      } else {
        long before = bed.count("tcp-segments-sent");
        until("two answers", () -> bed.count("tcp-segments-sent") >= before + 2);
      }
      assertThat(read).isNotDone();
      bed.namespace.execute("ip", "link", "set", "tap0", "down");
      assertThat(failureOf(read))
          .isInstanceOf(IOException.class)
          .hasMessage("Connection timed out");
    }
  }
}
