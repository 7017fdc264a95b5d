package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.udp.UdpSocket;
import microps.sim.TcpEnd.Plan;
import microps.sim.property.Choices;
import microps.sim.property.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Host, switch, router, host: ARP, forwarding, fragments and path MTU discovery below TCP and UDP.
class RoutedPropertyTest {
  /// a and c on one Ethernet with a router, b behind it.
  private static final class World {
    final Network network;
    final SimHost a;
    final SimHost b;
    final SimHost c;
    final Wire last;

    World(long seed, int lastMtu) {
      network = new Network(seed);
      a = network.host("a");
      b = network.host("b");
      c = network.host("c");
      SimRouter router = network.router("r");
      SimSwitch hub = network.newSwitch("s");
      hub.connect(a.ethernet("192.0.2.1/24"));
      hub.connect(c.ethernet("192.0.2.3/24"));
      router.connect(hub, "192.0.2.254/24");
      last = router.connect(b.pointToPoint("198.51.100.1/24", 1500), "198.51.100.254/24", lastMtu);
      a.act(() -> a.stack().addGateway(Ipv4Address.parse("192.0.2.254")));
    }

    void faults(Choices choices, boolean corrupting) {
      for (Wire wire : network.wires()) {
        Faults f = Faults.NONE.delay(Network.millis(choices.sized(20)));
        f =
            choices.oneIn(3)
                ? f.loss(Loss.bursts(0.01, 0.3, 0, choices.sized(800) / 1000.0))
                : f.loss(choices.sized(100) / 1000.0);
        if (choices.oneIn(2)) {
          f = f.rate(choices.pick(List.of(100_000_000L, 5_000_000L, 1_000_000L)));
          f = f.queue(TcpPropertyTest.queue(choices));
        }
        if (corrupting && wire == last) {
          f = f.corrupt(choices.sized(50) / 1000.0);
        }
        f = f.duplicate(choices.sized(50) / 1000.0);
        f = f.reorder(choices.sized(100) / 1000.0, Network.millis(5));
        wire.faults(f);
      }
    }
  }

  @Test
  @DisplayName(
      "RFC 1191 the path MTU is found through a router with a smaller one, nothing is lost")
  void pathMtuDiscovery() {
    World w = new World(1, 600);
    Transfer t = Transfer.from(w.a).to(w.b, 7).client(Plan.send(500_000)).start();
    w.network.runUntil(
        () -> w.a.stack().tcpStatuses().stream().anyMatch(s -> s.maxSegment() == 600 - 40 - 12),
        Network.seconds(10));
    assertThat(t.client().isOver()).isFalse();
    t.run(Network.seconds(60)).check();
    assertThat(w.a.stack().counters().of(Counter.TCP_RTO_EXPIRED)).isZero();
    assertThat(w.b.stack().counters().of(Counter.IP_FRAGMENTS_RECEIVED)).isZero();
    w.network.runUntilQuiet(Network.seconds(2000));
    w.network.checkAtRest();
  }

  @Test
  @DisplayName("TCP and UDP through a switch and a router over faulty wires, nothing is left")
  void throughTheRouter() {
    Properties.runSeeds(
        60,
        choices -> {
          World w = new World(choices.next(1L << 32), choices.pick(List.of(1500, 576, 1006, 1280)));
          // Two turned bits in one datagram can escape its checksum: one wire, no fragments.
          boolean corrupting = choices.oneIn(2);
          w.faults(choices, corrupting);
          Transfer there =
              Transfer.from(w.a)
                  .to(w.b, 7)
                  .client(Plan.send(choices.sized(50_000)))
                  .server(Plan.send(choices.sized(50_000)))
                  .start();
          Transfer here =
              Transfer.from(w.c).to(w.a, 7).client(Plan.send(choices.sized(50_000))).start();
          int size = choices.between(1, corrupting ? 500 : 20_000);
          UdpSocket receiver = w.b.stack().openUdp();
          w.b.act(() -> receiver.bind(new Endpoint(w.b.address(), 9)));
          UdpSocket sender = w.a.stack().openUdp();
          ByteStream stream = new ByteStream(3);
          int sent = 20;
          for (int i = 0; i < sent; i++) {
            ByteBuffer datagram = ByteBuffer.allocate(size);
            stream.fill(datagram, 0);
            datagram.flip();
            w.a.act(() -> sender.send(datagram, new Endpoint(w.b.address(), 9), w.a.now()));
            w.network.runFor(Network.millis(500));
          }
          // ARP gives up after three questions, and then an open fails: no route to host
          there.run(Network.seconds(3600)).checkOrFailed();
          here.run(Network.seconds(3600)).checkOrFailed();
          int received = 0;
          ByteBuffer in = ByteBuffer.allocate(65_535);
          while (receiver.receive(in.clear()) != null) {
            in.flip();
            assertThat(in.remaining()).isEqualTo(size);
            assertThat(stream.matching(in, 0)).isEqualTo(size);
            received++;
          }
          assertThat(received).isLessThanOrEqualTo(2 * 2 * sent); // duplicated at most twice
          receiver.close();
          sender.close();
          w.network.runUntilQuiet(Network.seconds(4000));
          w.network.checkAtRest();
        });
  }
}
