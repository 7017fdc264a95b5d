package microps.core.ip;

import static microps.core.TestHost.MAC;
import static microps.core.TestHost.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A host that forwards: net1 is 192.0.2.0/24, net2 is 198.51.100.0/24 with an MTU of 1000.
class ForwardingTest {
  private static final String MAC2 = "00:00:5e:00:53:02";

  private final TestHost host = new TestHost(new IpConfig(true, true)).meet();
  private final Nic net2 =
      host.stack.attach(DeviceInfo.ethernet("net2", MacAddress.parse(MAC2), 1000));

  ForwardingTest() {
    host.stack.addAddress(net2, Cidr.parse("198.51.100.1/24"), host.now);
    host.stack.setNeighbor(
        net2, TestHost.ip("198.51.100.7"), MacAddress.parse("00:00:5e:00:53:07"));
    host.out(net2);
  }

  @AfterEach
  void nothingIsKept() {
    host.pass(10 * SECOND);
    host.raw();
    host.raw(net2);
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  private static Ip toFar() {
    return new Ip().to("198.51.100.7").protocol(132).payload(new byte[100]);
  }

  @Test
  @DisplayName("RFC 1812 5.2: a datagram goes on, its TTL one less, all else unchanged")
  void itGoesOn() {
    byte[] frame = toFar().ttl(9).options(1, 7, 3, 4).trafficClass(4).dontFragment().frame();
    host.in(frame);
    assertThat(host.out()).isEmpty();
    byte[] forwarded = host.raw(net2).getFirst();
    byte[] expected = toFar().ttl(8).options(1, 7, 3, 4).trafficClass(4).dontFragment().bytes();
    assertThat(Arrays.copyOfRange(forwarded, 14, forwarded.length)).isEqualTo(expected);
    assertThat(host.stack.counters().of(Counter.IP_FORWARDED)).isEqualTo(1);
    assertThat(host.stack.counters().drops()).isZero();
  }

  @ParameterizedTest
  @DisplayName("RFC 1624: the checksum follows, whatever it was")
  @ValueSource(ints = {2, 3, 64, 128, 255})
  void theChecksumFollows(int ttl) {
    for (int id = 0; id < 65_536; id += 251) {
      host.in(toFar().ttl(ttl).id(id).frame());
    }
    assertThat(host.out(net2)).hasSize(262); // the text of each asserts its checksum
  }

  @Test
  void backThroughTheSameInterface() {
    host.in(new Ip().to("203.0.113.5").protocol(132).payload(new byte[8]).frame());
    assertThat(host.out()).containsExactly("192.0.2.1 > 203.0.113.5 ttl=63 protocol 132 data=8");
  }

  @ParameterizedTest
  @DisplayName("RFC 1812 5.3.1: time exceeded, quoting the datagram as it came")
  @ValueSource(ints = {0, 1})
  void timeToLiveIsOver(int ttl) {
    byte[] frame = toFar().ttl(ttl).frame();
    host.in(frame);
    byte[] error = host.raw().getFirst();
    assertThat(host.text(error))
        .isEqualTo("192.0.2.2 > 192.0.2.1 ttl=64 icmp 11/0 rest=0 quote=120");
    assertThat(Arrays.copyOfRange(error, 42, 162)).isEqualTo(Arrays.copyOfRange(frame, 14, 134));
    assertThat(host.drops(DropReason.IP_TTL_EXCEEDED)).isEqualTo(1);
    assertThat(host.out(net2)).isEmpty();
  }

  @Test
  @DisplayName("RFC 1191 4: too long and DF set: fragmentation needed, with the MTU")
  void mayNotBeFragmented() {
    assertThat(host.outcomeOf(toFar().payload(new byte[981]).dontFragment().frame()))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/4 rest=1000 quote=548");
    assertThat(host.drops(DropReason.IP_NEEDS_FRAGMENTATION)).isEqualTo(1);
    assertThat(host.outcomeOf(toFar().payload(new byte[980]).dontFragment().frame())).isEmpty();
    assertThat(host.out(net2)).hasSize(1);
  }

  @Test
  void itIsFragmented() {
    host.in(toFar().payload(new byte[1480]).frame());
    assertThat(host.out(net2))
        .containsExactly(
            "192.0.2.1 > 198.51.100.7 ttl=63 fragment 0+976 more",
            "192.0.2.1 > 198.51.100.7 ttl=63 fragment 976+504");
  }

  @Test
  void noRoute() {
    host.stack.removeRoute(host.stack.routes().getLast());
    assertThat(host.outcomeOf(new Ip().to("203.0.113.5").protocol(132).frame()))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/0 rest=0 quote=20");
    assertThat(host.drops(DropReason.IP_NO_ROUTE)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1812 5.2.7.1: host unreachable where the neighbour does not answer")
  void theNeighborDoesNotAnswer() {
    host.in(new Ip().to("198.51.100.8").protocol(132).payload(new byte[8]).frame());
    assertThat(host.out(net2))
        .containsExactly("arp who-has 198.51.100.8 tell 198.51.100.1 > ff:ff:ff:ff:ff:ff");
    assertThat(host.pass(3 * SECOND).out())
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/1 rest=0 quote=28");
  }

  @ParameterizedTest
  @DisplayName("RFC 1812 5.3.4, 5.3.5, RFC 3927 7: what is for one link only is not forwarded")
  @ValueSource(strings = {"224.0.0.251", "239.1.1.1", "169.254.3.4"})
  void forOneLinkOnly(String to) {
    host.assertDropped(toFar().to(to).frame(), DropReason.IP_NOT_FOR_US);
    assertThat(host.out(net2)).isEmpty();
  }

  @Test
  void fromALinkLocalAddressNothingIsForwarded() {
    host.assertDropped(toFar().from("169.254.3.4").frame(), DropReason.IP_NOT_FOR_US);
  }

  @Test
  @DisplayName("RFC 2644: a directed broadcast is not forwarded; it is heard here")
  void aDirectedBroadcast() {
    byte[] frame = new Ip().to("198.51.100.255").udp(1, 2, new byte[1]).frame();
    host.assertDropped(frame, DropReason.UDP_NO_PORT);
    assertThat(host.out(net2)).isEmpty();
  }

  @Test
  void whatCameAsALinkBroadcastIsNotForwarded() {
    host.assertDropped(toFar().frame(TestHost.BROADCAST_MAC), DropReason.IP_BAD_DESTINATION);
  }

  @Test
  void aSourceRouteIsNotFollowed() {
    host.assertDropped(
        toFar().options(0x83, 7, 4, 1, 2, 3, 4, 0).frame(), DropReason.IP_SOURCE_ROUTED);
  }

  @Test
  void anErrorAboutAnErrorIsNotSent() {
    host.in(new Ip().to("198.51.100.7").ttl(1).icmp(3, 3, 0, new byte[28]).frame());
    assertThat(host.out()).isEmpty();
    assertThat(host.drops(DropReason.IP_TTL_EXCEEDED)).isEqualTo(1);
  }

  @Test
  @DisplayName("a flood to neighbours that do not answer is bounded in memory and in errors")
  void aScanThroughUs() {
    for (int i = 0; i < 5000; i++) {
      host.in(new Ip().to("198.51.100." + (10 + i % 200)).protocol(132).frame());
    }
    assertThat(host.stack.pool().outstanding()).isLessThan(4096 + 1024 + 600);
    host.raw(net2);
    List<String> errors = host.pass(3 * SECOND).out();
    assertThat(errors).hasSize(50);
    assertThat(host.drops(DropReason.ICMP_RATE_LIMITED)).isPositive();
  }

  @Test
  void ourOwnAddressesAreStillOurs() {
    assertThat(host.outcomeOf(new Ip().to("198.51.100.1").icmp(8, 0, 1, new byte[0]).frame(MAC)))
        .containsExactly("198.51.100.1 > 192.0.2.1 ttl=64 echo-reply id=0 seq=1 data=0");
  }
}
