package microps.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;
import org.junit.jupiter.api.Test;

/// Segments with text, and those that were sent again.
class SegmentCountTest {
  private final SegmentCount count = new SegmentCount();

  private void see(int sequence, int text) {
    Packet frame = new Packet(2048);
    frame.extend(14 + 20 + 20 + text);
    frame.put16(12, EtherType.IPV4);
    frame.put8(14, 0x45);
    frame.put16(16, 40 + text);
    frame.put8(23, 6);
    frame.put32(38, sequence);
    frame.put8(46, 5 << 4);
    count.see(frame);
  }

  @Test
  void whatBeginsBeforeTheHighestWasSentAgain() {
    see(-100, 0); // an ACK
    see(-100, 100);
    see(0, 100); // beyond 2^32
    see(200, 100); // a gap: the frames before were seen elsewhere
    see(0, 100);
    see(300, 1);
    assertThat(count.sent()).isEqualTo(5);
    assertThat(count.again()).isEqualTo(1);
  }

  @Test
  void otherFramesAreNotCounted() {
    Packet arp = new Packet(64);
    arp.extend(60);
    arp.put16(12, EtherType.ARP);
    count.see(arp);
    Packet shortOne = new Packet(64);
    shortOne.extend(10);
    count.see(shortOne);
    assertThat(count.sent()).isZero();
  }
}
