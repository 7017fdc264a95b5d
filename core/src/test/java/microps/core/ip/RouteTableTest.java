package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counters;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private final Random random = new Random(7);
  private final Environment env =
      new Environment(
          random,
          Trace.NONE,
          SocketEvents.NONE,
          new TimerQueue(),
          new Counters(),
          new PacketPool());
  private final Nic nic = new Nic(0, DeviceInfo.ip("tun0", 1500), env);

  /// An address among few, so that networks nest.
  private IpAddress address() {
    int n = random.nextInt(1 << 12) << 20 | random.nextInt(4);
    return random.nextBoolean()
        ? new Ipv4Address(n)
        : IpAddress.of(0x2001_0db8_0000_0000L | n >>> 8, n & 0xff);
  }

  private Route route() {
    IpAddress a = address();
    return new Route(
        new Cidr(a, random.nextInt(a.width() + 1)).network(), null, nic, random.nextInt(3));
  }

  private static @Nullable Route best(List<Route> routes, IpAddress destination) {
    Route best = null;
    for (Route r : routes) {
      boolean better =
          best == null
              || r.network().prefix() > best.network().prefix()
              || r.network().prefix() == best.network().prefix() && r.metric() < best.metric();
      if (r.network().contains(destination) && better) {
        best = r;
      }
    }
    return best;
  }

  @Test
  @DisplayName("RFC 1812 5.2.4.3: the longest prefix, then the smallest metric, among many routes")
  void longestPrefix() {
    RouteTable table = new RouteTable();
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Route r = route();
      assertThat(table.add(r)).isEqualTo(!routes.contains(r));
      if (!routes.contains(r)) {
        routes.add(r);
      }
      if (i % 3 == 0) {
        Route gone = routes.remove(random.nextInt(routes.size()));
        assertThat(table.remove(gone)).isTrue();
        assertThat(table.remove(gone)).isFalse();
      }
      IpAddress destination = address();
      assertThat(table.lookup(destination)).isEqualTo(best(routes, destination));
    }
    assertThat(table.list()).containsExactlyInAnyOrderElementsOf(routes);
    assertThat(table.removeIf(r -> r.network().prefix() > 0)).isTrue();
    assertThat(table.list()).allMatch(r -> r.network().prefix() == 0);
  }
}
