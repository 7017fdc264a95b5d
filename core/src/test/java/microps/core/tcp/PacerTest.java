package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacerTest {
  private static final int MSS = 1000;
  private static final long MS = 1_000_000;

  private final Pacer pacer = new Pacer();
  private long now = 1_000 * MS;

  private int burst() {
    int segments = 0;
    while (pacer.mayLeave(MSS, now) && segments < 10_000) {
      pacer.left(MSS);
      segments++;
    }
    return segments;
  }

  @ParameterizedTest
  @CsvSource({
    "100000, 2147483647, 100, 0, 0, 2000000", // slow start: twice the window in a round trip
    "100000, 200002, 100, 0, 0, 2000000",
    "100000, 200000, 100, 0, 0, 1200000", // near ssthresh and beyond: 1.2 times
    "100000, 50000, 100, 0, 0, 1200000",
    "100000, 50000, 100, 777, 0, 777", // the algorithm knows
    "100000, 50000, 100, 0, 5000, 5000", // the user's limit
    "100000, 50000, 100, 777, 5000, 777",
    "100000, 50000, 0, 0, 0, 0", // nothing measured, or as good as no way
    "100000, 50000, 0, 0, 5000, 5000",
    "1, 1073741824, 3600000, 0, 0, 1",
    "1073741824, 1073741824, 1, 0, 0, 1288490188800"
  })
  @DisplayName("pacing: the rate follows window and round trip, the algorithm, the user's limit")
  void rate(int window, int threshold, long rttMs, long algorithm, long limit, long expected) {
    assertThat(Pacer.rateFor(window, threshold, rttMs * MS, algorithm, limit)).isEqualTo(expected);
  }

  @Test
  @DisplayName("pacing: a round trip below a millisecond is not paced")
  void shortPath() {
    assertThat(Pacer.rateFor(100_000, 50_000, MS - 1, 0, 0)).isZero();
    assertThat(pacer.mayLeave(MSS, now)).isTrue();
    assertThat(pacer.quantum(MSS)).isEqualTo(Pacer.MAX_QUANTUM);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 100000, 2000", // a slow path
    "12500000, 100000, 12500", // a slice
    "12500000, 0, 12500", // nothing measured
    "12500000, 500, 65536", // next door: as much as goes
    "12500000, 1000, 45268", // and half of that with each half of a millisecond more
    "12500000, 10000, 12500",
    "125000000, 100000, 65536"
  })
  @DisplayName(
      "pacing: a super-segment is a millisecond's worth, and more on a path of few of them")
  void burst(long rate, long minRttMicros, int octets) {
    pacer.setRate(rate);
    assertThat(pacer.burst(MSS, minRttMicros * 1000)).isEqualTo(octets);
  }

  @ParameterizedTest
  @CsvSource({"1000, 2000", "12500000, 12500", "125000000, 65536", "1000000000000, 65536"})
  @DisplayName("pacing: a burst is a millisecond's worth, at least two segments, at most 64 KiB")
  void quantum(long rate, int octets) {
    pacer.setRate(rate);
    assertThat(pacer.quantum(MSS)).isEqualTo(octets);
  }

  @ParameterizedTest
  @CsvSource({"10000", "1000000", "12500000", "1000000000"})
  @DisplayName("pacing: over a second as much leaves as the rate says, by at most 1000 timers")
  void throughput(long rate) {
    pacer.start(0, now);
    pacer.setRate(rate);
    long octets = 0;
    int timers = 0;
    for (long end = now + 1000 * MS; now < end; timers++) {
      octets += (long) burst() * MSS;
      now = pacer.nextAt(MSS, 1 << 30);
    }
    assertThat(octets).isCloseTo(rate, within(rate / 100 + 2L * MSS));
    if (rate <= 65_536_000) {
      assertThat(timers).isLessThanOrEqualTo(1001);
    }
  }

  @Test
  @DisplayName("pacing: the initial window leaves at once (RFC 6928)")
  void initialWindow() {
    pacer.start(10 * MSS, now);
    pacer.setRate(100_000);
    assertThat(burst()).isBetween(10, 12);
  }

  @Test
  @DisplayName("pacing: an idle time saves no more than one burst")
  void idle() {
    pacer.setRate(1_000_000);
    burst();
    now += 3_600_000 * MS;
    assertThat(burst()).isEqualTo(2);
  }

  @Test
  @DisplayName("pacing: a timer that is late costs no throughput, within reason")
  void lateTimer() {
    pacer.setRate(10_000_000);
    burst();
    now = pacer.nextAt(MSS, 1 << 30) + 3 * MS;
    assertThat(burst()).isBetween(39, 42);
    now = pacer.nextAt(MSS, 1 << 30) + 3000 * MS;
    assertThat(burst()).isBetween(100, 112);
  }

  @Test
  @DisplayName("pacing: little that waits does not wait for a whole burst")
  void smallRest() {
    pacer.start(0, now);
    pacer.setRate(10_000_000);
    burst();
    long whole = pacer.nextAt(MSS, 1 << 30) - now;
    long little = pacer.nextAt(MSS, 100) - now;
    assertThat(little).isLessThan(whole / 5);
    now += little;
    assertThat(pacer.mayLeave(MSS, now)).isTrue();
  }

  @Test
  @DisplayName("pacing: what left at a high rate is not paid for at a low one")
  void slowsDown() {
    pacer.setRate(100_000_000);
    pacer.mayLeave(MSS, now);
    pacer.left(60 * MSS);
    pacer.left(64 * MSS);
    long wait = pacer.nextAt(MSS, 1) - now;
    pacer.setRate(10_000);
    assertThat(pacer.nextAt(MSS, 1) - now).isLessThan(2 * wait);
    pacer.setRate(0);
    assertThat(pacer.mayLeave(MSS, now)).isTrue();
  }

  @Test
  @DisplayName("pacing: the wait is never nothing, so that time goes on")
  void waits() {
    pacer.setRate(Long.MAX_VALUE);
    pacer.left(Integer.MAX_VALUE);
    assertThat(pacer.nextAt(MSS, 1)).isGreaterThan(0);
    pacer.setRate(1);
    now += 1;
    pacer.mayLeave(MSS, now);
    assertThat(pacer.nextAt(MSS, 1)).isGreaterThan(now);
  }
}
