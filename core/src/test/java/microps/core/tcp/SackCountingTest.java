package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SackCountingTest {
  private static final int MSS = 1000;
  private static final int UNA = -4000; // the wrap lies in the middle

  private final SentSegments sent = new SentSegments(new SlabPool());
  private final SackCounting counting = new SackCounting();
  private final DeliveryRate rate = new DeliveryRate();
  private int fack = UNA;

  @BeforeEach
  void tenSent() {
    counting.start(UNA);
    for (int i = 0; i < 10; i++) {
      sent.sent(UNA + i * MSS, UNA + (i + 1) * MSS, MSS, rate, 0);
    }
  }

  /// These segments are SACKed, one acknowledgment each.
  private void sack(int... segments) {
    for (int n : segments) {
      sent.sack(UNA + n * MSS, UNA + (n + 1) * MSS, UNA + 100 * MSS, (slot, sacked) -> {});
      fack = Seq.max(fack, UNA + (n + 1) * MSS);
      counting.detectLoss(sent, n == 0, UNA, fack, MSS);
    }
  }

  private List<Integer> lost() {
    List<Integer> lost = new ArrayList<>();
    for (int s = sent.firstLost(); s != SentSegments.NONE; s = sent.sentNext(s)) {
      lost.add((sent.start(s) - UNA) / MSS);
    }
    return lost;
  }

  @ParameterizedTest(name = "SACKed {0}: lost {1}")
  @CsvSource({
    "'1', ''",
    "'1,2', ''",
    "'1,2,3', '0'", // more than (DupThresh - 1) * SMSS octets
    "'2,3,4', '0,1'",
    "'1,3,5', '0'", // three ranges above 0 only
    "'1,3,5,7', '0,2'",
    "'1,2,3,5', '0'", // above 4 there is one segment
    "'1,2,3,5,6,7', '0,4'"
  })
  @DisplayName("RFC 6675 4 IsLost: DupThresh ranges, or more than (DupThresh - 1) * SMSS, above it")
  void isLost(String sacked, String expected) {
    for (String n : sacked.split(",")) {
      sack(Integer.parseInt(n));
    }
    List<Integer> wanted = new ArrayList<>();
    for (String n : expected.split(",")) {
      if (!n.isEmpty()) {
        wanted.add(Integer.parseInt(n));
      }
    }
    assertThat(lost()).isEqualTo(wanted);
  }

  @Test
  @DisplayName("RFC 6675 5 (1): the third duplicate makes the first lost, however little is SACKed")
  void dupAcks() {
    for (int i = 0; i < 2; i++) {
      counting.detectLoss(sent, false, UNA, fack, MSS);
    }
    assertThat(lost()).isEmpty();
    counting.detectLoss(sent, false, UNA, fack, MSS);
    assertThat(lost()).containsExactly(0);
  }

  @Test
  @DisplayName("RFC 6675: what was sent again is not lost again by counting")
  void onceOnly() {
    sack(1, 2, 3);
    sent.resent(UNA + MSS, MSS, rate, 1);
    sack(4, 5, 6);
    assertThat(lost()).isEmpty();
  }

  @Test
  @DisplayName("RFC 6675 4 NextSeg (3), (4): holes that are not lost yet, then the last, once")
  void nextSeg() {
    sack(1, 2, 3, 5, 6);
    assertThat(lost()).containsExactly(0);
    sent.resent(UNA + MSS, MSS, rate, 1);
    counting.recoveryBegins();
    assertThat(counting.findMore(sent, fack)).isTrue();
    assertThat(lost()).containsExactly(4);
    sent.resent(UNA + 5 * MSS, MSS, rate, 1);
    assertThat(counting.findMore(sent, fack)).isTrue();
    assertThat(lost()).containsExactly(9);
    assertThat(counting.findMore(sent, fack)).isFalse();
  }
}
