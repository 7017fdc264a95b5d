package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.DropReason;
import microps.core.ip.IpConfig;
import microps.core.ip.PingSocket;
import microps.core.udp.UdpSocket;
import microps.sim.TcpEnd.Plan;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private final Network network = new Network(42);
  private final SimHost a = network.host("a");
  private final SimHost b = network.host("b");

  private static PingSocket.Answer ping(SimHost from, IpAddress to) {
    PingSocket socket = from.stack().openPing();
    PingSocket.Answer[] answer = new PingSocket.Answer[1];
    socket.attach(
        (SimApp)
            (host, handle) -> {
              PingSocket.Answer a = socket.receive();
              answer[0] = a == null ? answer[0] : a;
            });
    from.act(() -> socket.send(to, 1, ByteBuffer.allocate(56), 64, from.now()));
    from.network().runUntil(() -> answer[0] != null, Network.seconds(10));
    socket.close();
    return Objects.requireNonNull(answer[0], "no answer");
  }

  @Test
  void aPingTakesTwiceTheDelayOnAPointToPointWire() {
    network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .faults(Faults.NONE.delay(Network.millis(10)));
    long start = network.now();
    PingSocket.Answer answer = ping(a, b.address());
    assertThat(answer.error()).isNull();
    assertThat(answer.arrival() - start).isEqualTo(Network.millis(20));
  }

  @Test
  void arpComesFirstOnAnEthernet() {
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(Faults.NONE.delay(Network.millis(1)));
    long start = network.now();
    assertThat(ping(a, b.address()).arrival() - start).isEqualTo(Network.millis(4));
    start = network.now();
    assertThat(ping(a, b.address()).arrival() - start).isEqualTo(Network.millis(2));
  }

  @Test
  void aSwitchConnectsMoreThanTwoAndLearns() {
    SimSwitch hub = network.newSwitch("s");
    SimHost c = network.host("c");
    Wire wireA = hub.connect(a.ethernet("192.0.2.1/24"));
    hub.connect(b.ethernet("192.0.2.2/24"));
    Wire wireC = hub.connect(c.ethernet("192.0.2.3/24"));
    network.runFor(Network.millis(1));
    assertThat(ping(a, b.address()).error()).isNull();
    assertThat(ping(a, c.address()).error()).isNull();
    long before = wireC.count(wireC.other(), WireTap.Fate.SENT);
    assertThat(ping(a, b.address()).error()).isNull();
    assertThat(wireC.count(wireC.other(), WireTap.Fate.SENT)).isEqualTo(before);
    assertThat(wireA.count(wireA.one(), WireTap.Fate.SENT)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aHostWithTwoInterfacesForwards() {
    SimHost router = network.host("r", c -> c.with(new IpConfig(true, true)));
    network.wire(a.ethernet("192.0.2.1/24"), router.ethernet("192.0.2.254/24"));
    network.wire(b.ethernet("198.51.100.1/24"), router.ethernet("198.51.100.254/24"));
    a.act(() -> a.stack().addGateway(Ipv4Address.parse("192.0.2.254")));
    b.act(() -> b.stack().addGateway(Ipv4Address.parse("198.51.100.254")));
    PingSocket.Answer answer = ping(a, b.address());
    assertThat(answer.error()).isNull();
    assertThat(answer.hopLimit()).isEqualTo(63);
  }

  @Test
  void aPartitionHeals() {
    Wire wire = network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
    Transfer t = Transfer.from(a).to(b, 7).client(Plan.send(5_000_000)).server(Plan.READ).start();
    network.runUntil(
        () -> t.server() != null && Objects.requireNonNull(t.server()).received() > 100_000,
        Network.seconds(1));
    wire.setUp(false);
    network.runFor(Network.seconds(5));
    assertThat(t.isOver()).isFalse();
    wire.setUp(true);
    t.run(Network.seconds(60)).check();
  }

  @Test
  void udpDatagramsArriveOrVanish() throws Exception {
    Wire wire = network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
    wire.faults(Faults.NONE.loss(0.3));
    UdpSocket receiver = b.stack().openUdp();
    b.act(() -> receiver.bind(new Endpoint(b.address(), 9)));
    UdpSocket sender = a.stack().openUdp();
    int sent = 300;
    for (int i = 0; i < sent; i++) {
      a.act(
          () -> sender.send(ByteBuffer.allocate(100), new Endpoint(b.address(), 9), network.now()));
    }
    network.runFor(Network.seconds(1));
    int received = 0;
    while (receiver.receive(ByteBuffer.allocate(200)) != null) {
      received++;
    }
    assertThat(received).isBetween(170, 250);
    assertThat(received).isEqualTo((int) wire.count(wire.one(), WireTap.Fate.DELIVERED));
    assertThat(b.stack().counters().of(DropReason.UDP_RECEIVE_QUEUE_FULL)).isZero();
  }

  @Test
  void aClockThatStandsStillIsToldOf() {
    Runnable[] again = new Runnable[1];
    again[0] = () -> network.after(0, again[0]);
    again[0].run();
    assertThatThrownBy(() -> network.runFor(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the clock stands still");
  }

  private static String run(long seed) {
    Network network = new Network(seed);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    Recorder recorder = new Recorder();
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(
            Faults.NONE
                .rate(20_000_000)
                .delay(Network.millis(5))
                .jitter(Network.millis(1))
                .loss(0.02)
                .duplicate(0.01)
                .corrupt(0.01)
                .reorder(0.01, Network.millis(3)))
        .add(recorder);
    Transfer.from(a)
        .to(b, 7)
        .client(Plan.send(300_000))
        .server(Plan.send(100_000))
        .start()
        .run(Network.seconds(300))
        .check();
    assertThat(recorder.frames()).isGreaterThan(500);
    return recorder.hash();
  }

  @Test
  void theSameSeedGivesTheSameRunByteForByte() {
    assertThat(run(1)).isEqualTo(run(1));
    assertThat(run(1)).isNotEqualTo(run(2));
  }

  @Test
  void afterATransferNothingIsLeft() {
    network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
    Transfer t =
        Transfer.from(a).to(b, 7).client(Plan.send(200_000)).server(Plan.send(100_000)).start();
    t.run(Network.seconds(10)).check();
    assertThat(network.runUntilQuiet(Network.seconds(600))).isTrue();
    network.checkAtRest();
    assertThat(a.invariants().checked()).isGreaterThan(100);
  }

  @Test
  void aSlowReaderClosesTheWindowAndGetsEverything() {
    network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .faults(Faults.NONE.delay(Network.millis(2)));
    Transfer t =
        Transfer.from(a)
            .to(b, 7)
            .client(Plan.send(3_000_000))
            .server(Plan.READ.sizes(1, 50_000).slowly(Network.millis(20)))
            .start();
    t.run(Network.seconds(100)).check();
  }

  @Test
  void aCaptureHoldsEveryFrameOfItsInterfaces() {
    SimNic nicA = a.ethernet("192.0.2.1/24");
    SimNic nicB = b.ethernet("192.0.2.2/24");
    network.wire(nicA, nicB);
    long before = frames(nicA) + frames(nicB);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (Capture capture = new Capture(file).add(nicA).add(nicB)) {
      assertThat(capture).isNotNull();
      ping(a, b.address());
    }
    ByteBuffer blocks = ByteBuffer.wrap(file.toByteArray());
    int packets = 0;
    int interfaces = 0;
    while (blocks.hasRemaining()) {
      int type = blocks.getInt(blocks.position());
      packets += type == 6 ? 1 : 0;
      interfaces += type == 1 ? 1 : 0;
      blocks.position(blocks.position() + blocks.getInt(blocks.position() + 4));
    }
    assertThat(interfaces).isEqualTo(2);
    assertThat(packets).isEqualTo((int) (frames(nicA) + frames(nicB) - before));
  }

  @Test
  void aCaptureOfAWireHoldsWhatWasSentAndWhatWasDoneToIt() {
    Wire wire = network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
    wire.faults(wire.one(), Faults.NONE.loss(Loss.nth(1)).corrupt(1));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (Capture capture = new Capture(file).add(network)) {
      assertThat(capture).isNotNull();
      for (int i = 0; i < 2; i++) {
        PingSocket socket = a.stack().openPing();
        a.act(() -> socket.send(b.address(), 1, ByteBuffer.allocate(56), 64, a.now()));
        socket.close();
        network.runFor(Network.seconds(1));
      }
    }
    String text = file.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(text).contains("a:ip0-b:ip0", "a:ip0-b:ip0!", "lost", "corrupted");
    ByteBuffer blocks = ByteBuffer.wrap(file.toByteArray());
    int[] packets = new int[2];
    while (blocks.hasRemaining()) {
      if (blocks.getInt(blocks.position()) == 6) {
        packets[blocks.getInt(blocks.position() + 8)]++;
      }
      blocks.position(blocks.position() + blocks.getInt(blocks.position() + 4));
    }
    assertThat(packets).containsExactly(2, 2);
  }

  private static long frames(SimNic nic) {
    return nic.nic().framesIn() + nic.nic().framesOut();
  }
}
