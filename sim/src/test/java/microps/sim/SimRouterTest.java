package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.bytes.Checksum;
import microps.core.ip.IcmpError;
import microps.core.ip.PingSocket;
import microps.core.udp.UdpSocket;
import microps.sim.TcpEnd.Plan;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// a - r - q - b: two routers, a narrow network at the far end.
class SimRouterTest {
  private final Network network = new Network(5);
  private final SimHost a = network.host("a");
  private final SimHost b = network.host("b");
  private final SimRouter r = network.router("r");
  private final SimRouter q = network.router("q");
  private final Wire first = r.connect(a.ethernet("192.0.2.1/24"), "192.0.2.254/24");
  private final Wire middle =
      r.connect(q.host().pointToPoint("198.51.100.2/24", 1400), "198.51.100.1/24");
  private final Wire last = q.connect(b.ethernet("203.0.113.1/24", 1000), "203.0.113.254/24");

  SimRouterTest() {
    r.route("203.0.113.0/24", "198.51.100.2");
    q.route("0.0.0.0/0", "198.51.100.1");
    network.wires().forEach(w -> w.faults(Faults.NONE.delay(Network.millis(1))));
  }

  @AfterEach
  void nothingIsLeft() {
    network.runUntilQuiet(Network.seconds(4000));
    network.checkAtRest();
  }

  private PingSocket.Answer ping(String to, int size, int hopLimit) {
    PingSocket socket = a.stack().openPing();
    PingSocket.Answer[] answer = new PingSocket.Answer[1];
    a.act(
        () -> socket.send(Ipv4Address.parse(to), 1, ByteBuffer.allocate(size), hopLimit, a.now()));
    network.runUntil(() -> (answer[0] = socket.receive()) != null, Network.seconds(10));
    socket.close();
    return Objects.requireNonNull(answer[0], "no answer");
  }

  @Test
  @DisplayName("RFC 1812 5.3.1: each router decrements the time to live, the checksum stays right")
  void timeToLive() {
    int[] limits = new int[3];
    boolean[] right = {true};
    for (Wire w : network.wires()) {
      w.add((wire, from, fate, frame, now) -> {
        int ip = from.linkHeader();
        if (fate == Fate.SENT && frame.get8(ip) >> 4 == 4 && frame.get8(ip + 20) == 8) {
          limits[network.wires().indexOf(wire)] = frame.get8(ip + 8);
          right[0] &= Checksum.isRight(Checksum.sum(frame, ip, 20));
        }
      });
    }
    PingSocket.Answer answer = ping("203.0.113.1", 56, 9);
    assertThat(answer.error()).isNull();
    assertThat(limits).containsExactly(9, 8, 7);
    assertThat(right[0]).isTrue();
    assertThat(answer.hopLimit()).isEqualTo(62);
  }

  @Test
  @DisplayName("RFC 1812 5.3.1: each router on the way says that the time to live is over")
  void traceRoute() {
    PingSocket.Answer one = ping("203.0.113.1", 56, 1);
    assertThat(one.error()).isEqualTo(IcmpError.Kind.TIME_EXCEEDED);
    assertThat(one.from()).isEqualTo(Ipv4Address.parse("192.0.2.254"));
    PingSocket.Answer two = ping("203.0.113.1", 56, 2);
    assertThat(two.error()).isEqualTo(IcmpError.Kind.TIME_EXCEEDED);
    assertThat(two.from()).isEqualTo(Ipv4Address.parse("198.51.100.2"));
    assertThat(ping("203.0.113.1", 56, 3).error()).isNull();
  }

  @Test
  @DisplayName("RFC 1812 4.3.3.1: a router without a route says that the network is unreachable")
  void noRoute() {
    assertThat(ping("10.0.0.1", 56, 64).error()).isEqualTo(IcmpError.Kind.NETWORK_UNREACHABLE);
  }

