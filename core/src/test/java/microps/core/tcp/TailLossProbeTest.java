package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailLossProbeTest {
  private static final int END = -100; // near the wrap

  private final TailLossProbe tlp = new TailLossProbe();

  @ParameterizedTest(name = "SRTT {0} ms, one segment {1}, RTO in {2} ms: {3} ms")
  @CsvSource({
    "100, false, 1000, 200",
    "100, true, 1000, 400", // the peer may delay its acknowledgment
    "100, true, 300, 300", // never after RTO
    "0, false, 3000, 1000", // no measurement yet
    "100, false, 0, 0"
  })
  @DisplayName("RFC 8985 7.2 TLP_calc_PTO")
  void pto(long srtt, boolean one, long rto, long pto) {
    assertThat(TailLossProbe.pto(srtt * 1_000_000, one, rto * 1_000_000))
        .isEqualTo(pto * 1_000_000);
  }

  @ParameterizedTest(
      name = "repeats {0}, ACK {1} after the end, D-SACK {2}, duplicate {3}: loss {4}, over {5}")
  @CsvSource({
    "false, 0, false, false, false, true", // new data: nothing to conclude
    "true, 0, true, false, false, true", // the original had arrived
    "true, 1, false, false, true, true", // later data is acknowledged, without a D-SACK
    "true, 0, false, true, false, true", // two acknowledgments for the same
    "true, 0, false, false, false, false", // not yet known
    "true, -1, false, true, false, false" // before the end: not about the probe
  })
  @DisplayName("RFC 8985 7.4.2 TLP_process_ack: whether the probe repaired a loss")
  void detection(
      boolean repeats, int after, boolean dsack, boolean duplicate, boolean loss, boolean over) {
    tlp.sent(END, repeats);
    assertThat(tlp.acknowledged(END + after, dsack, END, duplicate)).isEqualTo(loss);
    assertThat(tlp.isActive()).isEqualTo(!over);
  }

  @Test
  @DisplayName("RFC 8985 7.4.2: a D-SACK of something else is not about the probe")
  void otherDsack() {
    tlp.sent(END, true);
    assertThat(tlp.acknowledged(END, true, END - 1000, false)).isFalse();
    assertThat(tlp.isActive()).isTrue();
    assertThat(tlp.acknowledged(END + 1, true, END - 1000, false)).isTrue();
  }

  @Test
  @DisplayName("RFC 8985 7.2: a probe only of what is in flight, where nothing tells of a loss")
  void mayBeSent() {
    SentSegments sent = new SentSegments(new SlabPool());
    assertThat(tlp.mayBeSent(sent)).as("nothing in flight").isFalse();
    sent.sent(0, 35, 10, new DeliveryRate(), 0);
    assertThat(tlp.mayBeSent(sent)).isTrue();
    tlp.sent(35, true);
    assertThat(tlp.mayBeSent(sent)).as("one is in flight").isFalse();
    tlp.cancel();
    sent.markHeadLost(10);
    assertThat(tlp.mayBeSent(sent)).as("something is lost").isFalse();
    sent.forgetLosses();
    assertThat(tlp.mayBeSent(sent)).isTrue();
    sent.sack(20, 30, 35, (slot, sacked) -> {});
    assertThat(tlp.mayBeSent(sent)).as("something is SACKed").isFalse();
  }

  @Test
  @DisplayName("RFC 8985 7.3: a probe repeats the last segment of the wire, as far as it fits")
  void start() {
    SentSegments sent = new SentSegments(new SlabPool());
    sent.sent(0, 35, 10, new DeliveryRate(), 0);
    assertThat(TailLossProbe.start(sent, 10)).isEqualTo(30);
    assertThat(TailLossProbe.start(sent, 3)).isEqualTo(32);
  }

  @Test
  @DisplayName("RFC 8985 7.4: recovery takes over from a probe")
  void cancelled() {
    tlp.sent(END, true);
    tlp.cancel();
    assertThat(tlp.acknowledged(END + 1, false, 0, false)).isFalse();
  }
}
