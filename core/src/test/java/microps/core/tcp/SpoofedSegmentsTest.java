package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Segments under the name of the peer by somebody who knows the addresses and ports, and guesses
/// the rest.
class SpoofedSegmentsTest {
  private static final int PEER = 5000;
  private final Stranger stranger = new Stranger(TcpConfig.DEFAULT);
  private int ours;

  private static byte[] timestamps(int value) {
    return ByteBuffer.allocate(12).putInt(0x0101_080a).putInt(value).putInt(0).array();
  }

  @BeforeEach
  void connect() throws SocketFailure {
    stranger.listen(1);
    ours = stranger.connect(PEER, Stranger.TIMESTAMPS);
  }

  private void checkThePeerIsHeard() {
    stranger.send(PEER, TcpHeader.ACK | TcpHeader.PSH, 1, ours, 100, timestamps(2));
    stranger.send(PEER, TcpHeader.ACK | TcpHeader.PSH, 101, ours, 3000, timestamps(2));
    assertThat(stranger.last().ack()).isEqualTo(3101);
    assertThat(stranger.count(DropReason.TCP_PAWS)).isZero();
  }

  @Test
  @DisplayName("RFC 5961 4.2: a SYN in the window does not change TS.Recent")
  void synWithTimestamp() {
    stranger.send(PEER, TcpHeader.SYN, 1, 0, 0, timestamps(1 << 30));
    stranger.send(PEER, TcpHeader.SYN, 0, 0, 0, timestamps(1 << 30));
    stranger.send(PEER, TcpHeader.SYN | TcpHeader.ACK, 1, ours, 0, timestamps(1 << 30));
    checkThePeerIsHeard();
  }

  @Test
  @DisplayName("RFC 5961 5.2: an ACK that cannot be the peer's does not change TS.Recent")
  void ackOfNothingWithTimestamp() {
    stranger.send(PEER, TcpHeader.ACK, 1, ours + 1, 0, timestamps(1 << 30));
    stranger.send(PEER, TcpHeader.ACK, 1, ours - 0x20000, 0, timestamps(1 << 30));
    stranger.send(PEER, TcpHeader.PSH, 1, 0, 10, timestamps(1 << 30));
    checkThePeerIsHeard();
  }

  @Test
  @DisplayName("RFC 5961 7: a flood of SYNs with old timestamps is answered ten times a second")
  void floodOfOldSyns() {
    int before = stranger.heard.size();
    for (int i = 0; i < 100; i++) {
      stranger.send(PEER, TcpHeader.SYN, 77_777 * i, 0, 0, timestamps(-5));
    }
    assertThat(stranger.heard.size() - before).isBetween(1, 10);
  }
}