  @Test
  @DisplayName(
      "RFC 1812 4.3.3.1: a router that nobody answers by ARP says that the host is unreachable")
  void noNeighbor() {
    PingSocket.Answer answer = ping("203.0.113.9", 56, 64);
    assertThat(answer.error()).isEqualTo(IcmpError.Kind.HOST_UNREACHABLE);
    assertThat(answer.from()).isEqualTo(Ipv4Address.parse("198.51.100.2"));
  }

  @Test
  @DisplayName(
      "RFC 1191 3, 4: TCP finds the path's MTU behind two routers that each take less, no timer expires")
  void pathMtu() {
    Transfer t =
        Transfer.from(a).to(b, 7).client(Plan.send(300_000)).server(Plan.send(300_000)).start();
    int[] largest = new int[1];
    last.add((wire, from, fate, frame, now) -> largest[0] = Math.max(largest[0], frame.length()));
    t.run(Network.seconds(60)).check();
    assertThat(largest[0]).isEqualTo(1000 + 14);
    assertThat(a.stack().counters().of(Counter.TCP_RTO_EXPIRED)).isZero();
    assertThat(b.stack().counters().of(Counter.IP_FRAGMENTS_RECEIVED)).isZero();
  }

  @Test
  @DisplayName("RFC 1812 5.2.7: what may be fragmented is, on the way")
  void fragments() throws Exception {
    PingSocket.Answer answer = ping("203.0.113.1", 3000, 64);
    assertThat(answer.payload()).hasSize(3000);
    assertThat(b.stack().counters().of(Counter.IP_FRAGMENTS_RECEIVED)).isPositive();
    UdpSocket in = b.stack().openUdp();
    b.act(() -> in.bind(new Endpoint(b.address(), 9)));
    UdpSocket out = a.stack().openUdp();
    a.act(() -> out.send(ByteBuffer.allocate(9000), new Endpoint(b.address(), 9), a.now()));
    network.runFor(Network.millis(100));
    ByteBuffer buffer = ByteBuffer.allocate(10_000);
    assertThat(in.receive(buffer)).isNotNull();
    assertThat(buffer.position()).isEqualTo(9000);
    in.close();
    out.close();
  }

  @Test
  void aQueueInFrontOfTheNarrowWireIsTheRoutersOwn() {
    last.faults(
        last.one(),
        Faults.NONE.rate(10_000_000).delay(Network.millis(20)).queue(SimQueue.codel(60_000)));
    Transfer.from(a).to(b, 7).client(Plan.send(5_000_000)).start().run(Network.seconds(60)).check();
    assertThat(last.queue(q.port(1)).maxDelay()).isPositive();
    assertThat(last.queue(q.port(1)).dropped()).isPositive();
    assertThat(first.queue(first.other()).dropped()).isZero();
    assertThat(middle.isUp()).isTrue();
  }

  @Test
  void aPartitionBetweenRoutersHeals() {
    Transfer t = Transfer.from(a).to(b, 7).client(Plan.send(3_000_000)).start();
    network.runFor(Network.millis(30));
    middle.setUp(false);
    network.runFor(Network.seconds(20));
    middle.setUp(true);
    t.run(Network.seconds(120)).check();
  }

  @Test
  void theExampleOfTheReadme() {
    Network net = new Network(1);
    SimHost one = net.host("a");
    SimHost other = net.host("b");
    SimRouter router = net.router("r");
    router.connect(one.ethernet("192.0.2.1/24"), "192.0.2.254/24");
    router
        .connect(other.ethernet("198.51.100.1/24"), "198.51.100.254/24")
        .faults(
            Faults.NONE
                .rate(10_000_000)
                .delay(Network.millis(20))
                .loss(Loss.bursts(0.01, 0.3, 0, 0.5))
                .queue(SimQueue.codel(100_000)));
    Transfer.from(one)
        .to(other, 7)
        .client(Plan.send(1_000_000))
        .start()
        .run(Network.seconds(60))
        .check();
  }
}
