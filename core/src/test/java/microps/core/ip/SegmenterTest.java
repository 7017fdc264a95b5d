package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmenterTest {
  private static final int ALL = 0x9f; // CWR ACK PSH RST SYN FIN
  private final PacketPool pool = new PacketPool();

  /// A TCP datagram with 12 bytes of options.
  private static Packet whole(int text, int flags, int segmentSize) {
    Packet p = new Packet(PacketPool.LARGE);
    p.extend(32 + text);
    for (int i = 0; i < text; i++) {
      p.put8(32 + i, i * 31 + (i >> 8));
    }
    p.put32(0, 0x1234_0007);
    p.put32(4, 0xffff_f000);
    p.put32(8, 99);
    p.put8(12, 0x80);
    p.put8(13, flags);
    p.put16(14, 501);
    p.put32(16, 0);
    for (int i = 20; i < 32; i++) {
      p.put8(i, 1);
    }
    Ipv4Header.push(p, 2, 65_535, 0, 64, Protocol.TCP, 0xc000_0201, 0xc000_0202);
    p.segmentSize(segmentSize);
    return p;
  }

  private List<Packet> cut(Packet whole) {
    List<Packet> pieces = new ArrayList<>();
    assertThat(Segmenter.canCut(whole)).isTrue();
    Segmenter.cut(whole, pool, pieces::add);
    return pieces;
  }

  @ParameterizedTest
  @CsvSource({"10000, 1448, 7", "1448, 1448, 1", "1449, 1448, 2", "65000, 1448, 45", "0, 1448, 1"})
  @DisplayName("each segment has its sequence number, its identification and right checksums")
  void pieces(int text, int segmentSize, int expected) {
    Packet whole = whole(text, 0x10, segmentSize);
    List<Packet> pieces = cut(whole);
    assertThat(pieces).hasSize(expected);
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    int seq = 0xffff_f000;
    for (int i = 0; i < pieces.size(); i++) {
      Packet p = pieces.get(i);
      assertThat(p.length()).isLessThanOrEqualTo(Segmenter.longest(whole));
      assertThat(Ipv4Header.totalLength(p)).isEqualTo(p.length());
      assertThat(Ipv4Header.identification(p)).isEqualTo(65_535 + i & 0xffff);
      assertThat(Ipv4Header.trafficClass(p)).isEqualTo(2);
      assertThat(Checksum.isRight(Checksum.sum(p, 0, 20))).isTrue();
      long pseudo = Checksum.pseudoHeader4(0xc000_0201, 0xc000_0202, 6, p.length() - 20);
      assertThat(Checksum.isRight(pseudo + Checksum.sum(p, 20, p.length() - 20))).isTrue();
      assertThat(p.get32(24)).isEqualTo(seq);
      assertThat(p.segmentSize()).isZero();
      seq += p.length() - 52;
      joined.write(p.toBytes(), 52, p.length() - 52);
    }
    byte[] all = whole.toBytes();
    assertThat(joined.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(all, 52, all.length));
  }

  @Test
  @DisplayName("RFC 3168 6.1.2: CWR is on the first segment only; FIN and PSH are on the last")
  void flags() {
    List<Packet> pieces = cut(whole(3000, ALL, 1000));
    assertThat(pieces).extracting(p -> p.get8(33)).containsExactly(0x96, 0x16, 0x1f);
  }

  @Test
  @DisplayName(
      "a frame becomes what a device would put on the wire, each piece with its link header")
  void toWire() {
    Packet frame = whole(2500, 0x18, 1000);
    frame.push(14);
    frame.put48(0, 0x0a0b_0c0d_0e0fL);
    frame.put48(6, 0x0102_0304_0506L);
    frame.put16(12, 0x0800);
    List<Packet> pieces = new ArrayList<>();
    assertThat(Segmenter.toWire(frame, 14, pool, pieces::add)).isTrue();
    assertThat(pieces).extracting(Packet::length).containsExactly(1066, 1066, 566);
    assertThat(pieces).allMatch(p -> p.get48(0) == 0x0a0b_0c0d_0e0fL && p.get16(12) == 0x0800);

    Packet alone = whole(500, 0x18, 1000);
    long pseudo = Checksum.pseudoHeader4(0xc000_0201, 0xc000_0202, 6, 532);
    alone.put16(36, Checksum.fold(pseudo));
    alone.checksumPartial(alone.offset() + 20, 16);
    assertThat(Segmenter.toWire(alone, 0, pool, p -> {})).isFalse();
    assertThat(Checksum.isRight(pseudo + Checksum.sum(alone, 20, 532))).isTrue();
    assertThat(alone.checksumState()).as("the wire").isEqualTo(Packet.ChecksumState.NONE);
    assertThat(alone.segmentSize()).isZero();
  }

  @Test
  @DisplayName("what is not TCP, a fragment, or shorter than its headers is left alone")
  void notToBeCut() {
    Packet udp = whole(3000, 0x10, 1000);
    udp.put8(9, Protocol.UDP);
    assertThat(Segmenter.canCut(udp)).isFalse();

    Packet fragment = whole(3000, 0x10, 1000);
    fragment.put16(6, 0x2000);
    assertThat(Segmenter.canCut(fragment)).isFalse();

    Packet shortened = whole(3000, 0x10, 1000);
    shortened.truncate(20 + 31);
    assertThat(Segmenter.canCut(shortened)).isFalse();
    shortened.truncate(20 + 19);
    assertThat(Segmenter.canCut(shortened)).isFalse();

    Packet small = whole(3000, 0x10, 1000);
    small.put8(20 + 12, 0x40);
    assertThat(Segmenter.canCut(small)).isFalse();
  }
}
