package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RttEstimatorTest {
  private static final long MS = 1_000_000L;

  private final RttEstimator rtt = new RttEstimator(1000 * MS, 200 * MS, 120_000 * MS);

  @Test
  @DisplayName("MUST-18 RFC 6298 (2.1): the RTO is 1 s before the first measurement")
  void initial() {
    assertThat(rtt.rto()).isEqualTo(1000 * MS);
    assertThat(rtt.srtt()).isZero();
  }

  @Test
  @DisplayName("MUST-18 RFC 6298 (2.2): SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR")
  void firstSample() {
    rtt.sample(300 * MS);

    assertThat(rtt.srtt()).isEqualTo(300 * MS);
    assertThat(rtt.rttvar()).isEqualTo(150 * MS);
    assertThat(rtt.rto()).isEqualTo(900 * MS);
  }

  @Test
  @DisplayName("MUST-18 RFC 6298 (2.3): RTTVAR first, from the old SRTT")
  void laterSamples() {
    rtt.sample(300 * MS);
    rtt.sample(500 * MS);

    assertThat(rtt.rttvar()).isEqualTo((3 * 150 + 200) * MS / 4);
    assertThat(rtt.srtt()).isEqualTo((7 * 300 + 500) * MS / 8);
    assertThat(rtt.rto()).isEqualTo(rtt.srtt() + 4 * rtt.rttvar());
  }

  @Test
  @DisplayName("MUST-18 RFC 6298 (2.4), (2.5): the RTO has a floor and a ceiling")
  void bounds() {
    rtt.sample(MS);
    assertThat(rtt.rto()).isEqualTo(200 * MS);

    rtt.sample(600_000 * MS);
    assertThat(rtt.rto()).isEqualTo(120_000 * MS);
  }

  @Test
  @DisplayName("MUST-19 RFC 6298 (5.5): each expiry doubles the RTO, up to the ceiling")
  void backOff() {
    long expected = 1000 * MS;
    for (int i = 0; i < 10; i++) {
      rtt.backOff();
      expected = Math.min(2 * expected, 120_000 * MS);
      assertThat(rtt.rto()).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("MUST-18 RFC 6298 (5.7): 3 s after a lost SYN without a measurement")
  void lostSyn() {
    rtt.afterLostSyn();
    assertThat(rtt.rto()).isEqualTo(3000 * MS);

    RttEstimator measured = new RttEstimator(1000 * MS, 200 * MS, 120_000 * MS);
    measured.sample(100 * MS);
    measured.afterLostSyn();
    assertThat(measured.rto()).isEqualTo(300 * MS);
  }

  @Test
  void progressForgetsTheDoublings() {
    rtt.sample(300 * MS);
    rtt.backOff();
    rtt.backOff();
    rtt.endBackOff();

    assertThat(rtt.rto()).isEqualTo(900 * MS);
  }

  @Test
  @DisplayName("RFC 6298 2 (2.3) RTO = SRTT + max(G, 4 * RTTVAR): G is a knob, as Linux has it")
  void margin() {
    RttEstimator wide = new RttEstimator(1000 * MS, 200 * MS, 120_000 * MS, 200 * MS);
    wide.sample(10 * MS);
    assertThat(wide.rto()).isEqualTo(210 * MS);
    wide.sample(500 * MS);
    assertThat(wide.rto()).isEqualTo(wide.srtt() + 4 * wide.rttvar());
  }
}
