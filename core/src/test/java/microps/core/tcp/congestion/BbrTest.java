package microps.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BbrTest {
  private static final int MSS = 1000;
  private static final long MS = 1_000_000;

  /// What the path delivers, and how long it takes without a queue.
  private static final long RATE = 10_000_000;

  private static final long RTT = 50 * MS;
  private static final double BDP = 500_000;

  private final Bbr bbr = new Bbr(new SplittableRandom(1));
  private final AckSample ack = new AckSample();
  private long now = 1000 * MS;
  private double lossRate;
  private long othersQueue;
  private boolean applicationLimited;
  private long rate = RATE;

  /// A path of this rate with a queue without end, of which BBR fills as much as it wants: a
  /// millisecond.
  private void millisecond() {
    now += MS;
    double inFlight = Math.min(bbr.window(), bbr.pacingRate() == 0 ? 1e9 : 3 * BDP);
    double pace = bbr.pacingRate() == 0 ? rate : bbr.pacingRate();
    double delivered = Math.min(Math.min(pace, rate) / 1000.0, inFlight);
    long queued = (long) Math.max(0, (inFlight - rate * (RTT / 1e9)) * 1e9 / rate);
    boolean fills = pace > rate;
    ack.now = now;
    ack.delivered = (int) delivered;
    ack.acked = ack.delivered;
    ack.lost = (int) (delivered * lossRate);
    ack.inFlightBefore = (int) (fills ? inFlight : Math.min(inFlight, pace * (RTT / 1e9)));
    ack.inFlight = ack.inFlightBefore;
    ack.rtt = RTT + othersQueue + (fills ? queued : 0);
    ack.smoothedRtt = ack.rtt;
    ack.minRtt = RTT;
    ack.deliveryRate = (long) Math.min(rate, Math.min(pace, inFlight * 1e9 / RTT));
    ack.limited = true;
    ack.applicationLimited = applicationLimited;
    bbr.acknowledged(ack);
  }

  private void run(double seconds) {
    for (long end = now + (long) (seconds * 1e9); now < end; ) {
      millisecond();
    }
  }

  private boolean reaches(Bbr.State state, double seconds) {
    for (long end = now + (long) (seconds * 1e9); now < end && bbr.state() != state; ) {
      millisecond();
    }
    return bbr.state() == state;
  }

  private void start() {
    bbr.start(MSS, false);
  }

  @Test
  @DisplayName(
      "draft-ietf-ccwg-bbr 5.3.1: Startup at 2.77 times the bandwidth, until it stops growing")
  void startup() {
    start();
    assertThat(bbr.state()).isEqualTo(Bbr.State.STARTUP);
    assertThat(bbr.window()).isEqualTo(10 * MSS);
    assertThat(reaches(Bbr.State.DRAIN, 3)).isTrue();
  }

  @Test
  @DisplayName(
      "draft-ietf-ccwg-bbr 5.3.1: a queue of what the path holds is not full when Startup ends")
  void startupBesideAQueue() {
    start();
    double most = 0;
    for (long end = now + 3000 * MS; now < end && bbr.state() == Bbr.State.STARTUP; ) {
      millisecond();
      most = Math.max(most, bbr.window());
    }
    assertThat(bbr.state()).isEqualTo(Bbr.State.DRAIN);
    assertThat(most).isBetween(1.2 * BDP, 2 * BDP);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.1: what the user does not send does not fill the pipe")
  void startupApplicationLimited() {
    start();
    applicationLimited = true;
    run(3);
    assertThat(bbr.state()).isEqualTo(Bbr.State.STARTUP);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.2: Drain ends where no queue is left")
  void drain() {
    start();
    reaches(Bbr.State.DRAIN, 3);
    assertThat(bbr.pacingRate()).isLessThan(RATE * 6 / 10);
    assertThat(reaches(Bbr.State.PROBE_BW_CRUISE, 3)).isTrue();
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.3: cruises at the bandwidth")
  void cruise() {
    start();
    reaches(Bbr.State.PROBE_BW_CRUISE, 5);
    millisecond();
    assertThat((double) bbr.pacingRate()).isCloseTo(RATE, within(0.02 * RATE));
    assertThat((double) bbr.window()).isBetween(1.2 * BDP, 2.4 * BDP);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.3.6: probes within three seconds, at 1.25 times")
  void probes() {
    start();
    reaches(Bbr.State.PROBE_BW_CRUISE, 5);
    assertThat(reaches(Bbr.State.PROBE_BW_REFILL, 3.5)).isTrue();
    assertThat(reaches(Bbr.State.PROBE_BW_UP, 0.5)).isTrue();
    millisecond();
    assertThat((double) bbr.pacingRate()).isCloseTo(1.25 * RATE, within(0.03 * RATE));
    assertThat(reaches(Bbr.State.PROBE_BW_DOWN, 1)).isTrue();
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.3: a path that became faster is found out")
  void faster() {
    start();
    run(5);
    rate = 3 * RATE;
    run(25);
    assertThat(bbr.pacingRate()).isGreaterThan(2 * RATE);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.5.5: a path that became slower is believed after some rounds")
  void slower() {
    start();
    run(5);
    rate = RATE / 4;
    run(8);
    assertThat(bbr.pacingRate()).isLessThan(RATE * 4 / 10);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.3.4: ProbeRTT after five seconds: half a BDP, for 200 ms")
  void probeRtt() {
    start();
    assertThat(reaches(Bbr.State.PROBE_RTT, 6)).isTrue();
    millisecond();
    assertThat((double) bbr.window()).isCloseTo(BDP / 2, within(0.05 * BDP));
    long begun = now;
    assertThat(reaches(Bbr.State.PROBE_BW_CRUISE, 1)).isTrue();
    assertThat(now - begun).isBetween(200 * MS, 350 * MS);
    run(0.2);
    assertThat((double) bbr.window()).isGreaterThan(BDP);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.018})
  @DisplayName("draft-ietf-ccwg-bbr 2.7: less than two losses of a hundred do not slow it down")
  void fewLosses(double loss) {
    start();
    run(1);
    lossRate = loss;
    run(3);
    assertThat(bbr.pacingRate()).isGreaterThan((long) (0.8 * RATE));
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.5.11: more than that lower what may be in flight")
  void manyLosses() {
    start();
    run(4);
    int before = bbr.window();
    lossRate = 0.1;
    othersQueue = 5 * MS;
    run(6);
    assertThat(bbr.window()).isLessThan(before * 8 / 10);
    assertThat(bbr.window()).isGreaterThanOrEqualTo(4 * MSS);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 2.7: losses without a queue bound a flow above one of ten")
  void lossesWithoutQueue() {
    start();
    reaches(Bbr.State.PROBE_BW_CRUISE, 5);
    run(0.3);
    int before = bbr.window();
    lossRate = 0.09;
    run(0.5);
    assertThat(bbr.state()).isEqualTo(Bbr.State.PROBE_BW_CRUISE);
    assertThat(bbr.window()).isGreaterThanOrEqualTo(before);
    lossRate = 0.2;
    run(0.5);
    assertThat(bbr.state()).isEqualTo(Bbr.State.PROBE_BW_CRUISE);
    assertThat(bbr.window()).isLessThan(before * 8 / 10);
  }

  @Test
  @DisplayName(
      "draft-ietf-ccwg-bbr 5.5.11: losses of a probe that ProbeRTT ended are no bound below the path")
  void lossesInProbeRtt() {
    start();
    assertThat(reaches(Bbr.State.PROBE_BW_UP, 5)).isTrue();
    now += 6000 * MS;
    assertThat(reaches(Bbr.State.PROBE_RTT, 0.01)).isTrue();
    run(0.02);
    ack.lost = 100 * MSS;
    ack.rtt = 2 * RTT;
    ack.inFlight = (int) (BDP / 2);
    ack.inFlightBefore = ack.inFlight;
    bbr.acknowledged(ack);
    assertThat(reaches(Bbr.State.PROBE_BW_CRUISE, 1)).isTrue();
    run(0.5);
    assertThat((double) bbr.window()).isGreaterThan(BDP);
  }

  @Test
  @DisplayName(
      "draft-ietf-ccwg-bbr 5.6.4: a timeout leaves one segment; undone, the window is back")
  void timeout() {
    start();
    run(2);
    int before = bbr.window();
    bbr.timedOut(before, true, now);
    assertThat(bbr.window()).isEqualTo(MSS);
    bbr.undo();
    assertThat(bbr.window()).isEqualTo(before);
  }

  @Test
  @DisplayName("RFC 3168: marks lower what may be in flight")
  void marks() {
    start();
    reaches(Bbr.State.PROBE_BW_CRUISE, 5);
    run(0.3);
    int before = bbr.window();
    bbr.congestionExperienced(before, now);
    assertThat(bbr.window()).isLessThan(before * 8 / 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 48, 65_495, 1 << 28})
  @DisplayName("no window, rate or time overflows")
  void extremes(int mss) {
    bbr.start(mss, true);
    for (long step : new long[] {0, 1, MS, 86_400_000 * MS, Long.MAX_VALUE / 1000}) {
      for (int octets : new int[] {0, 1, mss, Integer.MAX_VALUE}) {
        for (long value : new long[] {0, 1, Integer.MAX_VALUE, Long.MAX_VALUE}) {
          now += step;
          ack.now = now;
          ack.delivered = octets;
          ack.lost = octets;
          ack.inFlight = octets;
          ack.inFlightBefore = octets;
          ack.rtt = Math.min(value, Long.MAX_VALUE / 4);
          ack.smoothedRtt = ack.rtt;
          ack.deliveryRate = value;
          ack.limited = true;
          bbr.acknowledged(ack);
          assertThat(bbr.window()).isBetween(mss, Math.max(mss, 1 << 30));
          assertThat(bbr.pacingRate()).isNotNegative();
        }
      }
    }
  }
}
