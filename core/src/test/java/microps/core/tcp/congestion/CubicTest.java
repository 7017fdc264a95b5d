package microps.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CubicTest {
  private static final int MSS = 1000;
  private static final long MS = 1_000_000;
  private static final double ALPHA = 9.0 / 17;

  private final Cubic cubic = new Cubic();
  private final AckSample ack = new AckSample();
  private long now = 1_000_000_000;

  @BeforeEach
  void start() {
    cubic.start(MSS, false);
    ack.smoothedRtt = 100 * MS;
    ack.limited = true;
  }

  private void acknowledged(int octets) {
    ack.now = now;
    ack.acked = octets;
    cubic.acknowledged(ack);
  }

  /// A window of data is acknowledged, segment by segment, over a round trip.
  private void round() {
    int segments = cubic.window() / MSS;
    for (int i = 0; i < segments; i++) {
      now += ack.smoothedRtt / segments;
      acknowledged(MSS);
    }
  }

  private void rounds(double seconds) {
    for (long end = now + (long) (seconds * 1e9); now < end; ) {
      round();
    }
  }

  /// A loss at this window; recovery is over at once.
  private void lossAt(int segments) {
    cubic.setWindow(segments * MSS);
    cubic.lossDetected(segments * MSS, now);
    cubic.setWindow(cubic.threshold());
    acknowledged(0); // the stage begins
  }

  /// W_cubic(t) in segments.
  private static double w(double t, double wMax, double epoch) {
    double k = Math.cbrt((wMax - epoch) / 0.4);
    return 0.4 * Math.pow(t - k, 3) + wMax;
  }

  @Test
  @DisplayName("RFC 9438 4.6: ssthresh = FlightSize * 0.7, at least two segments")
  void decrease() {
    cubic.setWindow(100 * MSS);
    cubic.lossDetected(90 * MSS, now);
    assertThat(cubic.threshold()).isEqualTo(63 * MSS);
    cubic.lossDetected(MSS, now);
    assertThat(cubic.threshold()).isEqualTo(2 * MSS);
  }

  @Test
  @DisplayName("RFC 9438 4.6: marks of ECN reduce as losses do, at once")
  void marks() {
    cubic.setWindow(100 * MSS);
    cubic.congestionExperienced(100 * MSS, now);
    assertThat(cubic.threshold()).isEqualTo(70 * MSS);
    assertThat(cubic.window()).isEqualTo(70 * MSS);
  }

  @ParameterizedTest
  @CsvSource({"1, concave", "3, concave", "8, concave", "12, convex", "16, convex"})
  @DisplayName(
      "RFC 9438 4.2, 4.4, 4.5: the window follows W_cubic, concave to W_max, convex beyond")
  void curve(double seconds, String profile) {
    lossAt(2000); // K = cbrt(600 / 0.4) = 11.4 s
    rounds(seconds);
    double expected = w(seconds, 2000, 1400);
    assertThat(cubic.window() / (double) MSS).isCloseTo(expected, within(0.02 * expected));
    assertThat(cubic.window() < 2000 * MSS).isEqualTo(profile.equals("concave"));
  }

  @Test
  @DisplayName("RFC 9438 4.2: the target is at most one and a half windows a round trip")
  void targetIsBounded() {
    lossAt(100);
    ack.smoothedRtt = 20_000 * MS; // W_cubic a round trip later is thousands of segments
    int before = cubic.window();
    for (int i = 0; i < 70; i++) {
      now += MS;
      acknowledged(MSS);
    }
    assertThat(cubic.window()).isBetween((int) (1.3 * before), (int) (1.7 * before));
  }

  @Test
  @DisplayName("RFC 9438 4.3: on a short path the window is W_est, as Reno with beta 0.7 has it")
  void renoFriendly() {
    ack.smoothedRtt = 10 * MS;
    lossAt(20);
    int start = cubic.window();
    for (int i = 0; i < 8; i++) {
      round();
    }
    assertThat(cubic.window() - start).isCloseTo((int) (8 * ALPHA * MSS), within(MSS / 5));
  }

  @Test
  @DisplayName("RFC 9438 4.3: once W_est reaches the window before, alpha is 1")
  void alphaBecomesOne() {
    ack.smoothedRtt = 5 * MS;
    lossAt(20);
    while (cubic.window() < 20 * MSS) {
      round();
    }
    int before = cubic.window();
    for (int i = 0; i < 6; i++) {
      round();
    }
    assertThat(cubic.window() - before).isCloseTo(6 * MSS, within(MSS / 2));
  }

  @Test
  @DisplayName("RFC 9438 4.7 fast convergence: a second loss below W_max lowers W_max by 15 % more")
  void fastConvergence() {
    lossAt(1000);
    cubic.setWindow(800 * MSS);
    cubic.lossDetected(800 * MSS, now);
    cubic.setWindow(cubic.threshold()); // 560
    acknowledged(0);
    // W_max = 800 * 0.85 = 680, K = cbrt(120 / 0.4) = 6.69 s: there the plateau is
    rounds(6.7);
    assertThat(cubic.window() / MSS).isCloseTo(680, within(8));
  }

  @Test
  @DisplayName("RFC 9438 4.8: after a timeout cwnd is one segment, ssthresh 0.7 of the flight")
  void timeout() {
    cubic.setWindow(100 * MSS);
    cubic.timedOut(100 * MSS, true, now);
    assertThat(cubic.window()).isEqualTo(MSS);
    assertThat(cubic.threshold()).isEqualTo(70 * MSS);
    cubic.timedOut(MSS, false, now);
    assertThat(cubic.threshold()).isEqualTo(70 * MSS);
  }

  @Test
  @DisplayName("RFC 9438 4.8: the stage after a timeout begins on the plateau: K = 0")
  void stageAfterTimeout() {
    cubic.setWindow(2000 * MSS);
    cubic.timedOut(2000 * MSS, true, now);
    cubic.setWindow(1400 * MSS);
    acknowledged(0);
    rounds(5); // 1400 + 0.4 * 5^3 = 1450; with K = 11.4 it would be 1896
    assertThat(cubic.window() / MSS).isCloseTo(1450, within(25));
  }

  @Test
  @DisplayName("RFC 9438 4.9.2: a reduction for nothing restores the window and the curve")
  void undo() {
    lossAt(2000);
    rounds(4);
    int window = cubic.window();
    int threshold = cubic.threshold();
    cubic.lossDetected(window, now);
    cubic.setWindow(cubic.threshold());
    now += 50 * MS;
    cubic.undo();
    assertThat(cubic.window()).isEqualTo(window);
    assertThat(cubic.threshold()).isEqualTo(threshold);
    rounds(4);
    assertThat(cubic.window() / (double) MSS).isCloseTo(w(8, 2000, 1400), within(40.0));
  }

  @Test
  @DisplayName("RFC 9438 4.9.1: so does a timeout for nothing")
  void undoTimeout() {
    lossAt(2000);
    int window = cubic.window();
    cubic.timedOut(window, true, now);
    cubic.timedOut(MSS, false, now);
    cubic.undo();
    assertThat(cubic.window()).isEqualTo(window);
    rounds(3);
    assertThat(cubic.window() / (double) MSS).isCloseTo(w(3, 2000, 1400), within(40.0));
  }

  @Test
  @DisplayName("RFC 9438 4.2, 5.8: while the user limits the sender neither cwnd nor t grow")
  void applicationLimited() {
    lossAt(2000);
    rounds(2);
    int window = cubic.window();
    ack.limited = false;
    for (int i = 0; i < 600; i++) {
      now += 100 * MS; // a minute
      acknowledged(MSS);
    }
    assertThat(cubic.window()).isEqualTo(window);
    ack.limited = true;
    rounds(2);
    assertThat(cubic.window() / (double) MSS).isCloseTo(w(4, 2000, 1400), within(40.0));
  }

  @Test
  @DisplayName("RFC 9438 5.8: nor does t go on while all is idle")
  void idle() {
    lossAt(2000);
    rounds(2);
    now += 86_400_000 * MS;
    rounds(2);
    assertThat(cubic.window() / (double) MSS).isCloseTo(w(4, 2000, 1400), within(60.0));
  }

  @Test
  @DisplayName("RFC 9438 4.10: out of slow start without a loss, K = 0 and W_max = cwnd")
  void slowStartEndsQuietly() {
    cubic.setWindow(1000 * MSS);
    cubic.setThreshold(1000 * MSS);
    acknowledged(0);
    rounds(5);
    assertThat(cubic.window() / MSS).isCloseTo(1050, within(15));
  }

  @Test
  @DisplayName(
      "RFC 9438 4.10, RFC 9406 4.3: slow start; one ACK counts for 8 segments, if not paced")
  void slowStart() {
    acknowledged(MSS);
    assertThat(cubic.window()).isEqualTo(11 * MSS);
    acknowledged(20 * MSS);
    assertThat(cubic.window()).isEqualTo(19 * MSS);
    ack.paced = true;
    acknowledged(20 * MSS);
    assertThat(cubic.window()).isEqualTo(39 * MSS);
  }

  @Test
  @DisplayName("RFC 9438 4.10: what slow start has left over at ssthresh counts for the stage")
  void crossesThreshold() {
    cubic.setThreshold(12 * MSS);
    ack.paced = true;
    acknowledged(10 * MSS);
    assertThat(cubic.window()).isBetween(12 * MSS, 13 * MSS);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: an ACK with ECN-Echo makes no window larger")
  void marked() {
    ack.ecnEcho = true;
    acknowledged(MSS);
    assertThat(cubic.window()).isEqualTo(10 * MSS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 48, 1460, 65_495, 1 << 29})
  @DisplayName("RFC 9438: no window and no time overflows")
  void extremes(int mss) {
    cubic.start(mss, false);
    for (int octets : new int[] {0, 1, mss, 1 << 30, Integer.MAX_VALUE}) {
      for (long step : new long[] {0, 1, 86_400_000 * MS, Long.MAX_VALUE / 64}) {
        for (long rtt : new long[] {0, 1, 1000 * MS, Long.MAX_VALUE / 64}) {
          now += step;
          ack.smoothedRtt = rtt;
          acknowledged(octets);
          assertThat(cubic.window()).isBetween(mss, 1 << 30);
        }
        cubic.lossDetected(octets, now);
        assertThat(cubic.threshold()).isPositive();
        cubic.setWindow(octets);
        acknowledged(octets);
        cubic.setWindow(Integer.MAX_VALUE);
        acknowledged(octets);
        assertThat(cubic.window()).isBetween(mss, 1 << 30);
      }
    }
  }

  @Test
  @DisplayName("RFC 9438 4.2: the plateau of the largest window is reached, and left")
  void largestWindow() {
    cubic.start(48, false);
    cubic.setWindow(1 << 30);
    cubic.lossDetected(1 << 30, now);
    cubic.setWindow(cubic.threshold());
    ack.smoothedRtt = 1000 * MS;
    for (int i = 0; i < 600; i++) {
      now += 1000 * MS;
      acknowledged(cubic.window());
    }
    assertThat(cubic.window()).isEqualTo(1 << 30);
  }
}
