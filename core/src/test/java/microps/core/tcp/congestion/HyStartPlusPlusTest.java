package microps.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyStartPlusPlusTest {
  private static final long US = 1000;

  private final HyStartPlusPlus hyStart = new HyStartPlusPlus();

  /// A round of so many samples of one round trip.
  ///
  /// @return whether slow start ended
  private boolean round(int samples, long rtt) {
    boolean over = false;
    for (int i = 0; i < samples; i++) {
      AckSample ack = new AckSample();
      ack.roundStart = i == 0;
      ack.rtt = rtt;
      over |= hyStart.acknowledged(ack);
    }
    return over;
  }

  @ParameterizedTest
  @CsvSource({
    "8000, 11999, false", // RttThresh is at least 4 ms
    "8000, 12000, true",
    "80000, 89999, false", // an eighth of the last round's
    "80000, 90000, true",
    "800000, 815999, false", // at most 16 ms
    "800000, 816000, true"
  })
  @DisplayName("RFC 9406 4.2: RttThresh = max(4 ms, min(lastRoundMinRTT / 8, 16 ms)) leads to CSS")
  void threshold(long last, long current, boolean css) {
    round(8, last * US);
    round(8, current * US);
    assertThat(hyStart.isConservative()).isEqualTo(css);
  }

  @Test
  @DisplayName("RFC 9406 4.2: no decision before N_RTT_SAMPLE samples of a round")
  void samples() {
    round(8, 50_000 * US);
    round(7, 100_000 * US);
    assertThat(hyStart.isConservative()).isFalse();
  }

  @Test
  @DisplayName("RFC 9406 4.2: in the first round there is nothing to compare with")
  void firstRound() {
    round(100, 50_000 * US);
    assertThat(hyStart.isConservative()).isFalse();
  }

  @Test
  @DisplayName("RFC 9406 4.2: one long round trip of a round is noise, its minimum counts")
  void minimum() {
    round(8, 50_000 * US);
    round(1, 50_000 * US);
    AckSample late = new AckSample();
    late.rtt = 200_000 * US;
    for (int i = 0; i < 20; i++) {
      hyStart.acknowledged(late);
    }
    assertThat(hyStart.isConservative()).isFalse();
  }

  @Test
  @DisplayName("RFC 9406 4.2: CSS grows by a quarter")
  void growth() {
    assertThat(hyStart.growth(8000, false)).isEqualTo(8000);
    round(8, 50_000 * US);
    round(8, 100_000 * US);
    assertThat(hyStart.growth(8000, false)).isEqualTo(2000);
  }

  @Test
  @DisplayName("RFC 9406 4.2: five rounds of CSS, the first a partial one, end slow start")
  void rounds() {
    round(8, 50_000 * US);
    round(8, 100_000 * US); // CSS begins within: 1
    for (int i = 2; i <= 5; i++) {
      assertThat(round(8, 100_000 * US)).isFalse();
    }
    assertThat(round(1, 100_000 * US)).isTrue();
  }

  @Test
  @DisplayName("RFC 9406 4.2: a round trip below cssBaselineMinRtt resumes slow start")
  void resumes() {
    round(8, 50_000 * US);
    round(8, 100_000 * US);
    round(8, 99_000 * US);
    assertThat(hyStart.isConservative()).isFalse();
    assertThat(hyStart.growth(8000, false)).isEqualTo(8000);
  }

  @Test
  @DisplayName("RFC 9406 4.2: after that, CSS begins anew with all of its rounds")
  void beginsAnew() {
    round(8, 50_000 * US);
    round(8, 100_000 * US);
    round(8, 60_000 * US);
    round(8, 100_000 * US);
    assertThat(hyStart.isConservative()).isTrue();
    for (int i = 2; i <= 5; i++) {
      assertThat(round(8, 100_000 * US)).isFalse();
    }
    assertThat(round(1, 100_000 * US)).isTrue();
  }

  // Where it is paced

  private static final long MS = 1_000_000;

  private long now = 1_000 * MS;

  /// Samples of what is paced, so far apart.
  ///
  /// @return whether slow start ended
  private boolean paced(int samples, long apart, long rtt, boolean roundStart) {
    boolean over = false;
    for (int i = 0; i < samples; i++) {
      AckSample ack = new AckSample();
      now += apart;
      ack.now = now;
      ack.paced = true;
      ack.roundStart = roundStart && i == 0;
      ack.rtt = rtt;
      ack.deliveryRate = 10_000_000;
      over |= hyStart.acknowledged(ack);
    }
    return over;
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1999, false", // at least 1 ms
    "1000, 2000, true",
    "80000, 84999, false", // a sixteenth of the last round's
    "80000, 85000, true",
    "800000, 815999, false", // at most 16 ms
    "800000, 816000, true"
  })
  @DisplayName("RFC 9406 4.2, deviation: paced, max(1 ms, min(lastRoundMinRTT / 16, 16 ms))")
  void pacedThreshold(long last, long current, boolean css) {
    paced(20, last * US / 10, last * US, true);
    paced(1, last * US / 10, last * US, true);
    paced(20, last * US / 10, current * US, false);
    assertThat(hyStart.isConservative()).isEqualTo(css);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 100, false", // N_RTT_SAMPLE
    "8, 10, false", // 7 ms: less than a sixteenth of a round trip of 120 ms
    "8, 11, true"
  })
  @DisplayName(
      "RFC 9406 4.2, deviation: paced, eight samples over a sixteenth of a round trip decide")
  void pacedParts(int samples, int tenths, boolean css) {
    paced(30, 4 * MS, 100 * MS, true);
    paced(samples, tenths * MS / 10, 120 * MS, true);
    assertThat(hyStart.isConservative()).isEqualTo(css);
  }

  @Test
  @DisplayName(
      "RFC 9406 4.2, deviation: paced, the first of a round find no queue, the last ones do")
  void pacedLateInTheRound() {
    paced(30, 4 * MS, 100 * MS, true);
    paced(30, MS, 100 * MS, true);
    assertThat(hyStart.isConservative()).isFalse();
    paced(20, MS, 120 * MS, false);
    assertThat(hyStart.isConservative()).isTrue();
  }

  @Test
  @DisplayName("RFC 9406 4.3: paced, the window does not grow in CSS")
  void pacedGrowth() {
    assertThat(hyStart.growth(8000, true)).isEqualTo(8000);
    paced(30, 4 * MS, 100 * MS, true);
    paced(30, 4 * MS, 120 * MS, true);
    assertThat(hyStart.growth(8000, true)).isZero();
  }

  @Test
  @DisplayName("RFC 9406 4.2, deviation: paced, two rounds of CSS, the first a partial one")
  void pacedRounds() {
    paced(30, 4 * MS, 100 * MS, true);
    assertThat(paced(30, 4 * MS, 120 * MS, true)).isFalse();
    assertThat(paced(30, 4 * MS, 120 * MS, true)).isFalse();
    assertThat(paced(1, 4 * MS, 120 * MS, true)).isTrue();
    // REST: 1.5 times what the path holds
    assertThat(hyStart.window(100 * MS)).isEqualTo(1_500_000);
  }

  @Test
  @DisplayName("RFC 9406 4.2: paced, only what was sent in CSS can end it, and does")
  void pacedResumes() {
    paced(30, 4 * MS, 100 * MS, true);
    paced(20, MS, 120 * MS, true);
    assertThat(hyStart.isConservative()).isTrue();
    paced(20, MS, 100 * MS, false); // sent before
    assertThat(hyStart.isConservative()).isTrue();
    paced(40, 4 * MS, 100 * MS, false);
    assertThat(hyStart.isConservative()).isFalse();
    assertThat(hyStart.growth(8000, true)).isEqualTo(8000);
  }

  @Test
  @DisplayName("slow start's end leaves the window alone where no rate is known")
  void noRate() {
    assertThat(hyStart.window(100 * MS)).isEqualTo(SlowStart.MAX_WINDOW);
  }
}
