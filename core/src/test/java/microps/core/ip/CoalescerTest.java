package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import microps.core.bytes.PacketPool;
import microps.core.device.LinkType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CoalescerTest {
  private static final int SOURCE = 0xc000_0201;
  private static final int DESTINATION = 0xc000_0202;
  private static final int SIZE = 100;
  private static final int TCP = 20;
  private static final int TEXT = TCP + 32;
  private static final int PSH_ACK = 0x18;

  private final Coalescer coalescer = new Coalescer(LinkType.IP);

  /// Number `index` of a flow of segments of `SIZE` octets with 12 octets of options.
  private static Packet segment(int index) {
    return segment(index, SIZE, p -> {});
  }

  private static Packet segment(int index, int text, Consumer<Packet> change) {
    Packet p = new Packet(PacketPool.SMALL);
    p.extend(TEXT + text);
    p.put8(0, 0x45);
    p.put16(2, p.length());
    p.put16(4, 65_534 + index);
    p.put16(6, 0);
    p.put8(8, 64);
    p.put8(9, Protocol.TCP);
    p.put32(12, SOURCE);
    p.put32(16, DESTINATION);
    p.put32(TCP, 0x1234_0007);
    p.put32(TCP + 4, -150 + index * SIZE);
    p.put32(TCP + 8, 99);
    p.put16(TCP + 12, 0x8010);
    p.put32(TCP + 14, 501 << 16);
    p.put16(TCP + 18, 0);
    p.put32(TCP + 20, 0x0101_080a);
    p.put64(TCP + 24, 0x0001_0002_0003_0004L);
    for (int i = 0; i < text; i++) {
      p.put8(TEXT + i, index * 31 + i);
    }
    change.accept(p);
    complete(p);
    return p;
  }

  private static void complete(Packet p) {
    p.put16(TCP + 16, 0);
    int length = p.get16(2) - 20;
    if (length > 0 && length <= p.length() - 20) {
      long pseudo = Checksum.pseudoHeader4(p.get32(12), p.get32(16), p.get8(9), length);
      p.put16(TCP + 16, Checksum.finish(pseudo + Checksum.sum(p, TCP, length)));
    }
    p.put16(10, 0);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, 20)));
  }

  /// What becomes of a batch; copies, so that the buffers can be given back.
  private List<Packet> coalesce(List<Packet> batch) {
    Packet[] frames = batch.toArray(Packet[]::new);
    int n = coalescer.coalesce(frames, frames.length);
    assertThat(frames).containsExactlyInAnyOrderElementsOf(batch);
    List<Packet> result = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Packet copy = new Packet(frames[i].length());
      copy.copyFrom(frames[i]);
      result.add(copy);
    }
    coalescer.release();
    return result;
  }

  private static byte[] text(Packet p) {
    return Arrays.copyOfRange(p.toBytes(), TEXT, p.length());
  }

  @Test
  @DisplayName(
      "segments in order become one super-frame, which has their size and a partial checksum")
  void inOrder() {
    List<Packet> batch = List.of(segment(0), segment(1), segment(2), segment(3, 40, p -> {}));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    batch.forEach(p -> all.writeBytes(text(p)));
    List<Packet> result = coalesce(batch);
    assertThat(result).hasSize(1);
    Packet whole = result.getFirst();
    assertThat(text(whole)).isEqualTo(all.toByteArray());
    assertThat(whole.segmentSize()).isEqualTo(SIZE);
    assertThat(whole.checksumState()).isEqualTo(ChecksumState.PARTIAL);
    assertThat(Ipv4Header.totalLength(whole)).isEqualTo(whole.length());
    assertThat(Checksum.isRight(Checksum.sum(whole, 0, 20))).isTrue();
    whole.completeChecksum();
    long pseudo = Checksum.pseudoHeader4(SOURCE, DESTINATION, 6, whole.length() - 20);
    assertThat(Checksum.isRight(pseudo + Checksum.sum(whole, 20, whole.length() - 20))).isTrue();
  }

  private static Arguments row(String what, int frames, Packet... batch) {
    return Arguments.of(what, frames, List.of(batch));
  }

  private static Packet changed(int index, int offset, int octet) {
    return segment(index, SIZE, p -> p.put8(offset, octet));
  }

  private static Packet flagged(int index, int flags) {
    return changed(index, TCP + 13, flags);
  }

  /// Damaged on the way: the checksums are those of before.
  private static Packet damaged(int index, int offset) {
    Packet p = segment(index);
    p.put8(offset, p.get8(offset) ^ 0x10);
    return p;
  }

  private static Packet longer(Packet p, int padding) {
    p.padTo(p.length() + padding);
    return p;
  }

  static Stream<Arguments> rules() {
    return Stream.of(
        row("two in order", 1, segment(0), segment(1)),
        row("a gap", 2, segment(0), segment(2)),
        row("the other way round", 2, segment(1), segment(0)),
        row("twice the same", 2, segment(0), segment(0)),
        row("a smaller one is the last", 2, segment(0), segment(1, 99, p -> {}), segment(2)),
        row("a larger one begins anew", 2, segment(0, SIZE, p -> {}), segment(1, 101, p -> {})),
        row("PSH ends one", 2, segment(0), flagged(1, PSH_ACK), segment(2)),
        row("PSH alone is one", 2, flagged(0, PSH_ACK), segment(1)),
        row("ECE with ECE", 1, flagged(0, 0x50), flagged(1, 0x50)),
        row("ECE with none", 2, flagged(0, 0x50), segment(1)),
        row("SYN", 3, segment(0), flagged(1, 0x12), segment(2)),
        row("FIN", 2, segment(0), flagged(1, 0x11)),
        row("RST", 2, segment(0), flagged(1, 0x14)),
        row("URG", 2, segment(0), flagged(1, 0x30)),
        row("CWR", 2, segment(0), flagged(1, 0x90)),
        row("no ACK", 2, segment(0), flagged(1, 0)),
        row("a reserved bit", 2, segment(0), changed(1, TCP + 12, 0x81)),
        row("no text", 3, segment(0), segment(1, 0, p -> {}), segment(1)),
        row("another acknowledgment", 2, segment(0), changed(1, TCP + 11, 100)),
        row("another window", 2, segment(0), changed(1, TCP + 15, 7)),
        row("another timestamp", 2, segment(0), changed(1, TCP + 27, 3)),
        row("another port", 2, segment(0), changed(1, TCP + 1, 9)),
        row("another source", 2, segment(0), changed(1, 15, 9)),
        row("another destination", 2, segment(0), changed(1, 19, 9)),
        row("another TTL", 2, segment(0), changed(1, 8, 63)),
        row("CE and ECT", 2, changed(0, 1, 2), changed(1, 1, 3)),
        row("CE and CE", 1, changed(0, 1, 3), changed(1, 1, 3)),
        row("another DF", 2, segment(0), changed(1, 6, 0x40)),
        row("another identification", 2, segment(0), changed(1, 5, 9)),
        row("RFC 6864 4.1: any with DF", 1, changed(0, 6, 0x40), dontFragment(1, 7)),
        row("a fragment", 3, segment(0), changed(1, 6, 0x20), segment(1)),
        row("IP options", 3, segment(0), changed(1, 0, 0x46), segment(1)),
        row("IP version 6", 3, segment(0), changed(1, 0, 0x65), segment(1)),
        row("a datagram cut off", 3, segment(0), cutOff(1), segment(1)),
        row("a data offset below 5", 3, segment(0), changed(1, TCP + 12, 0x40), segment(1)),
        row(
            "a data offset past the end",
            2,
            segment(0),
            segment(1, 0, p -> p.put8(TCP + 12, 0xf0))),
        row("padding is cut off", 1, longer(segment(0), 6), longer(segment(1), 6)),
        row("a wrong TCP checksum", 3, segment(0), damaged(1, TEXT), segment(1)),
        row("a wrong IP checksum", 3, segment(0), damaged(1, 11), segment(1)),
        row("a wrong one at first", 2, damaged(0, TEXT), segment(1)),
        row("a super-frame of a device", 3, segment(0), superFrame(1), segment(1)),
        row("UDP between", 2, segment(0), changed(0, 9, 17), segment(1)),
        row("too short between", 2, segment(0), short_(), segment(1)));
  }

  private static Packet dontFragment(int index, int id) {
    return segment(
        index,
        SIZE,
        p -> {
          p.put16(6, 0x4000);
          p.put16(4, id);
        });
  }

  private static Packet cutOff(int index) {
    Packet p = segment(index);
    p.truncate(p.length() - 1);
    return p;
  }

  private static Packet superFrame(int index) {
    Packet p = segment(index);
    p.segmentSize(50);
    return p;
  }

  private static Packet short_() {
    Packet p = new Packet(100);
    p.padTo(19);
    return p;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("rules")
  @DisplayName("what goes together, and what does not; frames of a flow keep their order")
  void rule(String what, int expected, List<Packet> batch) {
    List<byte[]> before = batch.stream().map(Packet::toBytes).toList();
    List<Packet> after = coalesce(batch);
    assertThat(after).hasSize(expected);
    if (expected == batch.size()) {
      assertThat(after.stream().map(Packet::toBytes)).containsExactlyElementsOf(before);
    }
  }

  @Test
  @DisplayName("a datagram is 65,535 octets at most")
  void longest() {
    List<Packet> batch = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int index = i;
      batch.add(
          segment(
              0,
              1460,
              p -> {
                p.put16(4, index);
                p.put32(TCP + 4, index * 1460);
              }));
    }
    List<Packet> result = coalesce(batch);
    assertThat(result).extracting(p -> p.length() - TEXT).containsExactly(44 * 1460, 16 * 1460);
  }

  @Test
  @DisplayName("flows side by side; beyond the bound they pass as they are; buffers are used again")
  void flows() {
    for (int round = 0; round < 3; round++) {
      List<Packet> batch = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        for (int port = 0; port < Coalescer.FLOWS + 2; port++) {
          batch.add(changed(i, TCP + 1, port));
        }
      }
      List<Packet> result = coalesce(batch);
      assertThat(result).hasSize(Coalescer.FLOWS + 2 * 3);
      assertThat(result.stream().filter(p -> p.segmentSize() > 0)).hasSize(Coalescer.FLOWS);
    }
  }

  @Test
  @DisplayName("single segments with PSH take no place from others")
  void placesAreUsedAgain() {
    List<Packet> batch = new ArrayList<>();
    for (int i = 0; i < 2 * Coalescer.FLOWS; i++) {
      batch.add(segment(3 * i)); // each ends the one before
    }
    batch.add(segment(3 * (2 * Coalescer.FLOWS - 1) + 1));
    assertThat(coalesce(batch)).hasSize(2 * Coalescer.FLOWS);
  }

  @Test
  @DisplayName("a buffer that the stack exchanged is made anew")
  void exchangedBuffer() {
    for (int i = 0; i < 3; i++) {
      Packet[] frames = {segment(0), segment(1)};
      assertThat(coalescer.coalesce(frames, 2)).isEqualTo(1);
      assertThat(frames[0].length()).isEqualTo(TEXT + 2 * SIZE);
      frames[0].swap(new Packet(PacketPool.SMALL));
      coalescer.release();
    }
  }

  @Test
  @DisplayName(
      "property: cut by the segmenter and coalesced in any batches, the octets are the same")
  void cutAndCoalesced() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int size = random.nextInt(1, 1449);
      int text = random.nextInt(1, Math.min(60_000, size * 200));
      Packet whole = new Packet(PacketPool.LARGE);
      whole.append(segment(0).array(), Packet.HEADROOM, TEXT);
      byte[] bytes = new byte[text];
      random.nextBytes(bytes);
      whole.append(bytes, 0, text);
      whole.put8(TCP + 13, random.nextBoolean() ? PSH_ACK : 0x10);
      whole.put16(2, whole.length());
      whole.segmentSize(size);
      List<Packet> pieces = new ArrayList<>();
      Segmenter.cut(whole, new PacketPool(), pieces::add);

      List<Packet> again = new ArrayList<>();
      for (int i = 0; i < pieces.size(); ) {
        int end = Math.min(pieces.size(), i + random.nextInt(1, 65));
        again.addAll(coalesce(pieces.subList(i, end)));
        i = end;
      }
      assertThat(again.size()).isLessThanOrEqualTo(pieces.size());
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      List<byte[]> cutAgain = new ArrayList<>();
      for (Packet p : again) {
        joined.writeBytes(text(p));
        if (p.segmentSize() > 0) {
          Segmenter.cut(p, new PacketPool(), piece -> cutAgain.add(piece.toBytes()));
        } else {
          cutAgain.add(p.toBytes());
        }
      }
      assertThat(joined.toByteArray()).as("seed " + seed).isEqualTo(bytes);
      assertThat(cutAgain)
          .as("seed " + seed)
          .containsExactlyElementsOf(pieces.stream().map(Packet::toBytes).toList());
    }
  }
}
