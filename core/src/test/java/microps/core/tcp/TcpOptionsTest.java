package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.SplittableRandom;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpOptionsTest {

  private static TcpOptions parse(String hex) {
    byte[] options = HexFormat.of().parseHex(hex);
    Packet packet = new Packet(80);
    packet.extend(TcpHeader.LENGTH);
    packet.append(options, 0, options.length);
    TcpOptions parsed = new TcpOptions();
    parsed.parse(packet, TcpHeader.LENGTH + options.length);
    return parsed;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("MUST-4, MUST-6, MUST-7, MUST-64: what is read, whatever stands around it")
  @CsvSource({
    "alone, 020405b4, 1460",
    "after NOPs not aligned, 010101020405b401, 1460",
    "after an unknown option, fd040000020405b4, 1460",
    "end of options before it, 00020405b4000000, -1",
    "length 0, 0200020405b40101, -1",
    "length 1, fd01020405b40101, -1",
    "length past the end, 020805b4, -1",
    "kind without length, 01010102, -1",
    "illegal length after it, 020405b4fd000000, 1460",
    "wrong length for MSS, 020305020405b401, 1460",
    "nothing, '', -1"
  })
  void mss(String what, String hex, int expected) {
    assertThat(parse(hex == null ? "" : hex).mss).as(what).isEqualTo(expected);
  }

  @Test
  @DisplayName("RFC 7323 2.3: a shift above 14 is 14")
  void windowScale() {
    assertThat(parse("03030701").windowScale).isEqualTo(7);
    assertThat(parse("0303ff01").windowScale).isEqualTo(14);
    assertThat(parse("01010101").windowScale).isEqualTo(-1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("RFC 7413 4.1.1: a cookie is of 4 to 16 octets, an even number; or there is none")
  @CsvSource({
    "asks for one, 2202, 0",
    "too short, 22041122, -1",
    "shortest, 220611223344, 4",
    "odd, 22071122334455, -1",
    "longest, 221200112233445566778899aabbccddeeff, 16",
    "too long, 221400112233445566778899aabbccddeeff0011, -1",
    "as long as an option can be, 22280011223344556677889900112233445566778899001122334455667788990011223344556677, -1",
    "the experiment's, fe14f98900112233445566778899aabbccddeeff, 16",
    "too long for it, fe16f98900112233445566778899aabbccddeeff0011, -1"
  })
  void cookies(String what, String hex, int length) {
    TcpOptions o = parse(hex + "00".repeat(3 - (hex.length() / 2 + 3) % 4));
    assertThat(o.cookieLength).as(what).isEqualTo(length);
    assertThat(HexFormat.of().formatHex(o.cookie()))
        .isEqualTo(length <= 0 ? "" : hex.substring(hex.length() - 2 * length));
  }

  @Test
  void sackAndTimestamps() {
    TcpOptions o = parse("0101080a000000010000000201010512000000100000002000000030000000400402");

    assertThat(o.hasTimestamps).isTrue();
    assertThat(o.tsVal).isEqualTo(1);
    assertThat(o.tsEcr).isEqualTo(2);
    assertThat(o.sackBlocks).isEqualTo(2);
    assertThat(o.sackLeft(1)).isEqualTo(0x30);
    assertThat(o.sackRight(1)).isEqualTo(0x40);
    assertThat(o.sackPermitted).isTrue();
  }

  @Test
  @DisplayName("MUST-7: no bytes make it fail or hang")
  void anyBytes() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(11) * 4];
      random.nextBytes(bytes);
      TcpOptions o = parse(HexFormat.of().formatHex(bytes));
      assertThat(o.windowScale).isBetween(-1, 14);
      assertThat(o.sackBlocks).isBetween(0, 4);
    }
  }
}
