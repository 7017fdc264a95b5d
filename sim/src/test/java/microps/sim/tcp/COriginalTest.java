package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.ip.PingSocket;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import microps.core.udp.UdpSocket;
import microps.sim.ByteStream;
import microps.sim.EchoServer;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.TcpEnd;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import microps.sim.Wire;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the C original gets wrong, each by its name.
class COriginalTest {

  // Sequence numbers near 2^32

  @Test
  @DisplayName(
      "sequence numbers near 2^32: ours wrap in the middle of a segment, are lost, and sent again")
  void ourNumbersWrap() {
    check(
        "// config: isn=4294966295\n"
            + SERVER
            + """
            +0    write(4, ..., 3500) = 3500
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 501 win 65535
            +0    %{ assert send_queue == 3000 }%
            +.2~+1 > . 501:1501(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    > P. 3001:3501(500) ack 1
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 3501:3501(0) ack 1
            +.1   < . 1:1(0) ack 3502 win 65535
            +0    %{ assert state == FIN_WAIT_2 }%
            """);
  }

  @ParameterizedTest
  @DisplayName(
      "sequence numbers near 2^32: the peer's wrap on SYN, in text, before and after the FIN")
  @ValueSource(
      longs = {4_294_967_295L, 4_294_967_294L, 4_294_966_000L, 4_294_965_295L, 0x7fff_fffeL})
  void theirNumbersWrap(long isn) {
    check(
        LISTEN
            + """
            +0    < S %1$d:%1$d(0) win 65535 <mss 1000,nop,nop,sackOK>
            +0    > S. 0:0(0) ack %2$d <mss 1460,nop,nop,sackOK>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2001>
            +0    < F. 2001:2001(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2002>
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2002
            +0    read(4, ..., 9000) = 2000
            +0    read(4, ..., 9000) = 0
            """
                .formatted(isn, isn + 1 & 0xffff_ffffL));
  }

  /// The number of the first SYN that passes.
  private static int firstIsn(Wire wire, boolean synAck, Runnable run) {
    int[] isn = {0};
    boolean[] seen = {false};
    wire.add((w, from, fate, p, now) -> {
      int flags = p.get8(33);
      if (!seen[0] && (flags & 2) != 0 && (flags & 16) != 0 == synAck) {
        seen[0] = true;
        isn[0] = p.get32(24);
      }
    });
    run.run();
    assertThat(seen[0]).isTrue();
    return isn[0];
  }

  @ParameterizedTest
  @DisplayName(
      "sequence numbers near 2^32: megabytes each way over a lossy wire, across the wrap of either side")
  @ValueSource(booleans = {false, true})
  void transferAcrossTheWrap(boolean server) {
    // The numbers follow the clock: a first run says by how much it must be set on.
    long origin = Network.ORIGIN;
    for (int round = 0; round < 2; round++) {
      Network network = new Network(11, origin);
      SimHost a = network.host("a");
      SimHost b = network.host("b");
      Wire wire = network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
      wire.faults(
          Faults.NONE
              .rate(20_000_000)
              .delay(Network.millis(5))
              .loss(0.01)
              .duplicate(0.01)
              .reorder(0.02, Network.millis(3)));
      int isn =
          firstIsn(
              wire,
              server,
              () ->
                  Transfer.from(a)
                      .to(b, 7)
                      .client(Plan.send(2_000_000))
                      .server(Plan.send(2_000_000))
                      .start()
                      .run(Network.seconds(120))
                      .check());
      if (round == 0) {
        long ticks = (-1_000_000 - isn) & 0xffff_ffffL;
        origin += ticks * 4000;
      } else {
        // The wrap lies within the two megabytes; the SYN went when the clock was the same.
        assertThat(isn).isBetween(-1_100_000, -900_000);
      }
    }
  }

  // Segments as they come

  @Test
  @DisplayName("data and FIN in one segment: both are taken")
  void dataAndFin() {
    check(
        SERVER
            + """
            +0    < FP. 1:501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 502
            +0    %{ assert state == CLOSE_WAIT }%
            +0    read(4, ..., 1000) = 500
            +0    read(4, ..., 1000) = 0
            """);
  }

