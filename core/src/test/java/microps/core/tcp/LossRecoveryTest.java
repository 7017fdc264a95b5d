package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.tcp.congestion.NewReno;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LossRecoveryTest {
  private static final int MSS = 1000;

  private final NewReno reno = new NewReno();
  private final LossRecovery recovery =
      new LossRecovery(reno, new SentSegments(new SlabPool()), true);
  private final RttEstimator rtt = new RttEstimator(1, 1, 1);
  private final AckNews news = new AckNews();
  private int una = 1;

  @BeforeEach
  void tenSegmentsInFlight() {
    reno.start(MSS, false);
    recovery.start(1, false);
    for (int i = 0; i < 10; i++) {
      recovery.sent(1 + i * MSS, 1 + (i + 1) * MSS, MSS, 0);
    }
  }

  /// The same octets, but the first segment is a probe of two.
  private LossRecovery withProbe() {
    LossRecovery r = new LossRecovery(reno, new SentSegments(new SlabPool()), true);
    r.start(1, false);
    r.sent(1, 2001, 2000, 0);
    for (int i = 2; i < 10; i++) {
      r.sent(1 + i * MSS, 1 + (i + 1) * MSS, MSS, 0);
    }
    r.mtuProbe().sent(1, 2001);
    return r;
  }

  /// An acknowledgment of new data.
  private boolean ack(int ack, int nxt) {
    news.begin(recovery, una, 0, 0, 0);
    news.sample.acked = ack - una;
    news.sample.limited = true;
    una = ack;
    recovery.segments().acknowledge(ack, news);
    boolean restart = recovery.acknowledged(news, ack, nxt, MSS, rtt);
    reno.acknowledged(news.sample);
    return restart;
  }

  private void thirdDuplicate() {
    assertThat(recovery.duplicateAck(1, 10_001, MSS, 0)).isFalse();
    assertThat(recovery.duplicateAck(1, 10_001, MSS, 0)).isFalse();
    assertThat(recovery.duplicateAck(1, 10_001, MSS, 0)).isTrue();
  }

  @Test
  @DisplayName("RFC 4821 7.6.2: the loss of an MTU probe alone is repaired, and lowers nothing")
  void probeForALargerMtu() {
    LossRecovery recovery = withProbe();
    for (int i = 0; i < 8; i++) {
      assertThat(recovery.duplicateAck(1, 10_001, MSS, 0)).isFalse();
    }
    assertThat(recovery.mtuProbe().takeLost()).isTrue();
    assertThat(recovery.isRecovering()).isFalse();
    assertThat(reno.window()).isEqualTo(10_000);
    assertThat(reno.threshold()).isEqualTo(Integer.MAX_VALUE);
    assertThat(recovery.isForced()).isTrue();
    assertThat(recovery.resendNext()).isEqualTo(1);
    recovery.resent(1001, MSS, 0, 0);
    assertThat(recovery.resendNext()).isEqualTo(1001);
    recovery.resent(2001, MSS, 0, 0);
    assertThat(recovery.hasResend()).isFalse();
  }

  @Test
  @DisplayName("RFC 4821 7.6.3: after a timeout the loss of an MTU probe counts as any other")
  void probeForALargerMtuAfterATimeout() {
    LossRecovery recovery = withProbe();
    recovery.timedOut(1, 10_001, true, 0);
    assertThat(recovery.mtuProbe().takeLost()).isFalse();
    assertThat(reno.threshold()).isEqualTo(5000);
  }

  @Test
  @DisplayName("RFC 3042: the first two duplicates each allow one segment beyond cwnd")
  void limitedTransmit() {
    assertThat(recovery.allowance(MSS)).isZero();
    recovery.duplicateAck(1, 10_001, MSS, 0);
    assertThat(recovery.allowance(MSS)).isEqualTo(MSS);
    recovery.duplicateAck(1, 10_001, MSS, 0);
    assertThat(recovery.allowance(MSS)).isEqualTo(2 * MSS);
  }

  @Test
  @DisplayName("MUST-19 RFC 6582 3.2 (2), (3): third duplicate, then inflation")
  void fastRetransmit() {
    thirdDuplicate();

    assertThat(recovery.isRecovering()).isTrue();
    assertThat(reno.threshold()).isEqualTo(5000);
    assertThat(reno.window()).isEqualTo(8000);
    assertThat(recovery.hasResend()).isTrue();
    assertThat(recovery.resendNext()).isEqualTo(1);
    recovery.resent(1001, MSS, 0, 0);
    assertThat(recovery.hasResend()).isFalse();

    recovery.duplicateAck(1, 10_001, MSS, 0);
    assertThat(reno.window()).isEqualTo(9000);
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 6582 3.2 (5): a partial ACK sends the next hole, deflates, restarts the timer once")
  void partialAck() {
    thirdDuplicate();
    recovery.resent(1001, MSS, 0, 0);

    assertThat(ack(3001, 10_001)).isTrue();
    assertThat(recovery.resendNext()).isEqualTo(3001);
    assertThat(reno.window()).isEqualTo(8000 - 3000 + 1000);
    recovery.resent(4001, MSS, 0, 0);
    assertThat(ack(4001, 10_001)).isFalse();
    assertThat(recovery.isRecovering()).isTrue();
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 6582 3.2 (4): a full ACK ends it with min(ssthresh, max(FlightSize, SMSS) + SMSS)")
  void fullAck() {
    thirdDuplicate();
    recovery.resent(1001, MSS, 0, 0);

    assertThat(ack(10_001, 10_001)).isTrue();
    assertThat(recovery.isRecovering()).isFalse();
    assertThat(reno.window()).isEqualTo(2000);
    assertThat(recovery.hasResend()).isFalse();
  }

  @Test
  @DisplayName("MUST-19 RFC 6582 4: no fast retransmit after a timeout until recover is passed")
  void afterTimeout() {
    recovery.timedOut(1, 10_001, true, 0);
    for (int i = 0; i < 5; i++) {
      assertThat(recovery.duplicateAck(1, 10_001, MSS, 0)).isFalse();
    }
    recovery.sent(10_001, 12_001, MSS, 0);
    ack(10_001, 12_001);
    recovery.duplicateAck(10_001, 12_001, MSS, 0);
    recovery.duplicateAck(10_001, 12_001, MSS, 0);
    assertThat(recovery.duplicateAck(10_001, 12_001, MSS, 0)).isTrue();
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 5681: after a timeout everything in flight is sent again, without what was acknowledged")
  void goBack() {
    recovery.timedOut(1, 10_001, true, 0);
    assertThat(recovery.resendNext()).isEqualTo(1);
    recovery.resent(1001, MSS, 0, 0);
    ack(6001, 10_001);
    assertThat(recovery.resendNext()).isEqualTo(6001);
    recovery.resent(7001, MSS, 0, 0);
    ack(10_001, 10_001);
    assertThat(recovery.hasResend()).isFalse();
  }

  @Test
  @DisplayName("3.4: a loss long ago lies behind, also after more than 2 GiB without another")
  void wrapsAround() {
    for (int i = 0; i < 5; i++) {
      int end = 10_001 + (i + 1) * (1 << 29);
      recovery.sent(end - (1 << 29), end, MSS, 0);
      ack(una + (1 << 29), end);
      assertThat(recovery.hasResend()).as("nothing to send again at %s", una).isFalse();
    }
    recovery.duplicateAck(una, una + 10_000, MSS, 0);
    recovery.duplicateAck(una, una + 10_000, MSS, 0);
    assertThat(recovery.duplicateAck(una, una + 10_000, MSS, 0)).isTrue();
  }

  /// A block arrives, on a path with a round trip of 100.
  private void sack(LossRecovery r, int left, int right, long now) {
    news.begin(r, 1, now, now, 100);
    r.segments().sack(left, right, 10_001, news);
    r.acknowledged(news, 1, 10_001, MSS, rtt);
  }

  @Test
  @DisplayName(
      "RFC 8985 6.3: what the reordering timer finds to be lost is in the next sample, and in no other")
  void lossesFoundByTheTimer() {
    LossRecovery r = new LossRecovery(reno, new SentSegments(new SlabPool()), true);
    r.start(1, true);
    for (int i = 0; i < 10; i++) {
      r.sent(1 + i * MSS, 1 + (i + 1) * MSS, MSS, 0);
    }
    rtt.lowest(100, 100);
    rtt.sample(100);

    sack(r, 2001, 3001, 100);
    assertThat(news.sample.lost).isZero();
    assertThat(r.reorderingWait()).isEqualTo(25);
    assertThat(r.reorderingTimeout(1, 10_001, MSS, 125)).isTrue();
    sack(r, 3001, 4001, 126);
    assertThat(news.sample.lost).isEqualTo(2 * MSS);
    sack(r, 4001, 5001, 127);
    assertThat(news.sample.lost).isZero();
  }
}
