package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import microps.core.device.Offloads;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two hosts carry what they are told to, for as long as a clock says.
class TwoHostsTest {
  private static final long MILLISECOND = 1_000_000;

  private final AtomicLong clock = new AtomicLong(77);

  private long tick() {
    return clock.addAndGet(MILLISECOND);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bulkGoesOnSomeOfManyConnections(boolean offloads) throws Exception {
    TwoHosts hosts = new TwoHosts(50, offloads ? Offloads.FULL : Offloads.NONE);
    hosts.connect(50);
    hosts.addRoutes(300);
    hosts.keepAlive();
    long bytes = hosts.bulk(5, 1000, 200 * MILLISECOND, this::tick);
    // Each turn a millisecond; what one writes is read in the same turn or the next.
    assertThat(bytes).isBetween(150_000L, 201_000L);
    assertThat(hosts.client().routes()).hasSize(301);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void datagramsReachTheirSockets(int sockets) throws Exception {
    TwoHosts hosts = new TwoHosts(1, Offloads.NONE);
    assertThat(hosts.datagrams(sockets, 64, 100 * MILLISECOND, this::tick)).isBetween(99L, 101L);
  }
}
