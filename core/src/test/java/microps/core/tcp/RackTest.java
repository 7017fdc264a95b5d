package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RackTest {
  private static final int MSS = 1000;
  private static final long MIN_RTT = 100;
  private static final long SRTT = 110;

  private final Rack rack = new Rack();
  private final SentSegments sent = new SentSegments(new SlabPool());
  private final DeliveryRate rate = new DeliveryRate();

  /// Five segments, sent at 1000, 1010, ...
  private void fiveSent() {
    for (int i = 0; i < 5; i++) {
      sent.sent(i * MSS, (i + 1) * MSS, MSS, rate, 1000 + 10L * i);
    }
  }

  /// The n-th segment is SACKed at this time.
  private void sacked(int n, long now) {
    sent.sack(
        n * MSS,
        (n + 1) * MSS,
        5 * MSS,
        (slot, sacked) -> {
          boolean resent = sent.is(slot, SegmentMarks.EVER_RETRANSMITTED);
          int fack = rack.fack();
          rack.delivered(sent.xmitTs(slot), sent.end(slot), resent, false, now, MIN_RTT);
          rack.order(sent.start(slot), sent.end(slot), resent, fack);
        });
  }

  private void window(boolean dsack, boolean ended, boolean recovering) {
    rack.updateReoWnd(dsack, ended, recovering, sent.sackedSegments(), 5 * MSS, MIN_RTT, SRTT);
  }

  @Test
  @DisplayName("RFC 8985 5.1 RACK_sent_after: by time, and by sequence number at the same time")
  void sentAfter() {
    assertThat(Rack.sentAfter(2, 0, 1, 9)).isTrue();
    assertThat(Rack.sentAfter(1, 9, 1, 8)).isTrue();
    assertThat(Rack.sentAfter(1, 8, 1, 8)).isFalse();
    assertThat(Rack.sentAfter(1, 9, 2, 8)).isFalse();
    assertThat(Rack.sentAfter(1, Integer.MIN_VALUE, 1, Integer.MAX_VALUE)).isTrue();
  }

  @ParameterizedTest(name = "sent again {0}, echo earlier {1}, round trip {2}: counts {3}")
  @CsvSource({
    "false, false, 50, true",
    "true, false, 100, true",
    "true, false, 99, false",
    "true, true, 100, false"
  })
  @DisplayName(
      "RFC 8985 6.2 step 2: what may answer an earlier transmission than the last does not count")
  void ambiguous(boolean resent, boolean earlier, long rtt, boolean counts) {
    rack.delivered(1000, MSS, resent, earlier, 1000 + rtt, MIN_RTT);
    assertThat(rack.rtt()).isEqualTo(counts ? rtt : 0);
  }

  @ParameterizedTest(name = "end {0}, sent again {1}, fack {2}: {3}")
  @CsvSource({
    "1000, false, 2000, true",
    "1000, true, 2000, false",
    "2000, false, 2000, false",
    "3000, false, 2000, false"
  })
  @DisplayName(
      "RFC 8985 6.2 step 3: what was sent once and arrives after something higher was reordered")
  void reordering(int end, boolean resent, int fack, boolean seen) {
    rack.start(0);
    rack.order(end - MSS, end, resent, fack);
    assertThat(rack.isReorderingSeen()).isEqualTo(seen);
    assertThat(rack.takeDistance()).isEqualTo(seen ? fack - end + MSS : 0);
    assertThat(rack.takeDistance()).as("told once").isZero();
  }

  @Test
  @DisplayName("RFC 8985 6.2 step 4: the window is a quarter of min_RTT, and 0 from DupThresh on")
  void dupThresh() {
    fiveSent();
    window(false, false, false);
    assertThat(rack.reoWnd()).isEqualTo(25);
    sacked(1, 1110);
    sacked(2, 1120);
    window(false, false, false);
    assertThat(rack.reoWnd()).isEqualTo(25);
    sacked(3, 1130);
    window(false, false, false);
    assertThat(rack.reoWnd()).isZero();
  }

  @Test
  @DisplayName("RFC 8985 6.2 step 4: in recovery it is 0, unless reordering was seen")
  void inRecovery() {
    window(false, false, true);
    assertThat(rack.reoWnd()).isZero();
    rack.order(0, MSS, false, 2 * MSS);
    window(false, false, true);
    assertThat(rack.reoWnd()).isEqualTo(25);
  }

  @Test
  @DisplayName(
      "RFC 8985 6.2 step 4: a round with D-SACKs makes it larger, up to SRTT, for 16 recoveries")
  void dsackRounds() {
    window(true, false, false);
    assertThat(rack.reoWnd()).isEqualTo(50);
    window(true, false, false);
    assertThat(rack.reoWnd()).as("once in a round").isEqualTo(50);
    for (int round = 0; round < 10; round++) {
      rack.follow(5 * MSS);
      window(true, false, false);
    }
    assertThat(rack.reoWnd()).isEqualTo(SRTT);
    for (int recovery = 0; recovery < 15; recovery++) {
      window(false, true, false);
    }
    assertThat(rack.reoWnd()).isEqualTo(SRTT);
    window(false, true, false);
    assertThat(rack.reoWndMult()).isEqualTo(1);
    assertThat(rack.reoWnd()).isEqualTo(25);
  }

  @Test
  @DisplayName(
      "RFC 8985 6.2 step 5: what was sent before the newest that arrived is lost after rtt + reo_wnd")
  void detect() {
    fiveSent();
    sacked(2, 1120); // rtt 100
    window(false, false, false);
    assertThat(rack.detectLoss(sent, 1120)).as("until the first is lost").isEqualTo(5);
    assertThat(sent.lostOut()).isZero();
    assertThat(rack.detectLoss(sent, 1125)).as("then the second").isEqualTo(10);
    assertThat(sent.lostOut()).isEqualTo(MSS);
    assertThat(rack.detectLoss(sent, 1135)).as("what was sent later waits for its own").isZero();
    assertThat(sent.lostOut()).isEqualTo(2 * MSS);
  }

  @Test
  @DisplayName("RFC 8985 6.2 step 5: a retransmission that was lost is found too")
  void lostRetransmission() {
    fiveSent();
    sacked(1, 1110);
    sacked(2, 1120);
    sacked(3, 1130);
    window(false, false, false);
    rack.detectLoss(sent, 1130);
    assertThat(sent.firstLost()).isEqualTo(sent.at(0));
    sent.resent(MSS, MSS, rate, 1131);
    sent.sent(5 * MSS, 6 * MSS, MSS, rate, 1132);
    sacked(4, 1140);
    assertThat(rack.detectLoss(sent, 1140)).isZero();
    assertThat(sent.firstLost()).as("sent after all that has arrived").isEqualTo(-1);
    sacked(5, 1232);
    rack.detectLoss(sent, 1232);
    assertThat(sent.firstLost()).isEqualTo(sent.at(0));
    assertThat(sent.retransmittedOut()).isZero();
  }

  @Test
  @DisplayName("RFC 8985 6.2 step 5: before anything has arrived nothing is lost")
  void nothingKnown() {
    fiveSent();
    assertThat(rack.detectLoss(sent, 1_000_000)).isZero();
    assertThat(sent.lostOut()).isZero();
  }
}
