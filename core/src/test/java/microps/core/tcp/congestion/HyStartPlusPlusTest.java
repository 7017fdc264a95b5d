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
    assertThat(hyStart.growth(8000)).isEqualTo(8000);
    round(8, 50_000 * US);
    round(8, 100_000 * US);
    assertThat(hyStart.growth(8000)).isEqualTo(2000);
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
    assertThat(hyStart.growth(8000)).isEqualTo(8000);
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
}