  @Test
  @DisplayName("a segment that overlaps what is there, on either side or around it")
  void overlaps() {
    check(
        SERVER
            + """
            +0    < P. 1:101(100) ack 1 win 65535
            +.04  > . 1:1(0) ack 101
            +0    < P. 51:201(150) ack 1 win 65535
            +.04  > . 1:1(0) ack 201
            +0    < . 301:401(100) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < . 251:451(200) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < . 401:501(100) ack 1 win 65535
            +0    > . 1:1(0) ack 201
            +0    < P. 101:301(200) ack 1 win 65535
            +0    > . 1:1(0) ack 501
            +0    read(4, ..., 9000) = 500
            """);
  }

  @Test
  @DisplayName("a segment that arrives twice, or a hundred times, is read once")
  void twice() {
    check(
        SERVER
            + "+0 < P. 1:101(100) ack 1 win 65535\n"
            + "+0 < P. 1:101(100) ack 1 win 65535\n+0 > . 1:1(0) ack 101\n".repeat(100)
            + """
            +0    read(4, ..., 9000) = 100
            """);
  }

  @Test
  @DisplayName("segments out of order, backwards")
  void outOfOrder() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int i = 9; i > 0; i--) {
      script
          .append("+0 < . %d:%d(1000) ack 1 win 65535\n".formatted(1 + 1000 * i, 1001 + 1000 * i))
          .append("+0 > . 1:1(0) ack 1\n");
    }
    check(
        script
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 10001
            +0    read(4, ..., 90000) = 10000
            """);
  }

  @Test
  @DisplayName("a segment larger than the window: what fits is taken")
  void largerThanTheWindow() {
    check(
        "// config: rcvbuf=2048\n"
            + SERVER.replace("win 65535 <mss 1460>", "win 2048 <mss 1460>")
            + """
            +0    < P. 1:60001(60000) ack 1 win 65535
            +.04  > . 1:1(0) ack 2049 win 0
            +0    read(4, ..., 90000) = 2048
            +0    > . 1:1(0) ack 2049 win 2048
            +0    < P. 2049:2149(100) ack 1 win 65535
            +0    read(4, ..., 90000) = 100
            """);
  }

  @Test
  @DisplayName("a data offset of 60 in a 20-byte segment; and every other that lies")
  void dataOffset() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int words = 0; words < 16; words++) {
      if (words != 5) {
        script.append("+0 < . 1:1(0) ack 1 win 65535 {doff %d}\n".formatted(words));
        script.append("+0 < S 1:1(0) win 65535 {doff %d}\n".formatted(words));
      }
    }
    check(
        script
            + """
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("an IHL below 5, and every other that lies")
  void internetHeaderLength() {
    StringBuilder script = new StringBuilder(SERVER);
    for (int words = 0; words < 16; words++) {
      if (words != 5) {
        script.append("+0 < . 1:1(0) ack 1 win 65535 {ihl %d}\n".formatted(words));
      }
    }
    check(
        script
            + """
            +1    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a read")
  void resetDuringRead() {
    check(
        SERVER
            + """
            +0...0.5 read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            +.5   < R 1:1(0) win 0
            """);
  }

  @Test
  @DisplayName("RST while the application waits in a write")
  void resetDuringWrite() {
    check(
        "// config: sndbuf=2000\n"
            + SERVER
            + """
            +0...0.2 write(4, ..., 5000) = -1 ECONNRESET (Connection reset)
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.2   < R. 1:1(0) ack 1 win 0
            """);
  }

  // Windows that close

  @Test
  @DisplayName("a zero window that opens again: an echo of 50 MB")
  void echo() {
    Network network = new Network(7);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    // Jumbo frames: fewer of them for the same bytes.
    Wire wire =
        network
            .wire(a.pointToPoint("192.0.2.1/24", 9000), b.pointToPoint("192.0.2.2/24", 9000))
            .faults(Faults.NONE.rate(1_000_000_000).delay(Network.millis(0.1)));
    long[] closed = {0};
    wire.add((w, from, fate, p, now) -> {
      boolean zeroWindow = fate == Fate.SENT && p.get16(34) == 0 && (p.get8(33) & 4) == 0;
      closed[0] += zeroWindow ? 1 : 0;
    });
    EchoServer.start(b, 7);
    int bytes = 50_000_000;
    TcpSocket socket = a.stack().openTcp();
    // Seven full segments, so that the window closes to 0 exactly.
    socket.settings().receiveBuffer = 7 * (9000 - 40 - 12);
    ByteStream stream = new ByteStream(7);
    Plan slow = Plan.send(bytes).sizes(1 << 16, 40_000).slowly(Network.millis(2));
    TcpEnd end = new TcpEnd(a, socket, slow, stream, stream);
    a.act(() -> socket.connect(new Endpoint(b.address(), 7), a.now()));
    network.runUntil(end::isOver, Network.seconds(100));
    assertThat(end.failure()).isNull();
    assertThat(end.wrong()).isNull();
    assertThat(end.received()).isEqualTo(bytes);
    assertThat(end.sawEnd()).isTrue();
    assertThat(closed[0]).isGreaterThan(10);
  }

  @ParameterizedTest
  @DisplayName("a one-way bulk send that does not stop at 64,240 bytes, to a reader fast or slow")
  @ValueSource(longs = {0, 1})
  void bulk(long pauseMillis) {
    Network network = new Network(8);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .faults(Faults.NONE.rate(1_000_000_000).delay(Network.millis(1)));
    Transfer.from(a)
        .to(b, 7)
        .client(Plan.send(10_000_000))
        .server(Plan.READ.sizes(1, 20_000).slowly(Network.millis(pauseMillis)))
        .serverSettings(s -> s.receiveBuffer = 64_240)
        .start()
        .run(Network.seconds(60))
        .check();
  }

  // Memory that comes back

  private static void assertNothingLeft(SimHost host) {
    host.checkAtRest();
    assertThat(host.stack().nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  @DisplayName("never-acknowledged data gives its memory back, closed by its user or not")
  void neverAcknowledged() {
    Pair p = new Pair();
    TcpSocket kept = p.open();
    TcpSocket closed = p.open();
    p.accept();
    p.accept();
    p.wire.setUp(false);
    Pair.write(p.a, kept, 1_000_000);
    Pair.write(p.a, closed, 1_000_000);
    Pair.close(p.a, closed);
    p.seconds(130);
    assertThat(p.a.stack().tcpStatuses()).hasSize(1);
    p.seconds(1000);
    assertThat(kept.error()).isEqualTo(SocketError.CONNECTION_TIMED_OUT);
    assertThat(Pair.status(kept).sendQueue()).isZero();
    assertNothingLeft(p.a);
  }

  @Test
  @DisplayName("unanswered SYNs give their memory back, ours and those of strangers")
  void unansweredSyns() {
    Pair p = new Pair();
    p.wire.setUp(false);
    for (int i = 0; i < 1000; i++) {
      TcpSocket socket = p.open();
      if (i % 2 == 0) {
        Pair.close(p.a, socket);
      }
    }
    assertThat(p.a.stack().tcpStatuses()).hasSize(500);
    p.seconds(200);
    assertNothingLeft(p.a);

    // A wire that carries SYNs one way only: b answers in vain.
    p.wire.setUp(true);
    p.wire.faults(p.b.nics().getFirst(), Faults.NONE.loss(1));
    for (int i = 0; i < 500; i++) {
      TcpSocket socket = p.open();
      p.seconds(0.001);
      Pair.close(p.a, socket);
    }
    p.seconds(1);
    assertThat(p.b.stack().tcpStatuses()).hasSize(501);
    p.seconds(100);
    assertThat(p.b.stack().tcpStatuses())
        .extracting(TcpStatus::state)
        .containsExactly(TcpState.LISTEN);
    p.b.act(() -> p.listener.close(p.b.now()));
    assertNothingLeft(p.b);
  }

  // One connection after the other

  @Test
  @DisplayName("the server closing first, 1,000 times")
  void serverClosesFirst() throws SocketFailure {
    Pair p = new Pair();
    for (int i = 0; i < 1000; i++) {
      TcpSocket client = p.open();
      TcpSocket server = p.accept();
      Pair.write(p.b, server, 10);
      Pair.close(p.b, server);
      p.seconds(0.01);
      assertThat(Pair.read(p.a, client, 100)).isEqualTo(10);
      assertThat(Pair.read(p.a, client, 100)).isEqualTo(-1);
      Pair.close(p.a, client);
      p.seconds(0.01);
      assertThat(client.state()).isEqualTo(TcpState.CLOSED);
      assertThat(client.error()).isNull();
    }
    assertThat(p.b.stack().tcpStatuses()).hasSize(1001); // TIME-WAIT, and the listener
    assertThat(p.a.stack().tcpStatuses()).isEmpty();
    assertNothingLeft(p.a);
    p.seconds(61);
    p.b.act(() -> p.listener.close(p.b.now()));
    assertNothingLeft(p.b);
  }

  @Test
  @DisplayName("the server closing first, 1,000 times, between the same two ports")
  void serverClosesFirstOnTheSamePorts() throws SocketFailure {
    Pair p = new Pair();
    for (int i = 0; i < 1000; i++) {
      TcpSocket client = p.a.stack().openTcp();
      client.bind(new Endpoint(p.a.address(), 5555));
      p.a.act(() -> client.connect(new Endpoint(p.b.address(), Pair.PORT), p.a.now()));
      TcpSocket server = p.accept();
      Pair.close(p.b, server);
      p.seconds(0.01);
      assertThat(Pair.read(p.a, client, 100)).isEqualTo(-1);
      Pair.close(p.a, client);
      p.seconds(0.01);
    }
    assertThat(p.b.stack().counters().of(Counter.TCP_TIME_WAIT_REUSED)).isEqualTo(999);
    assertThat(p.b.stack().tcpStatuses()).hasSize(2);
  }

  @Test
  @DisplayName("TIME-WAIT is bounded: the oldest gives way")
  void timeWaitIsBounded() {
    Pair p = new Pair(c -> c.with(c.tcp().with(t -> t.maxTimeWait = 100)));
    for (int i = 0; i < 300; i++) {
      TcpSocket client = p.open();
      TcpSocket server = p.accept();
      Pair.close(p.b, server);
      p.seconds(0.005);
      Pair.close(p.a, client);
      p.seconds(0.005);
    }
    assertThat(p.b.stack().tcpStatuses()).hasSize(101);
    assertThat(p.b.stack().counters().of(Counter.TCP_TIME_WAIT_EVICTED)).isEqualTo(200);
  }

  @Test
  @DisplayName("a listener serves the second connection, while the first lives and after it")
  void secondConnection() throws SocketFailure {
    Pair p = new Pair();
    TcpSocket first = p.open();
    TcpSocket firstServer = p.accept();
    TcpSocket second = p.open();
    TcpSocket secondServer = p.accept();
    Pair.write(p.a, first, 1);
    Pair.write(p.a, second, 2);
    p.seconds(0.1);
    assertThat(Pair.read(p.b, firstServer, 9)).isEqualTo(1);
    assertThat(Pair.read(p.b, secondServer, 9)).isEqualTo(2);
    Pair.close(p.a, first);
    Pair.close(p.b, firstServer);
    p.seconds(0.1);
    p.open();
    assertThat(p.accept().state()).isEqualTo(TcpState.ESTABLISHED);
  }

  @Test
  @DisplayName("a listener serves hundreds at once")
  void manyConnections() {
    Pair p = new Pair();
    EchoServer server = EchoServer.start(p.b, 80);
    List<TcpEnd> ends = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TcpSocket socket = p.a.stack().openTcp();
      ByteStream stream = new ByteStream(i);
      ends.add(new TcpEnd(p.a, socket, Plan.send(10_000), stream, stream));
      p.a.act(() -> socket.connect(new Endpoint(p.b.address(), 80), p.a.now()));
    }
    p.network.runUntil(() -> server.accepted() == 300 && server.open() == 0, Network.seconds(60));
    p.seconds(1);
    assertThat(ends)
        .allSatisfy(end -> {
          assertThat(end.received()).as(end.toString()).isEqualTo(10_000);
          assertThat(end.isOver()).isTrue();
        });
    server.close(p.b);
    p.b.act(() -> p.listener.close(p.b.now()));
    p.seconds(61);
    assertNothingLeft(p.a);
    assertNothingLeft(p.b);
  }

  // Below TCP

  @Test
  @DisplayName("ARP expiry without a lost packet: a datagram a second, both ways, for two hours")
  void arpExpiry() throws SocketFailure {
    Pair p = Pair.ethernet();
    UdpSocket sender = p.a.stack().openUdp();
    UdpSocket echo = p.b.stack().openUdp();
    echo.bind(new Endpoint(p.b.address(), 9));
    int seconds = 7200;
    int answers = 0;
    for (int i = 0; i < seconds; i++) {
      p.a.act(() -> sender.send(ByteBuffer.allocate(8), new Endpoint(p.b.address(), 9), p.a.now()));
      p.seconds(0.5);
      Endpoint from = echo.receive(ByteBuffer.allocate(100));
      if (from != null) {
        p.b.act(() -> echo.send(ByteBuffer.allocate(8), from, p.b.now()));
      }
      p.seconds(0.5);
      answers += sender.receive(ByteBuffer.allocate(100)) != null ? 1 : 0;
    }
    assertThat(answers).isEqualTo(seconds);
    // The entries did expire, and were asked for again.
    assertThat(p.a.stack().counters().of(Counter.ARP_REQUESTS_SENT)).isGreaterThan(50);
    assertThat(p.a.stack().counters().of(DropReason.NEIGHBOR_UNREACHABLE)).isZero();
  }

  @Test
  @DisplayName("ARP expiry without a lost packet: a datagram after each pause of 1 to 120 s")
  void arpExpiryWithPauses() throws SocketFailure {
    Pair p = Pair.ethernet();
    UdpSocket receiver = p.b.stack().openUdp();
    receiver.bind(new Endpoint(p.b.address(), 9));
    UdpSocket sender = p.a.stack().openUdp();
    for (int pause = 1; pause <= 120; pause++) {
      p.a.act(
          () -> sender.send(ByteBuffer.allocate(10), new Endpoint(p.b.address(), 9), p.a.now()));
      p.seconds(pause);
      assertThat(receiver.receive(ByteBuffer.allocate(10))).as("after " + pause + " s").isNotNull();
    }
    assertThat(p.a.stack().counters().drops()).isZero();
    assertThat(p.a.stack().counters().of(Counter.ARP_REQUESTS_SENT)).isGreaterThan(5);
  }

  @ParameterizedTest
  @DisplayName("a datagram of 60,000 bytes, and of 65,507, in fragments")
  @ValueSource(ints = {60_000, 65_507})
  void largeDatagram(int size) throws SocketFailure {
    Pair p = Pair.ethernet();
    UdpSocket sender = p.a.stack().openUdp();
    UdpSocket receiver = p.b.stack().openUdp();
    receiver.bind(new Endpoint(p.b.address(), 9));
    ByteStream stream = new ByteStream(size);
    ByteBuffer out = ByteBuffer.allocate(size);
    stream.fill(out, 0);
    p.a.act(() -> sender.send(out.flip(), new Endpoint(p.b.address(), 9), p.a.now()));
    p.seconds(1);
    ByteBuffer in = ByteBuffer.allocate(70_000);
    assertThat(receiver.receive(in)).isNotNull();
    assertThat(in.flip().remaining()).isEqualTo(size);
    assertThat(stream.matching(in, 0)).isEqualTo(size);
  }

  @Test
  @DisplayName("a ping of 8,000 bytes comes back whole")
  void largePing() {
    Pair p = Pair.ethernet();
    PingSocket ping = p.a.stack().openPing();
    ByteBuffer data = ByteBuffer.allocate(8000);
    new ByteStream(1).fill(data, 0);
    byte[] sent = data.array().clone();
    p.a.act(() -> ping.send(p.b.address(), 1, data.flip(), 64, p.a.now()));
    p.seconds(1);
    PingSocket.Answer answer = Objects.requireNonNull(ping.receive());
    assertThat(answer.error()).isNull();
    assertThat(answer.payload()).isEqualTo(sent);
  }

  @Test
  @DisplayName("datagrams to oneself, by the own address and by loopback; a connection, too")
  void toOneself() throws SocketFailure {
    Pair p = new Pair();
    UdpSocket socket = p.a.stack().openUdp();
    socket.bind(new Endpoint(Ipv4Address.ANY, 9));
    for (Ipv4Address own :
        new Ipv4Address[] {Ipv4Address.LOOPBACK, Ipv4Address.parse("192.0.2.1")}) {
      for (int i = 0; i < 50; i++) {
        p.a.act(() -> socket.send(ByteBuffer.allocate(1000), new Endpoint(own, 9), p.a.now()));
        ByteBuffer in = ByteBuffer.allocate(2000);
        assertThat(socket.receive(in)).isEqualTo(new Endpoint(own, 9));
        assertThat(in.position()).isEqualTo(1000);
      }
    }
    Transfer.from(p.a)
        .to(p.a, 7)
        .client(Plan.send(1_000_000))
        .server(Plan.send(500_000))
        .start()
        .run(Network.seconds(10))
        .check();
  }
}
