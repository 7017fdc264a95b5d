package microps.core.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import microps.core.bytes.Packet;
import microps.core.device.LinkType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameTextTest {
  private static final String MACS = "00005e005301 0e4eafbc64c6 ";

  /// 192.0.2.1 to 192.0.2.2, with the checksum of these fields.
  private static final String ECHO =
      MACS + "0800" + "4500001c a0424000 4001169b c0000201 c0000202" + "0800f7c7 00370001";

  private static Packet packet(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    Packet packet = new Packet(bytes.length);
    packet.append(bytes, 0, bytes.length);
    return packet;
  }

  private static String ethernet(String hex) {
    return FrameText.of(packet(hex), LinkType.ETHERNET);
  }

  private static String ip(String hex) {
    return FrameText.of(packet(hex), LinkType.IP);
  }

  @Test
  void arpRequest() {
    String text =
        ethernet(
            "ffffffffffff 0e4eafbc64c6 0806"
                + "0001 0800 06 04 0001 0e4eafbc64c6 c0000201 000000000000 c0000202");
    assertThat(text)
        .isEqualTo(
            """
            ethernet: type=ARP(0x0806), len=42
                    src: 0e:4e:af:bc:64:c6
                    dst: ff:ff:ff:ff:ff:ff
                   type: 0x0806 (ARP)
            arp: Request who-has 192.0.2.2 tell 192.0.2.1, len=28
                    hrd: 0x0001
                    pro: 0x0800
                    hln: 6
                    pln: 4
                     op: 0x0001 (Request)
                    sha: 0e:4e:af:bc:64:c6
                    spa: 192.0.2.1
                    tha: 00:00:00:00:00:00
                    tpa: 192.0.2.2
            """);
  }

  @Test
  void echoRequest() {
    assertThat(ethernet(ECHO))
        .isEqualTo(
            """
            ethernet: type=IP(0x0800), len=42
                    src: 0e:4e:af:bc:64:c6
                    dst: 00:00:5e:00:53:01
                   type: 0x0800 (IP)
            ip: 192.0.2.1 => 192.0.2.2, protocol=ICMP(0x01), len=28
                    vhl: 0x45 [v: 4, hl: 5 (20)]
                    tos: 0x00
                  total: 28 (payload: 8)
                     id: 41026
                 offset: 0x4000 [flags=2 (DF), offset=0]
                    ttl: 64
               protocol: 1 (ICMP)
                    sum: 0x169b (0x169b)
                    src: 192.0.2.1
                    dst: 192.0.2.2
            icmp: 192.0.2.1 => 192.0.2.2, Echo id=55 seq=1, len=8
                   type: 8 (Echo)
                   code: 0
                    sum: 0xf7c7 (0xf7c7)
                     id: 55
                    seq: 1
            """);
  }

  @Test
  void tcpSynWithOptions() {
    String text =
        ip(
            "4500003c 00004000 4006b6be c0000201 c0000202"
                + "9c400007 00000001 00000000 a0c2faf0 00000000"
                + "020405b4 0402080a 0000007b 00000000 01030307");
    assertThat(text)
        .contains("tcp: 192.0.2.1:40000 => 192.0.2.2:7 [SEC] seq=1, len=40 (payload: 0)\n")
        .contains("        off: 0xa0 (40)\n")
        .contains("        flg: 0xc2 (CE----S-)\n")
        .contains("        wnd: 64240\n")
        .contains("         up: 0\n")
        .contains(
            "        opt: MSS 1460, SACK-Permitted, Timestamps val=123 ecr=0, NOP,"
                + " Window-Scale 7 (x128)\n")
        .contains("        sum: 0x0000 (0x")
        .contains(", BAD)");
  }

  @Test
  void tcpOptionsThatAreWrongAreShownAsSuch() {
    assertThat(options("01 05 0a 00000001 00000003 00")).isEqualTo("NOP, SACK 1-3, EOL");
    assertThat(options("02 04 05")).isEqualTo("MSS (length 4, BAD)");
    assertThat(options("02 00 05b4")).isEqualTo("MSS (length 0, BAD)");
    assertThat(options("08")).isEqualTo("Timestamps (length 0, BAD)");
    assertThat(options("03 03 0f")).isEqualTo("Window-Scale 15 (BAD)");
    assertThat(options("02 03 05")).isEqualTo("MSS 05");
    assertThat(options("1c 04 800a fe 04 abcd")).isEqualTo("User-Timeout 10 min, Option-254 abcd");
  }

  private static String options(String hex) {
    return TcpOptionsText.decode(Span.of(packet(hex)));
  }

  @Test
  void udpWithinAndWithoutChecksum() {
    String header = "45000021 00010000 4011f6c9 c0000201 c0000202";
    assertThat(ip(header + "9c400007 000d0000 68656c6c6f"))
        .contains("udp: 192.0.2.1:40000 => 192.0.2.2:7, len=13 (payload: 5)\n")
        .contains("        src: 40000\n        dst: 7\n        len: 13 (payload: 5)\n")
        .contains("        sum: 0x0000 (none)\n");
    assertThat(ip(header + "9c400007 00040000 68656c6c6f")).contains("len: 4 (BAD)");
    assertThat(ip(header + "9c400007 ffff0000 68656c6c6f")).contains("len: 65535 (BAD)");
  }

  @Test
  void anErrorShowsWhatItQuotes() {
    String text =
        ip(
            "45000038 00010000 4001f6c2 c0000201 c0000202"
                + "0303 0000 00000000"
                + "45000021 00010000 4011f6c9 c0000202 c0000201 00079c40 000d0000");
    assertThat(text)
        .contains(
            "icmp: 192.0.2.1 => 192.0.2.2, DestinationUnreachable (port unreachable), len=36\n")
        .contains("       code: 3 (port unreachable)\n")
        .contains("      quote: ip: 192.0.2.2 => 192.0.2.1, protocol=UDP(0x11), len=33\n")
        .contains("      quote: udp: 192.0.2.2:7 => 192.0.2.1:40000, len=13 (payload: 5)\n");
  }

  @Test
  void aFragmentBehindTheFirstShowsNoTransport() {
    String text = ip("4500001c a0422005 40110000 c0000201 c0000202 0000000000000000");
    assertThat(text)
        .contains("offset: 0x2005 [flags=1 (MF), offset=5 (40)]\n")
        .contains("protocol=UDP(0x11), fragment of 41026 at 40, len=28\n")
        .doesNotContain("udp:");
  }

  @Test
  void ipv6() {
    assertThat(
            ip(
                "60012345 0008 11 40 20010db8000000000000000000000001"
                    + "20010db8000000000000000000000002 9c400007 00080000"))
        .contains("ip6: 2001:db8::1 => 2001:db8::2, protocol=UDP(0x11), len=48\n")
        .contains("        vcf: 0x60012345 [v: 6, tc: 0x00, fl: 0x12345]\n")
        .contains("udp: [2001:db8::1]:40000 => [2001:db8::2]:7, len=8 (payload: 0)\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          45                                                        | vhl: 0x45 [v: 4, hl: 5 (20)]
          45                                                        | cut off: 1 of 20 bytes
          44000014 00000000 40060000 c0000201 c0000202              | hl: 4 (16, BAD)
          45000010 00000000 40060000 c0000201 c0000202              | total: 16 (BAD)
          45000100 00000000 40fd0000 c0000201 c0000202              | cut off: 20 of 256 bytes
          45000014 00000000 40fd0000 c0000201 c0000202              | (0xf5e9, BAD)
          46000018 00000000 40fd0000 c0000201 c0000202 94040000     | opt: Router-Alert 0000
          46000018 00000000 40fd0000 c0000201 c0000202 83ff0000     | Loose-Source-Route (length 255, BAD)
          45000018 00000000 40060000 c0000201 c0000202 00010002     | cut off: 4 of 20 bytes
          45000028 00000000 40060000 c0000201 c0000202 0001000200000000000000001000000000000000 | off: 0x10 (4, BAD)
          45000028 00000000 40060000 c0000201 c0000202 000100020000000000000000f000000000000000 | off: 0xf0 (60, BAD)
          45000016 00000000 40010000 c0000201 c0000202 0800         | cut off: 2 of 8 bytes
          50                                                        | ip: version 5, len=1
          """)
  void whatIsWrongIsShownAsSuch(String hex, String expected) {
    assertThat(ip(hex)).contains(expected);
  }

  @Test
  void anEmptyFrame() {
    assertThat(ethernet("")).isEqualTo("ethernet: cut off, len=0\n    cut off: 0 of 14 bytes\n");
    assertThat(ip("")).isEqualTo("ip: empty frame, len=0\n");
  }

  @Test
  void theSummaryIsTheInnermostHeader() {
    assertThat(FrameText.summary(packet(ECHO), LinkType.ETHERNET))
        .isEqualTo("icmp: 192.0.2.1 => 192.0.2.2, Echo id=55 seq=1, len=8");
  }

  @Test
  void aChecksumThatTheDeviceCompletesIsNotCalledBad() {
    Packet p = packet("45000021 00010000 4011f6c9 c0000201 c0000202 9c400007 000d1234 68656c6c6f");
    p.checksumPartial(p.offset() + 20, 6);
    assertThat(FrameText.of(p, LinkType.IP)).contains("sum: 0x1234 (left to the device)");
  }

  @ParameterizedTest
  @EnumSource(LinkType.class)
  @DisplayName("any bytes at all: no exception, a bounded text, an unchanged packet")
  void anyBytes(LinkType link) {
    Random random = new Random(7);
    Packet seed = packet(ECHO);
    int[] types = {0x0800, 0x0806, 0x86dd};
    int[] protocols = {1, 6, 17, 58};
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes = new byte[random.nextInt(120)];
      random.nextBytes(bytes);
      if (run % 2 == 0) { // near to something real
        seed.copyTo(0, bytes, 0, Math.min(bytes.length, seed.length()));
        for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
      Packet p = new Packet(bytes.length);
      p.append(bytes, 0, bytes.length);
      if (link == LinkType.ETHERNET && bytes.length > 24) {
        p.put16(12, types[random.nextInt(types.length)]);
        p.put8(23, protocols[random.nextInt(protocols.length)]);
      } else if (bytes.length > 10) {
        p.put8(0, random.nextBoolean() ? 0x45 + random.nextInt(11) : 0x60);
        p.put8(9, protocols[random.nextInt(protocols.length)]);
      }
      byte[] before = p.toBytes();
      String text = FrameText.of(p, link);
      assertThat(text).hasSizeBetween(10, 4000).endsWith("\n");
      assertThat(p.toBytes()).isEqualTo(before);
    }
  }
}
