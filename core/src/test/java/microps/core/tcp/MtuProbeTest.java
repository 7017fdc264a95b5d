package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MtuProbeTest {
  private final SentSegments sent = new SentSegments(new SlabPool());
  private final DeliveryRate rate = new DeliveryRate();
  private final MtuProbe probe = new MtuProbe();

  /// Two of 500 octets, a probe of 1400, two of 500.
  private void inFlight() {
    int[] ends = {500, 1000, 2400, 2900, 3400};
    int start = 0;
    for (int end : ends) {
      sent.sent(start, end, end - start, rate, 0);
      start = end;
    }
    probe.sent(1000, 2400);
  }

  @ParameterizedTest(name = "lost from {0} to {1}: alone {2}")
  @DisplayName("RFC 4821 7.6.2, 7.6.4: only where nothing else is lost, the probe was too large")
  @CsvSource({
    "1000, 2400, true",
    "500, 2400, false",
    "1000, 2900, false",
    "0, 500, false",
    "2400, 3400, false",
    "0, 3400, false"
  })
  void alone(int from, int to, boolean alone) {
    inFlight();
    for (int n = 0; n < 5; n++) {
      int slot = sent.at(n);
      if (sent.start(slot) >= from && sent.end(slot) <= to) {
        sent.markLost(slot);
      }
    }
    assertThat(probe.isLostAlone(sent)).isEqualTo(alone);
    assertThat(probe.isLostAlone(sent)).as("told once").isFalse();
    assertThat(probe.takeLost()).isEqualTo(alone);
    assertThat(probe.takeLost()).isFalse();
  }

  @Test
  @DisplayName("RFC 4821 7.6.2: what was sent again for it, and is lost, is an ordinary loss")
  void onlyTheFirstTime() {
    inFlight();
    sent.markLost(sent.at(2));
    assertThat(probe.isLostAlone(sent)).isTrue();
    sent.resent(2400, 1400, rate, 1);
    sent.markLost(sent.at(2));
    assertThat(probe.isLostAlone(sent)).isFalse();
  }

  @Test
  @DisplayName("RFC 4821 7.6.3: after a timeout the loss of the probe is one like all")
  void forgotten() {
    inFlight();
    assertThat(probe.lengthAt(1000)).isEqualTo(1400);
    assertThat(probe.lengthAt(999)).isZero();
    probe.forget();
    assertThat(probe.lengthAt(1000)).isZero();
    sent.markLost(sent.at(2));
    assertThat(probe.isLostAlone(sent)).isFalse();
  }
}
