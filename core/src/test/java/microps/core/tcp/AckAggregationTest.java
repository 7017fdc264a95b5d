package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What a driver makes of a batch of frames: all are fed before the stack is asked for its own.
class AckAggregationTest {
  private final TwoHosts hosts = new TwoHosts(1500);

  @Test
  @DisplayName("MUST-58, MUST-59 segments that arrive together are acknowledged together")
  void oneAckForABatch() throws SocketFailure {
    TcpListener listener = hosts.listen();
    TcpSocket client = hosts.a.openTcp();
    client.connect(TwoHosts.SERVER, hosts.now);
    hosts.runFor(1_000_000_000L);
    TcpSocket server = Objects.requireNonNull(listener.accept());
    int before = hosts.frames;

    // Ten segments, the initial window, reach the peer in the same nanosecond.
    client.write(ByteBuffer.allocate(10 * 1448), hosts.now);
    hosts.run(
        1_000_000_000L,
        () -> {
          TcpStatus status = client.status();
          return status != null && status.sendQueue() == 0;
        });
    assertThat(hosts.frames - before).isEqualTo(11);
    assertThat(server.available()).isEqualTo(10 * 1448);
  }
}
