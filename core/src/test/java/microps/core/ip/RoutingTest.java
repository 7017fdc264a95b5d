package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.SocketError;
import microps.core.basis.SocketEvents;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Routes, source addresses, broadcasts: a host with three interfaces.
///
/// ```text
/// eth0  192.0.2.2/24, 192.0.2.130/25   gateway 192.0.2.1
/// eth1  198.51.100.2/30                gateway 198.51.100.1, metric 10
/// tun0  10.9.0.2/32                    10.9.0.0/16 on the link
/// ```
class RoutingTest {
  private final Environment env =
      new Environment(
          new java.util.Random(1),
          Trace.NONE,
          SocketEvents.NONE,
          new TimerQueue(),
          new Counters(),
          new PacketPool());
  private final List<Nic> nics = new ArrayList<>();
  private final Routing routing = new Routing(nics, env.timers());
  private final Nic lo = nic(DeviceInfo.loopback());
  private final Nic eth0 =
      nic(DeviceInfo.ethernet("eth0", MacAddress.parse("00:00:5e:00:53:01"), 1500));
  private final Nic eth1 =
      nic(DeviceInfo.ethernet("eth1", MacAddress.parse("00:00:5e:00:53:02"), 9000));
  private final Nic tun0 = nic(DeviceInfo.ip("tun0", 1400));

  private Nic nic(DeviceInfo info) {
    Nic nic = new Nic(nics.size(), info, env);
    nics.add(nic);
    return nic;
  }

  @BeforeEach
  void configure() {
    routing.add(lo, Cidr.parse("127.0.0.1/8"));
    routing.add(eth0, Cidr.parse("192.0.2.2/24"));
    routing.add(eth0, Cidr.parse("192.0.2.130/25"));
    routing.add(eth1, Cidr.parse("198.51.100.2/30"));
    routing.add(tun0, Cidr.parse("10.9.0.2/32"));
    add("0.0.0.0/0", "192.0.2.1", eth0, 0);
    add("0.0.0.0/0", "198.51.100.1", eth1, 10);
    add("10.9.0.0/16", null, tun0, 0);
    add("203.0.113.0/24", "198.51.100.1", eth1, 0);
  }

  private void add(String network, String gateway, Nic nic, int metric) {
    IpAddress via = gateway == null ? null : IpAddress.parse(gateway);
    routing.add(new Route(Cidr.parse(network), via, nic, metric));
  }

