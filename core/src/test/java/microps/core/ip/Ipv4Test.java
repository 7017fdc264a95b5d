package microps.core.ip;

import static microps.core.TestHost.PEER;
import static microps.core.TestHost.PEER_MAC;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What IP takes and what it drops, in frames.
class Ipv4Test {
  private final TestHost host = TestHost.acquainted();

  private static Ip ping() {
    return new Ip().icmp(8, 0, 1, new byte[12]);
  }

  private static final String PONG = "192.0.2.2 > 192.0.2.1 ttl=64 echo-reply id=0 seq=1 data=12";

  @Test
  void aGoodDatagramIsDelivered() {
    assertThat(host.outcomeOf(ping().frame())).containsExactly(PONG);
    assertThat(host.stack.counters().of(Counter.IP_RECEIVED)).isEqualTo(1);
    assertThat(host.stack.counters().of(Counter.IP_DELIVERED)).isEqualTo(1);
    assertThat(host.stack.counters().drops()).isZero();
  }

  // Form

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19})
  void aDatagramWithoutAWholeHeaderIsDropped(int length) {
    byte[] frame = Arrays.copyOf(ping().frame(), 14 + length);
    host.assertDropped(frame, DropReason.IP_TOO_SHORT);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.1.1: another version is silently discarded")
  @ValueSource(ints = {0, 5, 6, 15})
  void anotherVersion(int version) {
    host.assertDropped(ping().version(version).frame(), DropReason.IP_BAD_VERSION);
  }

  @ParameterizedTest
  @DisplayName("an IHL below 5, or beyond the packet, is dropped")
  @ValueSource(ints = {0, 1, 4, 11, 15})
  void aBadHeaderLength(int words) {
    host.assertDropped(ping().headerWords(words).frame(), DropReason.IP_BAD_HEADER_LENGTH);
  }

  @ParameterizedTest
  @DisplayName("a total length below the header's, or beyond the packet, is dropped")
  @ValueSource(ints = {0, 19, 41, 65_535})
  void aBadTotalLength(int length) {
    host.assertDropped(ping().totalLength(length).frame(), DropReason.IP_BAD_TOTAL_LENGTH);
  }

  @Test
  @DisplayName("RFC 1122 3.2.1.2: a bad header checksum is silently discarded")
  void aBadChecksum() {
    host.assertDropped(ping().badChecksum().frame(), DropReason.IP_BAD_CHECKSUM);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.1.7: a host takes a datagram whatever its TTL, 0 and 1 too")
  @ValueSource(ints = {0, 1, 255})
  void anyTimeToLive(int ttl) {
    assertThat(host.outcomeOf(ping().ttl(ttl).frame())).containsExactly(PONG);
  }

  // Addresses

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.1.3: sources that no single other host has are silently discarded")
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "127.0.0.1",
        "224.0.0.1",
        "239.1.2.3",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.255",
        US
      })
  void aBadSource(String source) {
    host.assertDropped(ping().from(source).frame(), DropReason.IP_BAD_SOURCE);
  }

  @Test
  @DisplayName("0.0.0.0 may speak to everybody: a host that looks for its address")
  void noSourceYet() {
    byte[] frame =
        new Ip()
            .from("0.0.0.0")
            .to("255.255.255.255")
            .udp(68, 67, new byte[1])
            .frame(TestHost.BROADCAST_MAC);
    host.assertDropped(frame, DropReason.UDP_NO_PORT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "240.0.0.1"})
  void aBadDestination(String destination) {
    host.assertDropped(ping().to(destination).frame(), DropReason.IP_BAD_DESTINATION);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.3.1.1: a host never forwards unless told to")
  @ValueSource(strings = {"198.51.100.1", "192.0.2.3", "192.0.2.0", "224.0.0.251"})
  void notForUs(String destination) {
    host.assertDropped(ping().to(destination).frame(), DropReason.IP_NOT_FOR_US);
  }

  @Test
  @DisplayName("RFC 1122 3.3.6: a link broadcast that holds a unicast is silently discarded")
  void aLinkBroadcastOfAUnicast() {
    host.assertDropped(ping().frame(TestHost.BROADCAST_MAC), DropReason.IP_BAD_DESTINATION);
  }

  @Test
  @DisplayName("RFC 1122 3.3.4.2: an address belongs to the host, on whichever interface it is")
  void anAddressOfAnotherInterface() {
    host.stack.addAddress(host.stack.nics().getFirst(), Cidr.parse("203.0.113.7/32"), host.now);
    assertThat(host.outcomeOf(ping().to("203.0.113.7").frame()))
        .containsExactly("203.0.113.7 > 192.0.2.1 ttl=64 echo-reply id=0 seq=1 data=12");
  }

  @Test
  void anAddressThatWasTakenAwayIsNotOurs() {
    host.stack.removeAddress(host.nic, Cidr.parse(US + "/24"), host.now);
    host.assertDropped(ping().frame(), DropReason.IP_NOT_FOR_US);
  }

  // Options

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.1.8, MUST-50: options are skipped, unknown ones too")
  @CsvSource({
    "1 1 1 0",
    "0 0x83 0x83 0x83", // behind the end of the list nothing counts
    "7 7 4 0 0 0 0 0", // record route
    "68 8 5 0 0 0 0 0", // timestamp
    "0x94 4 0 0", // router alert
    "0x1e 4 1 2", // experiment
    "1 0x1e 2 0",
  })
  void optionsAreSkipped(String octets) {
    assertThat(host.outcomeOf(ping().options(parse(octets)).frame())).containsExactly(PONG);
  }

  @ParameterizedTest
  @DisplayName("source-routed datagrams are dropped")
  @CsvSource({"0x83 7 4 1 2 3 4 0", "0x89 3 4 0", "1 0x89 3 4", "7 3 4 0x83 3 4 0 0"})
  void sourceRoutes(String octets) {
    host.assertDropped(ping().options(parse(octets)).frame(), DropReason.IP_SOURCE_ROUTED);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.2.5: a malformed option is answered with a Parameter Problem")
  @CsvSource({
    "7 0 0 0, 21", // a length of 0, at which others hang
    "7 1 0 0, 21",
    "7 5 0 0, 21",
    "1 1 1 7, 23",
    "1 1 7 3, 23",
    "7 255 0 0, 21",
  })
  void malformedOptions(String octets, int pointer) {
    assertThat(host.outcomeOf(ping().options(parse(octets)).frame()))
        .containsExactly(
            "192.0.2.2 > 192.0.2.1 ttl=64 icmp 12/0 rest=" + (pointer << 24) + " quote=44");
    assertThat(host.drops(DropReason.IP_BAD_OPTION)).isEqualTo(1);
  }

  private static int[] parse(String octets) {
    return Arrays.stream(octets.split(" ")).mapToInt(Integer::decode).toArray();
  }

  // Protocols

  @Test
  @DisplayName("RFC 1122 3.2.2.1: a protocol that nobody takes is answered with code 2")
  void anUnknownProtocol() {
    assertThat(host.outcomeOf(new Ip().protocol(132).payload(new byte[8]).frame()))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/2 rest=0 quote=28");
    assertThat(host.drops(DropReason.IP_UNKNOWN_PROTOCOL)).isEqualTo(1);
  }

  // Any bytes at all

  @ParameterizedTest
  @DisplayName("every cut of every frame is dropped without an exception")
  @ValueSource(booleans = {true, false})
  void everyCut(boolean padded) {
    for (byte[] frame :
        List.of(
            ping().frame(),
            ping().options(1, 7, 3, 0).frame(),
            new Ip().udp(1, 2, new byte[9]).frame(),
            new Ip()
                .icmp(3, 3, 0, new Ip().from(US).to(PEER).udp(1, 2, new byte[4]).bytes())
                .frame(),
            new Ip().fragment(8, true).payload(new byte[16]).frame(),
            TestHost.arpRequest(PEER_MAC, PEER, US),
            new Ip().protocol(6).payload(new byte[20]).frame())) {
      for (int length = 0; length <= frame.length; length++) {
        byte[] cut = Arrays.copyOf(frame, length);
        host.in(padded ? Arrays.copyOf(cut, 80) : cut).raw();
      }
    }
    assertThat(host.stack.counters().of(DropReason.IP_BAD_TOTAL_LENGTH)).isPositive();
  }

  @ParameterizedTest
  @DisplayName("any octet of a frame may be anything")
  @ValueSource(longs = {1, 2, 3})
  void anyOctet(long seed) {
    java.util.Random random = new java.util.Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] frame =
          switch (random.nextInt(4)) {
            case 0 -> ping().options(7, 3, 4, 0).frame();
            case 1 -> new Ip().udp(1, 2, new byte[9]).frame();
            case 2 -> new Ip().fragment(random.nextInt(9) * 8, true).payload(new byte[16]).frame();
            default ->
                new Ip()
                    .icmp(3, 4, 576, new Ip().from(US).to(PEER).udp(1, 2, new byte[4]).bytes())
                    .frame();
          };
      for (int i = random.nextInt(3); i >= 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
      repairChecksum(frame);
      host.in(Arrays.copyOf(frame, random.nextInt(10) == 0 ? 70 : frame.length)).raw();
      host.now += TestHost.MS;
    }
    host.pass(70 * TestHost.SECOND).raw();
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  private static void repairChecksum(byte[] frame) {
    int length = Math.min((frame[14] & 0xf) * 4, frame.length - 14 & ~1);
    if (length >= 20) {
      frame[24] = 0;
      frame[25] = 0;
      long sum = 0;
      for (int i = 0; i < length; i += 2) {
        sum += (frame[14 + i] & 0xff) << 8 | frame[15 + i] & 0xff;
      }
      int checksum = microps.core.bytes.Checksum.finish(sum);
      frame[24] = (byte) (checksum >> 8);
      frame[25] = (byte) checksum;
    }
  }
}
