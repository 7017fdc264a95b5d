package microps.core.ip;

import static microps.core.TestHost.BROADCAST_MAC;
import static microps.core.TestHost.MS;
import static microps.core.TestHost.PEER;
import static microps.core.TestHost.SECOND;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ICMP as others see it: what is answered, and what must not be.
class IcmpTest {
  private final TestHost host = TestHost.acquainted();

  private static byte[] ping(int length) {
    return new Ip().icmp(8, 0, 0x0007_0009, new byte[length]).frame();
  }

  // Echo

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.2.6: the same data comes back, from the address that was asked")
  @ValueSource(ints = {0, 1, 2, 55, 56, 1471, 1472})
  void echo(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    host.in(new Ip().icmp(8, 0, 0x0007_0009, data).frame());
    byte[] reply = host.raw().getFirst();
    assertThat(host.text(reply))
        .isEqualTo("192.0.2.2 > 192.0.2.1 ttl=64 echo-reply id=7 seq=9 data=" + length);
    assertThat(Arrays.copyOfRange(reply, 42, 42 + length)).isEqualTo(data);
    assertThat(host.stack.counters().of(Counter.ICMP_SENT)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1122 3.2.2.6: with the type of service of the request")
  void trafficClassIsThatOfTheRequest() {
    byte[] frame = new Ip().trafficClass(0x10).icmp(8, 0, 1, new byte[1]).frame();
    assertThat(host.outcomeOf(frame)).singleElement().asString().contains("tos=16");
  }

  @Test
  @DisplayName("a large echo is answered in fragments")
  void aLargeEcho() {
    byte[] whole = new Ip().icmp(8, 0, 1, new byte[8000]).bytes();
    byte[] payload = Arrays.copyOfRange(whole, 20, whole.length);
    for (int at = 0; at < payload.length; at += 1480) {
      int end = Math.min(at + 1480, payload.length);
      byte[] part = Arrays.copyOfRange(payload, at, end);
      host.in(new Ip().protocol(1).fragment(at, end < payload.length).payload(part).frame());
    }
    assertThat(host.out())
        .containsExactly(
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 0+1480 more",
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 1480+1480 more",
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 2960+1480 more",
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 4440+1480 more",
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 5920+1480 more",
            "192.0.2.2 > 192.0.2.1 ttl=64 fragment 7400+608");
    assertThat(host.stack.counters().of(Counter.IP_FRAGMENTS_SENT)).isEqualTo(6);
    assertThat(host.stack.counters().of(Counter.IP_SENT)).isEqualTo(1);
    assertThat(host.stack.counters().of(Counter.ICMP_RECEIVED)).isEqualTo(1);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.2.6: an echo to everybody is discarded")
  @ValueSource(strings = {"255.255.255.255", "192.0.2.255"})
  void anEchoToEverybody(String to) {
    byte[] frame = new Ip().to(to).icmp(8, 0, 1, new byte[8]).frame(BROADCAST_MAC);
    host.assertDropped(frame, DropReason.ICMP_BROADCAST_ECHO);
  }

  @Test
  void echoCanBeSwitchedOff() {
    TestHost quiet = new TestHost(new IpConfig(false, false)).meet();
    quiet.assertDropped(ping(8), DropReason.ICMP_ECHO_DISABLED);
  }

  @Test
  void anEchoOfWhomNoRouteLeadsToIsDropped() {
    TestHost lonely = TestHost.acquainted();
    lonely.stack.routes().forEach(lonely.stack::removeRoute);
    lonely.assertDropped(ping(8), DropReason.IP_NO_ROUTE);
  }

  @Test
  @DisplayName("a flood of echoes ends where the output queue ends")
  void aFloodOfEchoes() {
    for (int i = 0; i < 3000; i++) {
      host.in(ping(8));
    }
    assertThat(host.nic.queued()).isEqualTo(microps.core.device.Nic.ROOM);
    assertThat(host.drops(DropReason.OUTPUT_QUEUE_FULL)).isEqualTo(3000 - 512);
  }

  // Form

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aMessageWithoutAWholeHeaderIsDropped(int length) {
    host.assertDropped(
        new Ip().protocol(1).payload(new byte[length]).frame(), DropReason.ICMP_TOO_SHORT);
  }

  @Test
  void aBadChecksumIsDropped() {
    byte[] frame = ping(8);
    frame[frame.length - 1] ^= 1;
    host.assertDropped(frame, DropReason.ICMP_BAD_CHECKSUM);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.2: an unknown type is silently discarded")
  @ValueSource(ints = {1, 2, 7, 9, 10, 13, 15, 17, 41, 255})
  void anUnknownType(int type) {
    host.assertDropped(
        new Ip().icmp(type, 0, 0, new byte[28]).frame(), DropReason.ICMP_UNKNOWN_TYPE);
  }

  @ParameterizedTest
  @DisplayName("RFC 6633: source quench is ignored; so are redirects")
  @CsvSource({"4, ICMP_SOURCE_QUENCH", "5, ICMP_REDIRECT"})
  void ignored(int type, DropReason reason) {
    byte[] quote = new Ip().from(US).to("198.51.100.1").udp(1, 2, new byte[4]).bytes();
    host.assertDropped(new Ip().icmp(type, 0, 0xc000_0263, quote).frame(), reason);
    assertThat(host.stack.routes()).hasSize(2);
  }

  @Test
  void aReplyThatNobodyWaitsForIsDropped() {
    host.assertDropped(new Ip().icmp(0, 0, 5, new byte[4]).frame(), DropReason.ICMP_NO_SOCKET);
  }

  // Errors that we send

  private static byte[] toClosedPort(String from, String to, String mac) {
    return new Ip().from(from).to(to).udp(1000, 9, new byte[4]).frame(mac);
  }

  @Test
  @DisplayName("RFC 1122 3.2.2.1: port unreachable, TOS 0, the original octets unchanged")
  void portUnreachable() {
    byte[] frame =
        new Ip().trafficClass(8).ttl(17).options(1, 7, 3, 4).udp(1, 9, new byte[5]).frame();
    host.in(frame);
    byte[] error = host.raw().getFirst();
    assertThat(host.text(error)).isEqualTo("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/3 rest=0 quote=37");
    assertThat(Arrays.copyOfRange(error, 42, 42 + 37))
        .isEqualTo(Arrays.copyOfRange(frame, 14, frame.length));
    assertThat(host.drops(DropReason.UDP_NO_PORT)).isEqualTo(1);
    assertThat(host.stack.counters().of(Counter.ICMP_ERRORS_SENT)).isEqualTo(1);
  }

  @ParameterizedTest
  @DisplayName("RFC 1812 4.3.2.3: as much is quoted as fits into 576 bytes")
  @CsvSource({"519, 547", "520, 548", "521, 548", "1400, 548"})
  void theQuoteIsBounded(int data, int quote) {
    assertThat(host.outcomeOf(new Ip().udp(1, 9, new byte[data]).frame()))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/3 rest=0 quote=" + quote);
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 3.2.2: never about what was sent to everybody")
  @CsvSource({
    "255.255.255.255, ff:ff:ff:ff:ff:ff",
    "192.0.2.255, ff:ff:ff:ff:ff:ff",
    "192.0.2.255, 00:00:5e:00:53:01",
    "224.0.0.1, 01:00:5e:00:00:01",
  })
  void neverAboutBroadcasts(String to, String mac) {
    host.assertDropped(toClosedPort(PEER, to, mac), DropReason.UDP_NO_PORT);
  }

  @Test
  @DisplayName("RFC 1122 3.2.2: never about an ICMP error, nor about an unknown ICMP type")
  void neverAboutErrors() {
    byte[] broken = {7, 0, 0, 0}; // an option that is malformed
    for (int type : new int[] {3, 4, 5, 11, 12, 1, 2, 6, 7, 19, 255}) {
      Ip error = new Ip().options(7, 0, 0, 0).icmp(type, 0, 0, new byte[28]);
      assertThat(host.outcomeOf(error.frame())).as("type " + type).isEmpty();
    }
    assertThat(host.outcomeOf(new Ip().options(7, 0, 0, 0).protocol(1).frame())).isEmpty();
    assertThat(host.drops(DropReason.IP_BAD_OPTION)).isEqualTo(12);
    for (int type : new int[] {0, 8, 13, 18}) {
      Ip query = new Ip().options(7, 0, 0, 0).icmp(type, 0, 0, broken);
      assertThat(host.outcomeOf(query.frame())).as("type " + type).hasSize(1);
    }
  }

  @Test
  @DisplayName("RFC 1122 3.2.2: never about a fragment that is not the first")
  void neverAboutLaterFragments() {
    Ip later = new Ip().options(7, 0, 0, 0).fragment(8, false).payload(new byte[8]);
    host.assertDropped(later.frame(), DropReason.IP_BAD_OPTION);
    Ip first = new Ip().options(7, 0, 0, 0).fragment(0, true).payload(new byte[8]);
    assertThat(host.outcomeOf(first.frame())).hasSize(1);
  }

  @Test
  @DisplayName("RFC 1122 3.2.2: never to a source that is no single host")
  void neverToNobody() {
    // 0.0.0.0 may speak to everybody only; the others are dropped before (see Ipv4Test).
    byte[] frame = toClosedPort("0.0.0.0", "255.255.255.255", BROADCAST_MAC);
    host.assertDropped(frame, DropReason.UDP_NO_PORT);
  }

  @Test
  void anErrorToWhomNoRouteLeadsIsDropped() {
    host.stack.routes().forEach(host.stack::removeRoute);
    assertThat(host.outcomeOf(toClosedPort(PEER, US, TestHost.MAC))).isEmpty();
    assertThat(host.drops(DropReason.IP_NO_ROUTE)).isEqualTo(1);
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  void errorsAreNoted() {
    host.in(toClosedPort(PEER, US, TestHost.MAC)).out();
    assertThat(host.notes).contains("[D] icmp: error to 192.0.2.1: type 3 code 3");
    assertThat(host.stack.counters().of(Counter.ICMP_SENT)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1812 4.3.2.8: errors are rate limited, with a burst; queries are not")
  void theRateIsLimited() {
    int errors = 0;
    for (int i = 0; i < 200; i++) {
      errors += host.outcomeOf(toClosedPort(PEER, US, TestHost.MAC)).size();
    }
    assertThat(errors).isEqualTo(50);
    assertThat(host.drops(DropReason.ICMP_RATE_LIMITED)).isEqualTo(150);
    host.now += 3 * MS;
    for (int i = 0; i < 200; i++) {
      errors += host.outcomeOf(toClosedPort(PEER, US, TestHost.MAC)).size();
    }
    assertThat(errors).isEqualTo(53);
    assertThat(host.outcomeOf(ping(8))).hasSize(1);
    host.now += SECOND;
    for (int i = 0; i < 200; i++) {
      errors += host.outcomeOf(toClosedPort(PEER, US, TestHost.MAC)).size();
    }
    assertThat(errors).as("a pause fills the bucket, not more").isEqualTo(103);
  }
}
