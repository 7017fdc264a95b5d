package microps.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BbrModelTest {
  private static final int MSS = 1000;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;
  private static final int WINDOW = 1_000_000;

  private final BbrModel model = new BbrModel();
  private final AckSample ack = new AckSample();

  @BeforeEach
  void aPathOf64Milliseconds() {
    ack.now = SECOND;
    ack.deliveryRate = 10_000_000;
    acknowledge(10, 0, 64);
    ack.limited = true;
  }

  /// An acknowledgment of so many segments.
  private void acknowledge(int delivered, int lost, long rtt) {
    ack.now += MS;
    ack.delivered = delivered * MSS;
    ack.lost = lost * MSS;
    ack.rtt = rtt * MS;
    model.update(ack, WINDOW, MSS, true);
  }

  @ParameterizedTest(name = "{1} of {0} lost, {2} ms, {3} deviations: {4}")
  @CsvSource(
      textBlock =
          """
          # sent, lost, round trip in ms, deviations, too many
          1000,  20, 80, 0, false
          1000,  21, 80, 0, true
          1000,  26, 80, 2, false
          1000,  27, 80, 2, true
            22,   0, 80, 0, false
            22,   1, 80, 0, true
          # a sixty-fourth more is no queue
          1000,  21, 65, 0, false
          1000,  21, 66, 0, true
          # without a queue: one of ten, and three deviations
          1000,  99, 64, 0, false
          1000, 120, 64, 0, false
          1000, 122, 64, 0, true
            22,   5, 64, 0, false
            22,   6, 64, 0, true
          """)
  @DisplayName(
      "draft-ietf-ccwg-bbr 2.7: two losses of a hundred are too many behind a queue, without one ten")
  void tooManyLosses(int sent, int lost, long rtt, double deviations, boolean tooMany) {
    model.startRound(WINDOW);
    model.advance(ack); // a round of its own
    ack.inFlight = 0;
    acknowledge(1, 0, 64); // ends the round before
    model.advance(ack);
    model.startRound(WINDOW);
    acknowledge(sent - lost, lost, rtt);
    assertThat(model.isLossTooHigh(MSS, deviations)).isEqualTo(tooMany);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 2.7: a loss told without a round trip counts by the last one")
  void lossWithoutRoundTrip() {
    acknowledge(10, 0, 80);
    acknowledge(0, 5, 0);
    assertThat(model.isLossTooHigh(MSS, 0)).isTrue();
  }

  @ParameterizedTest(name = "of the user {0}, of the window {1}, {2} ms: {3}")
  @CsvSource(
      textBlock =
          """
          # the user limits, the window limits, round trip, ProbeRTT is due after five seconds
          false, true,  64, true
          true,  true,  64, true
          false, false, 64, true
          true,  false, 66, true
          true,  false, 65, false
          true,  false, 64, false
          """)
  @DisplayName(
      "draft-ietf-ccwg-bbr 5.3.4: no ProbeRTT for who sends less than the path takes, without a queue")
  void probeRtt(boolean byUser, boolean byWindow, long rtt, boolean due) {
    ack.applicationLimited = byUser;
    ack.limited = byWindow;
    boolean expired = false;
    for (int i = 0; i < 13; i++) {
      ack.now += SECOND / 2;
      acknowledge(1, 0, rtt);
      expired |= model.probeRttExpired;
    }
    assertThat(expired).isEqualTo(due);
    assertThat(model.minRtt).isEqualTo(64 * MS);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 5.5.11: what is lost was in flight in this round or the last")
  void peakInFlight() {
    ack.inFlightBefore = 90 * MSS;
    acknowledge(1, 0, 64);
    ack.inFlightBefore = 40 * MSS;
    ack.inFlight = 5 * MSS;
    for (int i = 0; i < 5; i++) {
      acknowledge(1, 0, 64);
    }
    assertThat(model.peakInFlight()).isEqualTo(90 * MSS);
    for (int i = 0; i < 20; i++) {
      acknowledge(1, 0, 64);
    }
    assertThat(model.peakInFlight()).isEqualTo(40 * MSS);
  }
}
