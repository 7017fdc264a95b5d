package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTuningTest {
  private static final long MS = 1_000_000L;
  private static final int MSS = 1000;

  private final WindowTuning tuning = new WindowTuning(MSS, 10 * MS, 0);

  @ParameterizedTest(name = "read {0} in the first round trip: {1}")
  @CsvSource({
    "1, 0", // little
    "10000, 0", // the peer's initial window
    "10001, 36009", // twice that, 16 segments, and what the growth asks for
    "20000, 168000",
    "40000, 672000",
  })
  void whatAReadAsksFor(int read, int window) {
    assertThat(tuning.read(read, MSS, MS)).isEqualTo(window);
  }

  @Test
  @DisplayName("A sender in slow start always finds a window of twice what it sent last")
  void slowStart() {
    int window = 65_535;
    long now = 0;
    for (int flight = 10 * MSS; flight < 4 << 20; flight *= 2) {
      assertThat(window).as("flight").isGreaterThanOrEqualTo(flight);
      for (int read = 0; read < flight; read += 2 * MSS) {
        window = Math.max(window, tuning.read(2 * MSS, MSS, now + 9 * MS));
      }
      now += 10 * MS;
    }
    assertThat(window).isGreaterThan(4 << 20);
  }

  @Test
  @DisplayName("A steady stream asks for no more than twice a round trip's worth and 16 segments")
  void steady() {
    int asked = 0;
    for (int ms = 1; ms <= 10_000; ms++) {
      int window = tuning.read(2 * MSS, MSS, ms * MS);
      asked = ms < 1000 ? 0 : Math.max(asked, window);
    }
    assertThat(tuning.space()).isBetween(20 * MSS, 24 * MSS);
    assertThat(asked).isLessThanOrEqualTo(2 * 24 * MSS + 16 * MSS);
  }

  @Test
  void rareReadsAskForNothing() {
    for (int second = 1; second <= 100; second++) {
      assertThat(tuning.read(5 * MSS, MSS, second * 1000 * MS)).isZero();
    }
  }

  @Test
  @DisplayName(
      "RFC 7323: the first echo of a timestamp counts, later ones contain the sender's wait")
  void echoes() {
    tuning.echoed(100, 20 * MS);
    tuning.echoed(100, 70 * MS);
    tuning.echoed(170, 12 * MS);
    assertThat(tuning.roundTrip()).isEqualTo(10 * MS);
    tuning.read(1, MSS, 10 * MS); // the round ends: the smallest of it
    assertThat(tuning.roundTrip()).isEqualTo(12 * MS);
  }

  @Test
  void aSenderThatPausedIsNotAPathThatIsSoMuchLonger() {
    tuning.echoed(100, 60_000 * MS);
    tuning.read(1, MSS, 10 * MS);
    assertThat(tuning.roundTrip()).isEqualTo(20 * MS);
    tuning.echoed(101, 9 * MS);
    tuning.read(1, MSS, 30 * MS);
    assertThat(tuning.roundTrip()).isEqualTo(9 * MS);
  }

  @Test
  @DisplayName("Without timestamps a round trip is what it takes to fill a window")
  void rounds() {
    WindowTuning unknown = new WindowTuning(MSS, 0, 0);
    int edge = 65_535;
    unknown.arrived(1, edge, 5 * MS);
    unknown.arrived(edge - 1, 2 * edge, 40 * MS);
    assertThat(unknown.roundTrip()).isZero();
    unknown.arrived(edge, 2 * edge, 45 * MS);
    assertThat(unknown.roundTrip()).isEqualTo(40 * MS);
    unknown.arrived(2 * edge, 3 * edge, 60 * MS);
    unknown.read(1, MSS, 60 * MS);
    assertThat(unknown.roundTrip()).isEqualTo(15 * MS);
  }

  @Test
  void amountsThatExceedAnIntDoNot() {
    WindowTuning huge = new WindowTuning(MSS, Long.MAX_VALUE / 4, 0);
    for (int i = 0; i < 5; i++) {
      assertThat(huge.read(Integer.MAX_VALUE / 2, MSS, i)).isEqualTo(Integer.MAX_VALUE);
    }
  }
}
