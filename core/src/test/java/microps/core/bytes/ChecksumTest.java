package microps.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import microps.core.Ip;
import microps.core.address.Ipv4Address;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {

  @ParameterizedTest
  @DisplayName("RFC 1071: sums by hand, odd lengths and carries among them")
  @CsvSource({
    "'', ffff",
    "00, ffff",
    "01, feff",
    "0001, fffe",
    "0001f203f4f5f6f7, 220d", // the example of RFC 1071, section 3
    "0001f203f4f5f6f7ff, 230c", // the odd last byte counts as its first half
    "ffff, 0000",
    "ffffffff, 0000",
    "ffff0001, fffe",
    "fffffffe0001, 0000",
    "8000800080008000, fffd",
    "ffffffffffffffffffffffffffffffff, 0000",
    "4500003044224000800600008c7c19acae241e2b, 442e", // a header whose checksum is known
  })
  void sums(String hex, String expected) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int checksum = Checksum.finish(Checksum.sum(bytes, 0, bytes.length));
    assertThat(HexFormat.of().toHexDigits((short) checksum)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 1459, 1460, 65_534, 65_535})
  @DisplayName("it agrees with the plainest loop, at every alignment")
  void anyLength(int length) {
    byte[] bytes = new byte[length + 8];
    for (int seed = 0; seed < 20; seed++) {
      new Random(seed).nextBytes(bytes);
      if (seed == 0) {
        java.util.Arrays.fill(bytes, (byte) 0xff); // all carries
      }
      for (int offset = 0; offset < 8; offset++) {
        byte[] part = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        int expected = plain(part);
        assertThat(Checksum.finish(Checksum.sum(bytes, offset, length))).isEqualTo(expected);
      }
    }
  }

  private static int plain(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }

  @Test
  void partsAddUp() {
    byte[] bytes = new byte[100];
    new Random(1).nextBytes(bytes);
    long parts = Checksum.sum(bytes, 0, 30) + Checksum.sum(bytes, 30, 70);
    assertThat(Checksum.finish(parts)).isEqualTo(Checksum.finish(Checksum.sum(bytes, 0, 100)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0xffff, 0xffff",
    "0x10000, 1",
    "0x1fffe, 0xffff",
    "0xffffffff, 0xffff",
    "0x7fffffffffffffff, 0x7fff",
  })
  void folding(String sum, String folded) {
    assertThat(Checksum.fold(Long.decode(sum))).isEqualTo(Integer.decode(folded));
  }

  @Test
  void whatIsRightIsRightWithEitherZero() {
    assertThat(Checksum.isRight(0xffff)).isTrue();
    assertThat(Checksum.isRight(0x1_fffe)).isTrue();
    assertThat(Checksum.isRight(0)).as("all zeros have no checksum at all").isFalse();
    assertThat(Checksum.isRight(0xfffe)).isFalse();
  }

  @Test
  void thePseudoHeaderOfIpv4IsThatOfMappedAddresses() {
    Ipv4Address a = Ipv4Address.parse("192.0.2.1");
    Ipv4Address b = Ipv4Address.parse("255.255.255.255");
    long direct = Checksum.pseudoHeader4(a.value(), b.value(), 17, 65_535);
    assertThat(Checksum.fold(direct))
        .isEqualTo(
            Checksum.fold(Checksum.pseudoHeader(a.high(), a.low(), b.high(), b.low(), 17, 65_535)));
    byte[] written = Ip.octets(192, 0, 2, 1, 255, 255, 255, 255, 0, 17, 255, 255);
    assertThat(Checksum.fold(direct)).isEqualTo(Checksum.fold(Checksum.sum(written, 0, 12)));
  }

  @Test
  void thePseudoHeaderOfIpv6IsTheSumOfItsBytes() {
    long[] a = {0x2001_0db8_ffff_fffeL, 0x8000_0000_0000_0001L};
    long[] b = {0xfe80_0000_0000_0000L, 0xffff_ffff_ffff_ffffL};
    java.nio.ByteBuffer written = java.nio.ByteBuffer.allocate(40);
    written.putLong(a[0]).putLong(a[1]).putLong(b[0]).putLong(b[1]).putInt(1280).putInt(6);
    assertThat(Checksum.fold(Checksum.pseudoHeader(a[0], a[1], b[0], b[1], 6, 1280)))
        .isEqualTo(Checksum.fold(Checksum.sum(written.array(), 0, 40)));
  }

  @Test
  void aSumOutsideThePacketIsRefused() {
    Packet p = new Packet(100);
    p.extend(10);
    assertThatThrownBy(() -> Checksum.sum(p, 5, 6)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
