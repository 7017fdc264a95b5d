package microps.core.tcp.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewRenoTest {
  private final NewReno reno = new NewReno();

  private void acknowledged(int octets, boolean limited) {
    AckSample ack = new AckSample();
    ack.acked = octets;
    ack.limited = limited;
    reno.acknowledged(ack);
  }

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
  @DisplayName(
      "MUST-19 RFC 3465 2.2: slow start adds what is acknowledged, at most L = 2 SMSS an ACK")
  void slowStart() {
    reno.start(1000, false);
    acknowledged(500, true);
    assertThat(reno.window()).isEqualTo(10_500);
    acknowledged(5000, true);
    assertThat(reno.window()).isEqualTo(12_500);
  }

  @Test
  @DisplayName("RFC 9406 4.3: where the sender paces, a stretched ACK counts in full")
  void slowStartPaced() {
    reno.start(1000, false);
    AckSample ack = new AckSample();
    ack.acked = 10_000;
    ack.limited = true;
    ack.paced = true;
    reno.acknowledged(ack);
    assertThat(reno.window()).isEqualTo(20_000);
  }

  @Test
  @DisplayName("RFC 3465 2.3: after a timeout L is 1, until what was in flight is acknowledged")
  void slowStartAfterTimeout() {
    reno.start(1000, false);
    reno.timedOut(100_000, true, 0);
    acknowledged(90_000, true);
    assertThat(reno.window()).isEqualTo(2000);
    acknowledged(10_000, true);
    assertThat(reno.window()).isEqualTo(3000);
    acknowledged(10_000, true);
    assertThat(reno.window()).isEqualTo(5000);
  }

  @Test
  @DisplayName("RFC 3465 2.1: one ACK for a whole window is one SMSS in congestion avoidance")
  void stretchedAck() {
    reno.start(1000, false);
    reno.lossDetected(20_000, 0);
    reno.setWindow(reno.threshold());
    acknowledged(10_000, true);
    assertThat(reno.window()).isEqualTo(11_000);
    acknowledged(1_000_000, true);
    assertThat(reno.window()).isEqualTo(12_000);
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: an ACK with ECN-Echo makes no window larger; a mark halves it")
  void marked() {
    reno.start(1000, false);
    AckSample ack = new AckSample();
    ack.acked = 1000;
    ack.limited = true;
    ack.ecnEcho = true;
    reno.acknowledged(ack);
    assertThat(reno.window()).isEqualTo(10_000);
    reno.congestionExperienced(10_000, 0);
    assertThat(reno.window()).isEqualTo(5000);
  }

  @Test
  @DisplayName("MUST-19 RFC 5681: congestion avoidance adds one SMSS for each window of data")
  void congestionAvoidance() {
    reno.start(1000, false);
    reno.lossDetected(20_000, 0);
    reno.setWindow(reno.threshold());
    assertThat(reno.threshold()).isEqualTo(10_000);
    for (int i = 0; i < 9; i++) {
      acknowledged(1000, true);
    }
    assertThat(reno.window()).isEqualTo(10_000);
    acknowledged(1000, true);
    assertThat(reno.window()).isEqualTo(11_000);
  }

  @Test
  @DisplayName("RFC 7661: a window that did not limit the sender does not grow")
  void notLimited() {
    reno.start(1000, false);
    acknowledged(1000, false);
    assertThat(reno.window()).isEqualTo(10_000);
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 5681 (4): ssthresh = max(FlightSize / 2, 2 SMSS), only at a first timeout")
  void timeout() {
    reno.start(1000, false);
    reno.timedOut(9000, true, 0);
    assertThat(reno.threshold()).isEqualTo(4500);
    assertThat(reno.window()).isEqualTo(1000);

    reno.timedOut(1000, false, 0);
    assertThat(reno.threshold()).isEqualTo(4500);

    reno.timedOut(1000, true, 0);
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

  @Test
  @DisplayName("RFC 4015 3.2: a reduction for nothing is taken back")
  void undo() {
    reno.start(1000, false);
    reno.timedOut(9000, true, 0);
    reno.undo();
    assertThat(reno.window()).isEqualTo(10_000);
    assertThat(reno.threshold()).isEqualTo(Integer.MAX_VALUE);
  }
}
