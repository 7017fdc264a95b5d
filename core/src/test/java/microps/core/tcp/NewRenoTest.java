package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewRenoTest {
  private final NewReno reno = new NewReno();

  @ParameterizedTest
  @CsvSource({"1460, 14600", "536, 5360", "8960, 17920", "65495, 130990", "4000, 14600"})
  @DisplayName("MUST-19 RFC 6928: IW = min(10 MSS, max(2 MSS, 14600))")
  void initialWindow(int mss, int window) {
    reno.start(mss, false);
    assertThat(reno.window()).isEqualTo(window);
  }

  @Test
  @DisplayName("MUST-19 RFC 5681: IW is one segment where the SYN was lost")
  void initialWindowAfterLostSyn() {
    reno.start(1000, true);
    assertThat(reno.window()).isEqualTo(1000);
  }

  @Test
  @DisplayName("MUST-19 RFC 5681: slow start adds min(N, SMSS) for each acknowledgment")
  void slowStart() {
    reno.start(1000, false);
    reno.acknowledged(500, true);
    assertThat(reno.window()).isEqualTo(10_500);
    reno.acknowledged(5000, true);
    assertThat(reno.window()).isEqualTo(11_500);
  }

  @Test
  @DisplayName("MUST-19 RFC 5681: congestion avoidance adds one SMSS for each window of data")
  void congestionAvoidance() {
    reno.start(1000, false);
    reno.lossDetected(20_000);
    reno.setWindow(reno.threshold());
    assertThat(reno.threshold()).isEqualTo(10_000);
    for (int i = 0; i < 9; i++) {
      reno.acknowledged(1000, true);
    }
    assertThat(reno.window()).isEqualTo(10_000);
    reno.acknowledged(1000, true);
    assertThat(reno.window()).isEqualTo(11_000);
  }

  @Test
  @DisplayName("RFC 7661: a window that did not limit the sender does not grow")
  void notLimited() {
    reno.start(1000, false);
    reno.acknowledged(1000, false);
    assertThat(reno.window()).isEqualTo(10_000);
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 5681 (4): ssthresh = max(FlightSize / 2, 2 SMSS), only at a first timeout")
  void timeout() {
    reno.start(1000, false);
    reno.timedOut(9000, true);
    assertThat(reno.threshold()).isEqualTo(4500);
    assertThat(reno.window()).isEqualTo(1000);

    reno.timedOut(1000, false);
    assertThat(reno.threshold()).isEqualTo(4500);

    reno.timedOut(1000, true);
    assertThat(reno.threshold()).isEqualTo(2000);
  }

  @Test
  @DisplayName("RFC 5681 4.1: after idle, no more than the initial window")
  void restart() {
    reno.start(1000, false);
    reno.setWindow(500_000);
    reno.restartAfterIdle();
    assertThat(reno.window()).isEqualTo(10_000);
  }

  @Test
  @DisplayName("a full segment fits after idle, where the path MTU grew since the start")
  void restartWithLargerSegments() {
    reno.start(500, false);
    reno.mss(8948);
    reno.restartAfterIdle();
    assertThat(reno.window()).isEqualTo(8948);
  }
}
