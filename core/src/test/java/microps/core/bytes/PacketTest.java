package microps.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import microps.core.Ip;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTest {
  private final Packet p = new Packet(100);

  private Packet with(int... octets) {
    p.append(Ip.octets(octets), 0, octets.length);
    return p;
  }

  @Test
  void aNewPacketIsEmptyWithRoomOnBothSides() {
    assertThat(p.length()).isZero();
    assertThat(p.capacity()).isEqualTo(100);
    assertThat(p.offset()).isEqualTo(Packet.HEADROOM);
    assertThat(p.tailroom()).isEqualTo(100);
  }

  @Test
  void numbersAreInNetworkByteOrder() {
    with(0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88);
    assertThat(p.get8(0)).isEqualTo(0x81);
    assertThat(p.get16(1)).isEqualTo(0x8283);
    assertThat(p.get32(2)).isEqualTo(0x83848586);
    assertThat(p.get48(0)).isEqualTo(0x8182_8384_8586L);
    assertThat(p.get64(0)).isEqualTo(0x8182_8384_8586_8788L);
    p.put8(0, 1);
    p.put16(1, 0x0203);
    p.put32(3, 0x04050607);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(1, 2, 3, 4, 5, 6, 7, 0x88));
    p.put48(2, 0xa1a2_a3a4_a5a6L);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(1, 2, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6));
    p.put64(0, 0x0102_0304_0506_0708L);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(1, 2, 3, 4, 5, 6, 7, 8));
  }

  @Test
  void headersAreTakenOffAndPutInFront() {
    with(1, 2, 3, 4);
    p.pull(2);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(3, 4));
    p.unpull(1);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(2, 3, 4));
    p.push(2);
    p.put16(0, 0x0908);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(9, 8, 2, 3, 4));
    p.truncate(3);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(9, 8, 2));
    p.padTo(5);
    assertThat(p.toBytes()).isEqualTo(Ip.octets(9, 8, 2, 0, 0));
    p.padTo(2);
    assertThat(p.length()).isEqualTo(5);
  }

  @Test
  void whatIsOutsideTheWindowIsOutOfBounds() {
    with(1, 2, 3, 4, 5, 6, 7, 8);
    p.pull(2);
    p.truncate(4); // bytes exist before and behind
    for (Consumer<Packet> access :
        java.util.List.<Consumer<Packet>>of(
            q -> q.get8(4),
            q -> q.get8(-1),
            q -> q.get16(3),
            q -> q.get32(1),
            q -> q.get48(0),
            q -> q.get64(0),
            q -> q.put8(4, 0),
            q -> q.put16(3, 0),
            q -> q.put32(-1, 0),
            q -> q.pull(5),
            q -> q.pull(-1),
            q -> q.truncate(5),
            q -> q.extend(q.tailroom() + 1),
            q -> q.unpull(Packet.HEADROOM + 3),
            q -> q.copyTo(2, new byte[9], 0, 3))) {
      assertThatThrownBy(() -> access.accept(p)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(p.toBytes()).isEqualTo(Ip.octets(3, 4, 5, 6));
    }
  }

  @Test
  void swappingExchangesEverything() {
    with(1, 2, 3);
    p.segmentSize(1448);
    p.checksumPartial(200, 16);
    p.linkBroadcast(true);
    p.timestamp(77);
    Packet other = new Packet(10);
    byte[] array = p.array();
    p.swap(other);
    assertThat(other.array()).isSameAs(array);
    assertThat(other.toBytes()).isEqualTo(Ip.octets(1, 2, 3));
    assertThat(other.segmentSize()).isEqualTo(1448);
    assertThat(other.checksumState()).isEqualTo(Packet.ChecksumState.PARTIAL);
    assertThat(other.checksumStart()).isEqualTo(200);
    assertThat(other.checksumOffset()).isEqualTo(16);
    assertThat(other.linkBroadcast()).isTrue();
    assertThat(other.timestamp()).isEqualTo(77);
    assertThat(p.length()).isZero();
    assertThat(p.segmentSize()).isZero();
    assertThat(p.checksumState()).isEqualTo(Packet.ChecksumState.NONE);
    assertThat(p.linkBroadcast()).isFalse();
    assertThat(p.timestamp()).isZero();
    assertThat(p.capacity()).isEqualTo(10);
  }

  @Test
  void aCopyHasItsChecksumWhereItsOwnBytesAre() {
    with(9, 9, 0, 1, 0, 0, 0xff);
    p.checksumPartial(p.offset() + 2, 2);
    p.pull(2);
    Packet copy = new Packet(10);
    copy.copyFrom(p);
    copy.completeChecksum();
    assertThat(copy.toBytes()).isEqualTo(Ip.octets(0, 1, 0, 0xfe, 0xff));
    assertThat(copy.checksumState()).isEqualTo(Packet.ChecksumState.VERIFIED);
    copy.put16(2, 7);
    copy.completeChecksum();
    assertThat(copy.get16(2)).as("done already").isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"6, 0xffff", "16, 0"})
  @DisplayName("RFC 768: a UDP checksum of 0 is sent as 0xffff; RFC 1624: one of TCP is not")
  void aChecksumThatComesOutAsZero(int offset, String sum) {
    p.padTo(20);
    p.put16(0, 0xffff);
    p.checksumPartial(p.offset(), offset);
    p.completeChecksum();
    assertThat(p.get16(offset)).isEqualTo(Integer.decode(sum));
  }

  @Test
  void clearingForgetsWhatTravelsBeside() {
    with(1);
    p.segmentSize(5);
    p.checksumVerified();
    p.linkBroadcast(true);
    p.timestamp(9);
    p.clear();
    assertThat(p.length() + p.segmentSize() + p.timestamp()).isZero();
    assertThat(p.checksumState()).isEqualTo(Packet.ChecksumState.NONE);
    assertThat(p.linkBroadcast()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 5000})
  void aCopyGrowsWhereItMust(int length) {
    Packet big = new Packet(5000);
    big.extend(length);
    big.checksumVerified();
    p.copyFrom(big);
    assertThat(p.toBytes()).isEqualTo(big.toBytes());
    assertThat(p.checksumState()).isEqualTo(Packet.ChecksumState.VERIFIED);
    assertThat(p.offset()).isEqualTo(Packet.HEADROOM);
  }

  @Test
  void buffersAreReadAndWritten() {
    ByteBuffer source = ByteBuffer.wrap(Ip.octets(1, 2, 3, 4));
    p.append(source, 3);
    assertThat(source.remaining()).isEqualTo(1);
    ByteBuffer target = ByteBuffer.allocate(8);
    p.copyTo(1, target, 2);
    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(Ip.octets(2, 3)));
  }

  // The pool

  @Test
  void packetsComeBackEmptied() {
    PacketPool pool = new PacketPool();
    Packet first = pool.take(100);
    first.extend(7);
    first.linkBroadcast(true);
    assertThat(pool.outstanding()).isEqualTo(1);
    pool.give(first);
    assertThat(pool.outstanding()).isZero();
    Packet again = pool.take(PacketPool.SMALL);
    assertThat(again).isSameAs(first);
    assertThat(again.length()).isZero();
    assertThat(again.linkBroadcast()).isFalse();
  }

  @Test
  void thereAreTwoSizes() {
    PacketPool pool = new PacketPool();
    Packet large = pool.take(PacketPool.SMALL + 1);
    assertThat(large.capacity()).isEqualTo(PacketPool.LARGE);
    pool.give(large);
    assertThat(pool.take(10)).isNotSameAs(large);
    assertThat(pool.take(PacketPool.LARGE)).isSameAs(large);
    assertThatThrownBy(() -> pool.take(PacketPool.LARGE + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePoolKeepsABoundedNumber() {
    PacketPool pool = new PacketPool();
    java.util.Set<Packet> given =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    for (int i = 0; i < 100; i++) {
      given.add(new Packet(PacketPool.LARGE));
    }
    given.forEach(pool::give);
    int kept = 0;
    for (int i = 0; i < 100; i++) {
      kept += given.contains(pool.take(PacketPool.LARGE)) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(ints = {PacketPool.SMALL, PacketPool.LARGE})
  void thePoolKeepsABoundedNumber(int size) {
    int kept = size == PacketPool.SMALL ? PacketPool.KEPT_SMALL : PacketPool.KEPT_LARGE;
    PacketPool pool = new PacketPool();
    List<Packet> first = Stream.generate(() -> pool.take(size)).limit(kept + 10L).toList();
    first.forEach(pool::give);
    List<Packet> second = Stream.generate(() -> pool.take(size)).limit(kept + 10L).toList();
    Set<Packet> known = Collections.newSetFromMap(new IdentityHashMap<>());
    known.addAll(first);
    assertThat(second.stream().filter(known::contains)).hasSize(kept);
  }
}
