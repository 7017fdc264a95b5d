package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.tcp.congestion.AckSample;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeliveryRateTest {
  private static final int MSS = 1000;
  private static final long MS = 1_000_000;

  private final DeliveryRate rate = new DeliveryRate();
  private final SentSegments sent = new SentSegments(new SlabPool());
  private final AckSample sample = new AckSample();

  private void send(int n, long now) {
    if (sent.isEmpty()) {
      rate.flightBegins(now);
    }
    sent.sent(n * MSS, (n + 1) * MSS, MSS, rate, now);
  }

  private void ack(int segments, long now) {
    sent.acknowledge(segments * MSS, (slot, sacked) -> rate.delivered(sent, slot, now));
    rate.finish(sample, 10 * MS);
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 4.1: what was delivered since the newest was sent, by the time")
  void steady() {
    // a segment each millisecond, acknowledged 10 ms later: 1,000,000 octets a second
    for (int i = 0; i < 30; i++) {
      send(i, i * MS);
      if (i >= 10) {
        ack(i - 9, i * MS);
      }
    }
    assertThat(sample.deliveryRate).isEqualTo(1_000_000);
    assertThat(sample.applicationLimited).isFalse();
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 4.1: acknowledgments that come together are not faster")
  void compressedAcks() {
    for (int i = 0; i < 30; i++) {
      send(i, i * MS);
    }
    for (int i = 1; i <= 30; i++) {
      ack(i, 40 * MS); // all at once
      assertThat(sample.deliveryRate).isLessThanOrEqualTo(1_100_000);
    }
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 4.1.2.4: what the user limited is marked, until it is passed")
  void applicationLimited() {
    send(0, 0);
    send(1, 0);
    rate.applicationLimited(2 * MSS);
    send(2, MS);
    ack(2, 10 * MS);
    assertThat(sample.applicationLimited).as("sent before").isFalse();
    send(3, 10 * MS);
    ack(3, 11 * MS);
    assertThat(sample.applicationLimited).as("sent after").isTrue();
    send(4, 12 * MS);
    ack(5, 22 * MS);
    assertThat(sample.applicationLimited).as("all of that was delivered").isFalse();
  }

  @Test
  @DisplayName("draft-ietf-ccwg-bbr 4.1: a shorter time than the smallest round trip is no sample")
  void tooShort() {
    send(0, 0);
    ack(1, 9 * MS);
    assertThat(sample.deliveryRate).isZero();
  }

  @Test
  @DisplayName("a round trip has passed when what was sent after the last one is acknowledged")
  void rounds() {
    for (int i = 0; i < 4; i++) {
      send(i, 0);
    }
    ack(1, 10 * MS);
    assertThat(sample.roundStart).isTrue();
    send(4, 10 * MS);
    for (int i = 2; i <= 4; i++) {
      ack(i, 10 * MS);
      assertThat(sample.roundStart).isFalse();
    }
    ack(5, 20 * MS);
    assertThat(sample.roundStart).isTrue();
  }
}
