package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import microps.core.basis.Counter;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Many frames at one go: each acknowledgment leaves that would have left, had they come one by
/// one.
class PromptAcksTest {
  private static final int ACK = TcpHeader.ACK;
  private static final byte[] MSS_AND_SACK = {2, 4, 5, (byte) 0xb4, 1, 1, 4, 2};
  private static final int FULL = 1460;

  private final Stranger peer = new Stranger(TcpConfig.DEFAULT);
  private int ack;

  @BeforeEach
  void connect() throws SocketFailure {
    peer.listen(16);
    ack = peer.connect(1, MSS_AND_SACK);
    peer.batch(() -> full(0, 1)); // what is full-sized is known, and quick ACKs are spent
    peer.pass(Stranger.SECOND);
    peer.heard.clear();
  }

  /// Segments of full size, numbered from 0.
  private void full(int from, int to) {
    for (int n = from; n < to; n++) {
      peer.send(1, ACK, 1 + n * FULL, ack, FULL);
    }
  }

  private static int end(int n) {
    return 1 + (n + 1) * FULL;
  }

  private List<Integer> acks() {
    return peer.heard.stream().map(Stranger.Heard::ack).toList();
  }

  @Test
  @DisplayName(
      "SHLD-19, RFC 5681 4.2: of a batch in order every second full segment is acknowledged")
  void everySecond() {
    peer.batch(() -> full(1, 9));
    assertThat(acks()).containsExactly(end(2), end(4), end(6), end(8));
    peer.batch(() -> full(9, 12));
    assertThat(acks()).hasSize(5).endsWith(end(10)); // the last one is delayed
    peer.pass(Stranger.SECOND);
    assertThat(acks()).hasSize(6).endsWith(end(11));
  }

  @Test
  @DisplayName("RFC 5681 4.2: in a batch each segment out of order has its own duplicate ACK")
  void eachOutOfOrder() {
    peer.batch(() -> full(2, 6));
    assertThat(acks()).containsExactly(end(0), end(0), end(0), end(0));
    assertThat(peer.heard.get(0).sack()).containsExactly(end(1), end(2));
    assertThat(peer.heard.get(3).sack()).containsExactly(end(1), end(5));
  }

  @Test
  @DisplayName("MUST-59, RFC 5681 4.2: in a batch what fills a gap is acknowledged at once")
  void eachThatFills() {
    peer.batch(() -> {
      full(2, 3);
      full(4, 5);
      full(1, 2);
      full(3, 4);
      full(5, 6);
    });
    assertThat(acks()).containsExactly(end(0), end(0), end(2), end(4));
  }

  @Test
  @DisplayName("RFC 2883 4: in a batch each duplicate has its own D-SACK")
  void eachDuplicate() {
    peer.batch(() -> full(1, 3));
    peer.heard.clear();
    peer.batch(() -> {
      full(0, 1);
      full(2, 3);
      full(1, 2);
    });
    assertThat(acks()).containsExactly(end(2), end(2), end(2));
    assertThat(peer.heard.get(0).sack()).containsExactly(1, end(0));
    assertThat(peer.heard.get(1).sack()).containsExactly(end(1), end(2));
    assertThat(peer.heard.get(2).sack()).containsExactly(end(0), end(1));
  }

  @Test
  @DisplayName(
      "RFC 2883 4.1.2: a D-SACK of what waits behind a gap, and the duplicate ACKs about it")
  void duplicateBehindAGap() {
    peer.batch(() -> {
      full(2, 3);
      full(2, 3);
      full(3, 4);
    });
    assertThat(acks()).containsExactly(end(0), end(0), end(0));
    assertThat(peer.heard.get(1).sack()).containsExactly(end(1), end(2), end(1), end(2));
    assertThat(peer.heard.get(2).sack()).containsExactly(end(1), end(3));
  }

  @Test
  @DisplayName(
      "MUST-58, MUST-59: segments queued behind a gap are processed all before they are acknowledged by one ACK")
  void queuedBehindAGap() {
    peer.batch(() -> full(2, 9));
    peer.heard.clear();
    peer.batch(() -> full(1, 2));
    assertThat(acks()).containsExactly(end(8));
  }

  @Test
  @DisplayName(
      "Behind 64 frames that wait in the interface acknowledgments are merged, and counted")
  void bound() {
    peer.batch(() -> {
      for (int i = 0; i < 100; i++) {
        full(0, 1);
      }
    });
    assertThat(acks()).hasSize(PromptAcks.MOST_WAITING + 1).containsOnly(end(0));
    assertThat(peer.count(Counter.TCP_ACKS_MERGED)).isEqualTo(100 - PromptAcks.MOST_WAITING - 1);
    assertThat(peer.heard).allMatch(h -> h.sack().equals(List.of(1, end(0))));
  }
}