  private Path route(String source, String destination) throws SocketFailure {
    IpAddress from = source == null ? null : IpAddress.parse(source);
    return routing.route(from, IpAddress.parse(destination));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, eth0, 192.0.2.2, 192.0.2.7, 1500",
    "192.0.2.200, eth0, 192.0.2.2, 192.0.2.200, 1500", // both networks hold it, the first address
    "198.51.100.1, eth1, 198.51.100.2, 198.51.100.1, 9000",
    "203.0.113.9, eth1, 198.51.100.2, 198.51.100.1, 9000",
    "8.8.8.8, eth0, 192.0.2.2, 192.0.2.1, 1500",
    "10.9.3.4, tun0, 10.9.0.2, 10.9.3.4, 1400",
    "10.10.0.1, eth0, 192.0.2.2, 192.0.2.1, 1500",
    "127.0.0.1, lo, 127.0.0.1, 127.0.0.1, 65535",
    "127.9.9.9, lo, 127.0.0.1, 127.9.9.9, 65535",
    "192.0.2.2, lo, 192.0.2.2, 192.0.2.2, 65535",
    "198.51.100.2, lo, 198.51.100.2, 198.51.100.2, 65535",
    "255.255.255.255, eth0, 192.0.2.2, 255.255.255.255, 1500",
    "192.0.2.255, eth0, 192.0.2.2, 192.0.2.255, 1500",
    "198.51.100.3, eth1, 198.51.100.2, 198.51.100.3, 9000",
    "224.0.0.251, eth0, 192.0.2.2, 224.0.0.251, 1500",
  })
  void theLongestPrefixThenTheMetric(
      String destination, String nic, String source, String nextHop, int mtu) throws Exception {
    Path path = route(null, destination);
    assertThat(path.nic().name()).isEqualTo(nic);
    assertThat(path.source()).hasToString(source);
    assertThat(path.nextHop()).hasToString(nextHop);
    assertThat(path.mtu()).isEqualTo(mtu);
    assertThat(path.destination()).hasToString(destination);
    assertThat(routing.isCurrent(path)).isTrue();
  }

  @ParameterizedTest
  @DisplayName("a source that the caller is bound to is kept")
  @CsvSource({
    "198.51.100.2, 8.8.8.8, eth0",
    "192.0.2.130, 192.0.2.7, eth0",
    "127.0.0.1, 192.0.2.2, lo",
    "192.0.2.2, 127.0.0.1, lo",
    "198.51.100.2, 255.255.255.255, eth1",
    "10.9.0.2, 224.0.0.251, tun0",
  })
  void aGivenSource(String source, String destination, String nic) throws Exception {
    Path path = route(source, destination);
    assertThat(path.source()).hasToString(source);
    assertThat(path.nic().name()).isEqualTo(nic);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "192.0.2.3, 8.8.8.8, ADDRESS_NOT_AVAILABLE",
        "255.255.255.255, 8.8.8.8, ADDRESS_NOT_AVAILABLE",
        "127.0.0.1, 8.8.8.8, ADDRESS_NOT_AVAILABLE",
        "-, 0.0.0.0, NETWORK_UNREACHABLE",
        "-, 0.1.2.3, NETWORK_UNREACHABLE",
        "-, 2001:db8::1, NETWORK_UNREACHABLE",
        "'::1', 8.8.8.8, ADDRESS_NOT_AVAILABLE",
      })
  void noWay(String source, String destination, SocketError error) {
    assertThatThrownBy(() -> route(source, destination))
        .isInstanceOfSatisfying(SocketFailure.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  @Test
  void withoutADefaultRouteTheRestIsUnreachable() {
    routing.routes().stream().filter(r -> r.network().prefix() == 0).forEach(routing::remove);
    assertThatThrownBy(() -> route(null, "8.8.8.8"))
        .isInstanceOf(SocketFailure.class)
        .hasMessage("Network is unreachable: 8.8.8.8");
  }

  @Test
  @DisplayName("an interface that is down: the next best route; where there is none, network down")
  void anInterfaceThatIsDown() throws Exception {
    Path before = route(null, "8.8.8.8");
    eth0.setUp(false);
    routing.changed();
    assertThat(routing.isCurrent(before)).isFalse();
    assertThat(route(null, "8.8.8.8").nic()).isEqualTo(eth1);
    assertThat(route(null, "255.255.255.255").nic()).isEqualTo(eth1);
    eth1.setUp(false);
    routing.changed();
    assertThatThrownBy(() -> route(null, "8.8.8.8"))
        .isInstanceOfSatisfying(
            SocketFailure.class, e -> assertThat(e.error()).isEqualTo(SocketError.NETWORK_DOWN));
    assertThat(route(null, "192.0.2.2").nic()).as("to ourselves").isEqualTo(lo);
  }

  @Test
  @DisplayName("broadcasts without a default route leave on the first interface that is up")
  void broadcastsWithoutADefaultRoute() throws Exception {
    routing.routes().stream().filter(r -> r.network().prefix() == 0).forEach(routing::remove);
    assertThat(route(null, "255.255.255.255").nic()).isEqualTo(eth0);
    eth0.setUp(false);
    assertThat(route(null, "255.255.255.255").nic()).isEqualTo(eth1);
    eth1.setUp(false);
    tun0.setUp(false);
    assertThatThrownBy(() -> route(null, "255.255.255.255"))
        .isInstanceOfSatisfying(
            SocketFailure.class,
            e -> assertThat(e.error()).isEqualTo(SocketError.NETWORK_UNREACHABLE));
  }

  @Test
  void anInterfaceWithoutAnAddressBorrowsOne() throws Exception {
    routing.remove(tun0, Cidr.parse("10.9.0.2/32"));
    assertThat(route(null, "10.9.3.4").source()).hasToString("192.0.2.2");
    assertThat(route(null, "10.9.3.4").nic()).isEqualTo(tun0);
    for (Nic nic : List.of(eth0, eth1)) {
      List.copyOf(nic.addresses()).forEach(a -> routing.remove(nic, a));
    }
    assertThatThrownBy(() -> route(null, "10.9.3.4"))
        .isInstanceOfSatisfying(
            SocketFailure.class,
            e -> assertThat(e.error()).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE));
  }

  @Test
  void everyChangeMakesPathsOld() throws Exception {
    List<Runnable> changes =
        List.of(
            () -> routing.add(eth1, Cidr.parse("100.64.0.1/16")),
            () -> routing.remove(eth1, Cidr.parse("100.64.0.1/16")),
            () -> add("100.65.0.0/16", "192.0.2.1", eth0, 0),
            () ->
                routing.remove(
                    new Route(Cidr.parse("100.65.0.0/16"), IpAddress.parse("192.0.2.1"), eth0, 0)),
            () -> routing.lowerPathMtu(IpAddress.parse("8.8.8.8"), 1300, 1500, 0),
            () -> env.timers().advance(PathMtu.LIFETIME));
    for (Runnable change : changes) {
      Path path = route(null, "8.8.8.8");
      assertThat(routing.isCurrent(path)).isTrue();
      change.run();
      assertThat(routing.isCurrent(path)).isFalse();
    }
  }

  @Test
  void thePathMtuIsPartOfThePath() throws Exception {
    assertThat(routing.lowerPathMtu(IpAddress.parse("8.8.8.8"), 1300, 1500, 0)).isEqualTo(1300);
    assertThat(route(null, "8.8.8.8").mtu()).isEqualTo(1300);
    assertThat(route(null, "8.8.4.4").mtu()).isEqualTo(1500);
    assertThat(routing.pathMtus()).isEqualTo(1);
  }

  @Test
  void takingAnAddressAwayTakesItsNetworkAway() throws Exception {
    assertThat(routing.remove(eth1, Cidr.parse("198.51.100.9/30"))).isFalse();
    assertThat(routing.remove(eth1, Cidr.parse("198.51.100.2/30"))).isTrue();
    assertThat(routing.routes()).noneMatch(r -> r.network().equals(Cidr.parse("198.51.100.0/30")));
    assertThat(routing.isLocal(IpAddress.parse("198.51.100.2"))).isFalse();
    assertThat(routing.isBroadcast(IpAddress.parse("198.51.100.3"))).isFalse();
    assertThat(route(null, "203.0.113.9").source())
        .as("of another interface")
        .hasToString("192.0.2.2");
  }

  @Test
  void aNetworkThatTwoAddressesShareStays() {
    routing.add(eth0, Cidr.parse("192.0.2.3/24"));
    routing.remove(eth0, Cidr.parse("192.0.2.2/24"));
    assertThat(routing.onLink(IpAddress.parse("192.0.2.9"))).isEqualTo(eth0);
    routing.remove(eth0, Cidr.parse("192.0.2.3/24"));
    assertThat(routing.onLink(IpAddress.parse("192.0.2.9"))).isNull();
  }

  @Test
  void aDetachedInterfaceLeavesNoRoute() {
    nics.remove(eth0);
    routing.detach(eth0);
    assertThat(routing.routes()).noneMatch(r -> r.nic() == eth0);
    assertThat(routing.isLocal(IpAddress.parse("192.0.2.2"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "255.255.255.255, true", "192.0.2.255, true", "198.51.100.3, true", "224.0.0.1, true",
    "ff02::1, true", "192.0.2.254, false", "198.51.100.0, false", "8.8.8.255, false",
    "10.9.0.2, false", "2001:db8::1, false",
  })
  void broadcasts(String address, boolean is) {
    assertThat(routing.isBroadcast(IpAddress.parse(address))).isEqualTo(is);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true", "127.200.0.9, true", "192.0.2.2, true", "192.0.2.130, true",
    "10.9.0.2, true", "192.0.2.3, false", "0.0.0.0, false", "255.255.255.255, false",
    "'::1', false", "'::ffff:192.0.2.3', false",
  })
  void localAddresses(String address, boolean is) {
    assertThat(routing.isLocal(IpAddress.parse(address))).isEqualTo(is);
  }

  @Test
  void routesAreListedInTheOrderInWhichTheyAreTried() {
    add("203.0.113.0/24", "198.51.100.1", eth1, 0); // a second time
    assertThat(routing.routes().stream().map(Route::toString))
        .containsExactly(
            "198.51.100.0/30 dev eth1",
            "192.0.2.128/25 dev eth0",
            "192.0.2.0/24 dev eth0",
            "203.0.113.0/24 via 198.51.100.1 dev eth1",
            "10.9.0.0/16 dev tun0",
            "default via 192.0.2.1 dev eth0",
            "default via 198.51.100.1 dev eth1 metric 10");
  }
}
