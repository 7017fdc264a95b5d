package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.tcp.congestion.AckSample;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WindowValidationTest {
  private static final int MSS = 1000;
  private static final int WINDOW = 100 * MSS;
  private static final long MS = 1_000_000;

  private final WindowValidation validation = new WindowValidation();
  private final AckSample ack = new AckSample();
  private long now = 1000 * MS;

  private int acknowledged(int octets) {
    ack.now = now;
    ack.acked = octets;
    ack.smoothedRtt = 100 * MS;
    ack.limited = true;
    return validation.acknowledged(ack, WINDOW, MSS);
  }

  /// So many octets are acknowledged in each round trip.
  private void rounds(int count, int octets) {
    for (int i = 0; i < count; i++) {
      for (int part = 0; part < 10; part++) {
        now += 10 * MS;
        acknowledged(octets / 10);
      }
    }
  }

  @Test
  @DisplayName("RFC 7661 4.1: a connection begins validated, pipeACK undefined")
  void begins() {
    assertThat(validation.pipeAck()).isEqualTo(-1);
    assertThat(validation.isValidated()).isTrue();
  }

  @Test
  @DisplayName("RFC 7661 4.2: pipeACK is what was acknowledged in a round trip, at most of late")
  void pipeAck() {
    rounds(5, 80 * MSS);
    assertThat(validation.pipeAck()).isBetween(70 * MSS, 90 * MSS);
    rounds(5, 20 * MSS);
    assertThat(validation.pipeAck()).as("within a second").isBetween(70 * MSS, 90 * MSS);
    rounds(15, 20 * MSS);
    assertThat(validation.pipeAck()).isBetween(15 * MSS, 25 * MSS);
  }

  @Test
  @DisplayName("RFC 7661 4.3: validated while pipeACK is at least half of cwnd")
  void phases() {
    rounds(25, 60 * MSS);
    assertThat(validation.isValidated()).isTrue();
    rounds(25, 40 * MSS);
    assertThat(validation.isValidated()).isFalse();
    rounds(3, 60 * MSS);
    assertThat(validation.isValidated()).isTrue();
  }

  @Test
  @DisplayName("RFC 7661 4.3: a window that doubles and is used in full is validated")
  void slowStart() {
    ack.inFlightBefore = WINDOW;
    rounds(25, 30 * MSS);
    assertThat(validation.isValidated()).isTrue();
    assertThat(validation.lossDetected(WINDOW, WINDOW, now)).isEqualTo(WINDOW);
    ack.inFlightBefore = 0;
    assertThat(acknowledged(MSS)).as("no other rule ends recovery").isZero();
    rounds(25, 20 * MSS);
    ack.inFlightBefore = WINDOW;
    rounds(1, 20 * MSS);
    assertThat(validation.isValidated()).as("a burst after a pause").isFalse();
  }

  @Test
  @DisplayName("RFC 7661 4.4.1: not validated, only a window that is used in full may grow")
  void growth() {
    rounds(25, 20 * MSS);
    ack.inFlightBefore = WINDOW - MSS;
    acknowledged(MSS);
    assertThat(ack.limited).isFalse();
    ack.inFlightBefore = WINDOW - MSS + 1;
    acknowledged(MSS);
    assertThat(ack.limited).isTrue();
  }

  @Test
  @DisplayName("RFC 7661 4.4.2: a loss counts for what was proven, or is in flight")
  void loss() {
    rounds(25, 20 * MSS);
    int pipeAck = validation.pipeAck();
    assertThat(validation.lossDetected(5 * MSS, WINDOW, now)).isEqualTo(pipeAck);
    assertThat(validation.lossDetected(70 * MSS, WINDOW, now)).isEqualTo(70 * MSS);
  }

  @Test
  @DisplayName("RFC 7661 4.4.2: validated, a loss counts for FlightSize")
  void lossValidated() {
    rounds(5, 90 * MSS);
    assertThat(validation.lossDetected(5 * MSS, WINDOW, now)).isEqualTo(5 * MSS);
  }

  @Test
  @DisplayName("RFC 7661 4.4.2: recovery ends with half of what was proven less what was lost")
  void recoveryEnds() {
    rounds(25, 20 * MSS);
    int proven = validation.lossDetected(20 * MSS, WINDOW, now);
    ack.recovering = true;
    ack.lost = 4 * MSS;
    assertThat(acknowledged(MSS)).isZero();
    ack.lost = 0;
    assertThat(acknowledged(MSS)).isZero();
    ack.recovering = false;
    assertThat(acknowledged(MSS)).isEqualTo((proven - 4 * MSS) / 2);
    assertThat(validation.pipeAck()).as("undefined again").isEqualTo(-1);
    assertThat(validation.isValidated()).isTrue();
  }

  @Test
  @DisplayName("RFC 7661 4.4.1: a timeout ends the phase")
  void timeout() {
    rounds(25, 20 * MSS);
    validation.timedOut();
    assertThat(validation.isValidated()).isTrue();
    assertThat(validation.pipeAck()).isEqualTo(-1);
  }

  @Test
  @DisplayName("RFC 7661 4.4.4: the window is good for five minutes, and five more for each half")
  void expires() {
    rounds(5, 90 * MSS);
    now += WindowValidation.NVP - MS;
    validation.idle(WINDOW, now);
    assertThat(validation.isValidated()).isFalse();
    assertThat(validation.expires(now)).isFalse();
    now += MS;
    assertThat(validation.expires(now)).isTrue();
    assertThat(validation.expires(now)).isFalse();
    now += 2 * WindowValidation.NVP;
    assertThat(validation.expires(now)).isTrue();
    assertThat(validation.expires(now)).isTrue();
    assertThat(validation.expires(now)).isFalse();
  }

  @Test
  @DisplayName("RFC 7661 4.3: an idle time of less than the sampling period proves nothing")
  void shortIdle() {
    rounds(5, 90 * MSS);
    now += 400 * MS;
    validation.idle(WINDOW, now);
    assertThat(validation.isValidated()).isTrue();
  }
}
