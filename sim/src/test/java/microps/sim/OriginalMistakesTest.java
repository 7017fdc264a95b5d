package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketHandle;
import microps.core.ip.PingSocket;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.udp.UdpSocket;
import microps.sim.TcpEnd.Plan;
import microps.sim.script.Scripts;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the C original was measured to get wrong, each by name.
class OriginalMistakesTest {
  private static final String SERVER =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    bind(3, ..., ...) = 0
      +0    listen(3, 1) = 0
      +0    < S 0:0(0) win 65535 <mss 1000>
      +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
      +.1   < . 1:1(0) ack 1 win 65535
      +0    accept(3, ..., ...) = 4
      """;

  private final Network network = new Network(5);
  private final SimHost a = network.host("a");
  private final SimHost b = network.host("b");

  private Wire wire() {
    return network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .faults(Faults.NONE.delay(Network.millis(1)));
  }

  private void assertNothingIsLeft() {
    assertThat(network.runUntilQuiet(Network.seconds(2000))).as("no timer runs").isTrue();
    network.checkAtRest();
  }

  @ParameterizedTest
  @DisplayName("sequence numbers near 2^32 in our direction")
  @ValueSource(longs = {4294967295L, 4294967294L, 4294966796L, 4294967195L})
  void ourSequenceNumbersWrap(long isn) {
    Scripts.check(
        "// config: isn="
            + isn
            + "\n"
            + SERVER
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +.25  > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    close(4) = 0
            +0    > F. 3001:3001(0) ack 1
            +.1   < F. 1:1(0) ack 3002 win 65535
            +0    > . 3002:3002(0) ack 2
            """);
  }

  @ParameterizedTest
  @DisplayName("sequence numbers near 2^32 in the peer's direction")
  @ValueSource(longs = {4294967295L, 4294967294L, 4294966796L, 4294967195L})
  void peersSequenceNumbersWrap(long isn) {
    Scripts.check(
        SERVER
                .replace("< S 0:0(0)", "< S " + isn + ":" + isn + "(0)")
                .replace("S. 0:0(0) ack 1", "S. 0:0(0) ack " + (isn + 1 & 0xffff_ffffL))
            + """
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001
            +0    < . 501:1501(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001
            +0    < FP. 2001:2101(100) ack 1 win 65535
            +0    > . 1:1(0) ack 2102
            +0    read(4, ..., 9000) = 2100
            +0    read(4, ..., 9000) = 0
            """);
  }

  @Test
  @DisplayName("data and FIN in one segment")
  void dataAndFin() {
    Scripts.check(
        SERVER
            + """
            +0    < FP. 1:501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 502
            +0    read(4, ..., 1000) = 500
            +0    read(4, ..., 1000) = 0
            """);
  }

  @Test
  @DisplayName("a segment that overlaps, arrives twice, or out of order")
  void overlaps() {
    Scripts.check(
        SERVER
            + """
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1001
            +0    < . 501:2501(2000) ack 1 win 65535
            +0    > . 1:1(0) ack 3001
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 3001
            +0    read(4, ..., 9000) = 3000
            """);
  }

  @Test
  @DisplayName("a segment larger than the window")
  void largerThanTheWindow() {
    Scripts.check(
        "// config: rcvbuf=4000\n"
            + SERVER.replace("win 65535 <mss 1460>", "win 4000 <mss 1460>")
            + """
            +0    < P. 1:9001(9000) ack 1 win 65535
            +0    > . 1:1(0) ack 4001 win 0
            +0    read(4, ..., 9000) = 4000
            +0    > . 1:1(0) ack 4001 win 4000
            """);
  }

  @Test
  @DisplayName("a data offset of 60 in a 20-byte segment")
  void dataOffset() {
    Scripts.check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 65535 {doff 15}
            +0    < S 0:0(0) win 65535 {doff 15}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("an IHL below 5")
  void internetHeaderLength() {
    Scripts.check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 65535 {ihl 4}
            +0    < . 1:1(0) ack 1 win 65535 {ihl 0}
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a read")
  void resetDuringRead() {
    Scripts.check(
        SERVER
            + """
            +0...0.5 read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            +.5   < R. 1:1(0) ack 1 win 0
            """);
  }

  @Test
  @DisplayName("a zero window that opens again: an echo of 50 MB")
  void echo() {
    wire().faults(Faults.NONE.rate(1_000_000_000).delay(Network.millis(1)));
    EchoServer server = EchoServer.start(b, 7);
    TcpSocket socket = a.stack().openTcp();
    // Reading slowly, and the echo server stopping meanwhile, close all four windows often.
    ByteStream stream = new ByteStream(9);
    Plan plan = Plan.send(50_000_000).sizes(1 << 16, 1 << 20).slowly(Network.millis(20));
    TcpEnd end = new TcpEnd(a, socket, plan, stream, stream);
    a.act(() -> socket.connect(new Endpoint(b.address(), 7), a.now()));
    network.runUntil(end::isOver, Network.seconds(100));
    assertThat(end.received()).as(end.toString()).isEqualTo(50_000_000);
    assertThat(end.wrong()).isNull();
    assertThat(end.sawEnd()).isTrue();
    server.close(b);
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("a one-way bulk send that does not stop at 64,240 bytes")
  void bulk() {
    wire();
    Transfer.from(a)
        .to(b, 9)
        .client(Plan.send(50_000_000))
        .start()
        .run(Network.seconds(100))
        .check();
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("never-acknowledged data gives its memory back")
  void neverAcknowledged() {
    Wire wire = wire();
    Transfer t = Transfer.from(a).to(b, 9).client(Plan.send(10_000_000)).start();
    network.runFor(Network.millis(5));
    wire.setUp(false);
    network.runUntil(() -> t.client().isOver(), Network.seconds(2000));
    assertThat(t.client().failure()).isNotNull();
    assertThat(a.stack().tcpStatuses()).isEmpty();
    assertThat(a.stack().pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("unanswered SYNs give their memory back")
  void unansweredSyns() {
    wire().setUp(false);
    int count = 100;
    TcpSocket[] sockets = new TcpSocket[count];
    for (int i = 0; i < count; i++) {
      TcpSocket socket = a.stack().openTcp();
      sockets[i] = socket;
      a.act(() -> socket.connect(new Endpoint(b.address(), 9), a.now()));
    }
    assertThat(a.stack().tcpStatuses()).hasSize(count);
    network.runFor(Network.seconds(200));
    assertThat(a.stack().tcpStatuses()).isEmpty();
    for (TcpSocket socket : sockets) {
      assertThat(socket.error()).isEqualTo(SocketError.CONNECTION_TIMED_OUT);
      socket.close(a.now());
    }
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("SYNs that nobody follows up give their memory back")
  void abandonedSyns() {
    TcpListener listener = b.stack().openTcpListener();
    Wire wire = wire();
    b.act(() -> {
      listener.bind(new Endpoint(b.address(), 9));
      listener.listen(5);
    });
    wire.faults(wire.other(), Faults.NONE.loss(1)); // no SYN-ACK arrives
    for (int i = 0; i < 100; i++) {
      TcpSocket socket = a.stack().openTcp();
      a.act(() -> socket.connect(new Endpoint(b.address(), 9), a.now()));
      network.runFor(Network.millis(2));
      a.act(() -> socket.abort(a.now()));
    }
    assertThat(b.stack().tcpStatuses()).hasSize(101);
    network.runFor(Network.seconds(120));
    assertThat(b.stack().tcpStatuses()).hasSize(1);
    listener.close(b.now());
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("the server closes first, 1,000 times")
  void serverClosesFirst() {
    wire();
    TcpListener listener = b.stack().openTcpListener();
    listener.attach(
        (SimApp)
            (host, handle) -> {
              TcpSocket peer = listener.accept();
              if (peer != null) {
                peer.close(host.now());
              }
            });
    b.act(() -> {
      listener.bind(new Endpoint(b.address(), 9));
      listener.listen(5);
    });
    for (int i = 0; i < 1000; i++) {
      TcpSocket socket = a.stack().openTcp();
      TcpEnd end = new TcpEnd(a, socket, Plan.READ, new ByteStream(0), new ByteStream(0));
      a.act(() -> socket.connect(new Endpoint(b.address(), 9), a.now()));
      network.runUntil(end::isOver, Network.seconds(5));
      assertThat(end.sawEnd()).as("connection %d: %s", i, end).isTrue();
    }
    listener.close(b.now());
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("TIME-WAIT is bounded: the oldest goes")
  void timeWaitIsBounded() {
    TcpConfig d = TcpConfig.DEFAULT;
    SimHost c =
        network.host(
            "c",
            s ->
                s.with(
                    new TcpConfig(
                        d.initialRto(),
                        d.minRto(),
                        d.maxRto(),
                        d.synTimeout(),
                        d.dataTimeout(),
                        d.finWait2Timeout(),
                        d.timeWait(),
                        d.delayedAck(),
                        d.maxSynQueue(),
                        10,
                        d.maxConnections(),
                        true,
                        true,
                        true)));
    network.wire(c.pointToPoint("198.51.100.1/24"), b.pointToPoint("198.51.100.2/24"));
    EchoServer server = EchoServer.start(b, 7);
    for (int i = 0; i < 30; i++) {
      TcpSocket socket = c.stack().openTcp();
      ByteStream stream = new ByteStream(i);
      TcpEnd end = new TcpEnd(c, socket, Plan.send(10), stream, stream);
      Endpoint to = new Endpoint(b.nics().getFirst().nic().addresses().getFirst().address(), 7);
      c.act(() -> socket.connect(to, c.now()));
      network.runUntil(end::isOver, Network.seconds(5));
    }
    assertThat(c.stack().tcpStatuses()).hasSize(10);
    assertThat(c.stack().counters().of(Counter.TCP_TIME_WAIT_EVICTED)).isEqualTo(20);
    server.close(b);
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("ARP expiry without a lost packet")
  void arpExpiry() throws Exception {
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(Faults.NONE.delay(Network.millis(1)));
    UdpSocket receiver = b.stack().openUdp();
    b.act(() -> receiver.bind(new Endpoint(b.address(), 9)));
    UdpSocket sender = a.stack().openUdp();
    int received = 0;
    int sent = 0;
    // A datagram now and then, at intervals from a second to beyond every lifetime.
    for (int gap = 1; gap < 120; gap++) {
      a.act(
          () -> sender.send(ByteBuffer.allocate(10), new Endpoint(b.address(), 9), network.now()));
      sent++;
      network.runFor(Network.seconds(gap));
      while (receiver.receive(ByteBuffer.allocate(10)) != null) {
        received++;
      }
    }
    assertThat(received).isEqualTo(sent);
    assertThat(a.stack().counters().drops()).isZero();
    assertThat(a.stack().counters().of(Counter.ARP_REQUESTS_SENT)).isGreaterThan(5);
  }

  @Test
  @DisplayName("a datagram of 60,000 bytes")
  void largeDatagram() throws Exception {
    wire();
    UdpSocket receiver = b.stack().openUdp();
    b.act(() -> receiver.bind(new Endpoint(b.address(), 9)));
    UdpSocket sender = a.stack().openUdp();
    ByteBuffer out = ByteBuffer.allocate(60_000);
    ByteStream stream = new ByteStream(1);
    stream.fill(out, 0);
    out.flip();
    a.act(() -> sender.send(out, new Endpoint(b.address(), 9), a.now()));
    network.runFor(Network.seconds(1));
    ByteBuffer in = ByteBuffer.allocate(65_535);
    assertThat(receiver.receive(in)).isNotNull();
    in.flip();
    assertThat(in.remaining()).isEqualTo(60_000);
    assertThat(stream.matching(in, 0)).isEqualTo(60_000);
    receiver.close();
    sender.close();
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("a ping of 8,000 bytes")
  void largePing() {
    wire();
    PingSocket ping = a.stack().openPing();
    a.act(() -> ping.send(b.address(), 1, ByteBuffer.allocate(8000), 64, a.now()));
    network.runFor(Network.seconds(1));
    PingSocket.Answer answer = ping.receive();
    assertThat(answer).isNotNull();
    assertThat(answer.payload()).hasSize(8000);
    ping.close();
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("datagrams and a connection to oneself")
  void toOneself() throws Exception {
    wire();
    UdpSocket socket = a.stack().openUdp();
    a.act(() -> socket.bind(new Endpoint(a.address(), 9)));
    for (int i = 0; i < 1000; i++) {
      a.act(() -> socket.send(ByteBuffer.allocate(100), new Endpoint(a.address(), 9), a.now()));
      assertThat(socket.receive(ByteBuffer.allocate(200))).isNotNull();
    }
    socket.close();
    Transfer.from(a)
        .to(a, 7)
        .client(Plan.send(1_000_000))
        .server(Plan.send(500_000))
        .start()
        .run(Network.seconds(10))
        .check();
    assertThat(a.stack().counters().of(DropReason.UDP_RECEIVE_QUEUE_FULL)).isZero();
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("a listener that serves the second connection, and hundreds at once")
  void manyConnections() {
    wire();
    EchoServer server = EchoServer.start(b, 7);
    int count = 300;
    TcpEnd[] ends = new TcpEnd[count];
    for (int i = 0; i < count; i++) {
      TcpSocket socket = a.stack().openTcp();
      ByteStream stream = new ByteStream(i);
      ends[i] = new TcpEnd(a, socket, Plan.send(10_000), stream, stream);
      a.act(() -> socket.connect(new Endpoint(b.address(), 7), a.now()));
    }
    network.runUntil(() -> server.accepted() == count && server.open() == 0, Network.seconds(60));
    network.runFor(Network.seconds(1));
    for (TcpEnd end : ends) {
      assertThat(end.received()).as(end.toString()).isEqualTo(10_000);
      assertThat(end.isOver()).isTrue();
    }
    server.close(b);
    assertNothingIsLeft();
  }

  @Test
  @DisplayName("a program is told of each change: readable, and the end")
  void readiness() {
    wire();
    int[] told = {0};
    TcpListener listener = b.stack().openTcpListener();
    listener.attach((SimApp) (host, handle) -> told[0] |= handle.readiness());
    b.act(() -> {
      listener.bind(new Endpoint(b.address(), 7));
      listener.listen(1);
    });
    TcpSocket socket = a.stack().openTcp();
    a.act(() -> socket.connect(new Endpoint(b.address(), 7), a.now()));
    network.runFor(Network.seconds(1));
    assertThat(told[0] & SocketHandle.READABLE).isNotZero();
  }
}
