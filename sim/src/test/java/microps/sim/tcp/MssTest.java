package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLIENT;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.PLAIN_SOCKET;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SYN_RECEIVED;
import static microps.sim.tcp.Opening.serverOfMtu;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.StackConfig;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.ip.IpConfig;
import microps.core.tcp.TcpSocket;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.SimNic;
import microps.sim.TcpEnd;
import microps.sim.Transfer;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9293, section 3.7.1 and 3.7.2; RFC 1191: how long segments are.
class MssTest {
  /// The peer's MSS is 1460; descriptor 4.
  private static final String FULL = serverOfMtu(1500, 1460);

  // The option

  @ParameterizedTest(name = "MTU {0}")
  @DisplayName(
      "MUST-14, MUST-67, SHLD-5, MAY-3 every SYN and SYN-ACK says our MTU less 40, be it 536 or not")
  @ValueSource(ints = {68, 296, 576, 1280, 1500, 9000, 65535})
  void offered(int mtu) {
    check(
        ("// config: mtu=%d\n" + LISTEN).formatted(mtu)
            + """
            +0    < S 0:0(0) win 65535 <mss 1460>
            +0    > S. 0:0(0) ack 1 <mss %d>
            """
                .formatted(mtu - 40));
    check(
        ("// config: mtu=%d\n" + PLAIN_SOCKET).formatted(mtu)
            + """
            +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
            +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
            +0    > S 0:0(0) <mss %d>
            """
                .formatted(mtu - 40));
  }

  @Test
  @DisplayName("MUST-65 MSS stands on SYN and SYN-ACK only, also when they are sent again")
  void onSynOnly() {
    check(
        SYN_RECEIVED
            + """
            +1    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < P. 1:11(10) ack 1 win 10
            +.04  > . 1:1(0) ack 11
            +0    accept(3, ..., ...) = 4
            +0    read(4, ..., 100) = 10
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 11
            +.1   < . 11:11(0) ack 11 win 0
            +0    write(4, ..., 10) = 10
            *     > . 10:10(0) ack 11
            +.1   < . 11:11(0) ack 11 win 100
            +0    > P. 11:21(10) ack 11
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 21:21(0) ack 11
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > . 22:22(0) ack 11
            +0    close(4) = 0
            +0    < P. 11:21(10) ack 22 win 100
            +0    > R. 22:22(0) ack 11
            """);
  }

  @Test
  @DisplayName("SHLD-6 the MSS offered is that of the interface that the segments come in by")
  void twoInterfaces() {
    Network network = new Network(1);
    SimHost server = network.host("server");
    SimHost wide = network.host("wide");
    SimHost narrow = network.host("narrow");
    List<Integer> offers = new ArrayList<>();
    wire(network, wide.pointToPoint("192.0.2.1/24"), server.pointToPoint("192.0.2.2/24"), offers);
    wire(
        network,
        narrow.pointToPoint("198.51.100.1/24"),
        server.pointToPoint("198.51.100.2/24", 600),
        offers);
    listen(server);
    connect(wide, "192.0.2.2");
    network.runFor(Network.seconds(1));
    connect(narrow, "198.51.100.2");
    network.runFor(Network.seconds(1));
    // SYN and SYN-ACK of each connection
    assertThat(offers).containsExactly(1460, 1460, 1460, 560);
    connect(server, "198.51.100.1");
    network.runFor(Network.millis(1));
    assertThat(offers).hasSize(5).endsWith(560);
  }

  /// Notes the MSS of each SYN on a new wire.
  private static void wire(Network network, SimNic one, SimNic other, List<Integer> offers) {
    network
        .wire(one, other)
        .add((wire, from, fate, p, now) -> {
          boolean syn = fate == Fate.SENT && p.get8(9) == 6 && (p.get8(33) & 2) != 0;
          if (syn) {
            assertThat(p.get16(40)).isEqualTo(0x0204); // MSS comes first
            offers.add(p.get16(42));
          }
        });
  }

  private static void listen(SimHost host) {
    host.act(() -> {
      var listener = host.stack().openTcpListener();
      listener.bind(new Endpoint(Ipv4Address.ANY, 7));
      listener.listen(8);
    });
  }

  private static TcpSocket connect(SimHost host, String address) {
    TcpSocket socket = host.stack().openTcp();
    host.act(() -> socket.connect(new Endpoint(Ipv4Address.parse(address), 7), host.now()));
    return socket;
  }

  // What we send

  @ParameterizedTest(name = "our MTU {0}, the peer''s MSS {1}: {2}")
  @DisplayName("MUST-14, MUST-16 segments are as long as the peer and our MTU allow")
  @CsvSource({"1500,500,500", "1500,1460,1460", "1500,9000,1460", "576,1460,536", "9000,8000,8000"})
  void sent(int mtu, int peer, int expected) {
    check(
        serverOfMtu(mtu, peer)
            + """
            +0    write(4, ..., %1$d) = %1$d
            +0    > . 1:%3$d(%2$d) ack 1
            """
                .formatted(2 * expected - 1, expected, expected + 1));
  }

  @Test
  @DisplayName("MUST-15 a peer that says no MSS gets 536 at most: in a SYN")
  void defaultOfSyn() {
    check(
        SERVER.replace(" <mss 1000>", "")
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > . 1:537(536) ack 1
            +.1   < . 1:1(0) ack 537 win 65535
            +0    > P. 537:1001(464) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-15 a peer that says no MSS gets 536 at most: in a SYN-ACK")
  void defaultOfSynAck() {
    check(
        CLIENT.replace(" <mss 1000>", "")
            + """
            +0    write(3, ..., 1000) = 1000
            +0    > . 1:537(536) ack 1
            """);
  }

  @ParameterizedTest(name = "MSS {0}")
  @DisplayName("MUST-14 an absurdly small MSS is taken for 48, as Linux does")
  @ValueSource(ints = {0, 1, 47, 48})
  void tiny(int mss) {
    check(
        serverOfMtu(1500, mss)
            + """
            +0    write(4, ..., 100) = 100
            +0    > . 1:49(48) ack 1
            +0    > . 49:97(48) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-16 timestamps take their 12 octets from the text")
  void timestampsCount() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1460,nop,nop,TS val 1 ecr 0>
            +0    > S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 1 ecr 1>
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,TS val 2 ecr 1>
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1449(1448) ack 1 <nop,nop,TS val 2 ecr 2>
            """);
  }

  // The path

  @Test
  @DisplayName(
      "RFC 1191 6.4 fragmentation needed: what did not fit is sent again at once, cut smaller")
  void fragmentationNeeded() {
    check(
        FULL
            + """
            +0    write(4, ..., 4000) = 4000
            +0    > . 1:1461(1460) ack 1
            +0    > . 1461:2921(1460) ack 1
            +.05  < icmp unreachable frag_needed mtu 1040 [1:1461(1460)]
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:2921(920) ack 1
            +0    > . 2921:3921(1000) ack 1
            +0    %{ assert tcpi_snd_mss == 1000
                     assert cwnd == 14600
                     assert ssthresh == 2147483647 }%
            +.05  < icmp unreachable frag_needed mtu 1040 [1461:2921(1460)]
            +.1   < . 1:1(0) ack 3921 win 65535
            +0    > P. 3921:4001(80) ack 1
            """);
  }

  @Test
  @DisplayName(
      "MUST-67 a lower path MTU does not change what we offer: the peer's way may be another")
  void pathDoesNotChangeTheOffer() {
    check(
        FULL
            + """
            +0    write(4, ..., 1460) = 1460
            +0    > P. 1:1461(1460) ack 1
            +0    < icmp unreachable frag_needed mtu 1040 [1:1461(1460)]
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:1461(460) ack 1
            +.1   < . 1:1(0) ack 1461 win 65535
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1460>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
            +.1   < 50001 > 8080 . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 5
            +0    write(5, ..., 1460) = 1460
            +0    > 8080 > 50001 . 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 1191 6.3 after ten minutes longer segments are tried again")
  void pathRecovers() {
    check(
        FULL
            + """
            +0    write(4, ..., 1460) = 1460
            +0    > P. 1:1461(1460) ack 1
            +0    < icmp unreachable frag_needed mtu 1040 [1:1461(1460)]
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:1461(460) ack 1
            +.1   < . 1:1(0) ack 1461 win 65535
            +599  write(4, ..., 1000) = 1000
            +0    > P. 1461:2461(1000) ack 1
            +.1   < . 1:1(0) ack 2461 win 65535
            +2    write(4, ..., 1460) = 1460
            +0    > P. 2461:3921(1460) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 1191 5 a router that does not say its MTU: the next lower plateau, 1492")
  void oldRouter() {
    check(
        FULL
            + """
            +0    write(4, ..., 1460) = 1460
            +0    > P. 1:1461(1460) ack 1
            +0    < icmp unreachable frag_needed mtu 0 [1:1461(1460)]
            +0    > . 1:1453(1452) ack 1
            +0    > P. 1453:1461(8) ack 1
            """);
  }

  @Test
  @DisplayName(
      "RFC 5927 7.2 a path MTU below 552 is not believed, and none that refuses for nothing")
  void implausibleMtu() {
    check(
        FULL
            + """
            +0    write(4, ..., 1460) = 1460
            +0    > P. 1:1461(1460) ack 1
            +0    < icmp unreachable frag_needed mtu 1500 [1:1461(1460)]
            +0    < icmp unreachable frag_needed mtu 9000 [1:1461(1460)]
            +0    < icmp unreachable frag_needed mtu 68 [1:1461(1460)]
            +0    > . 1:513(512) ack 1
            +0    > . 513:1025(512) ack 1
            +0    > P. 1025:1461(436) ack 1
            """);
  }

  @Test
  @DisplayName(
      "MUST-16 through a router to a narrow link: one segment burst is refused, all arrives")
  void throughARouter() {
    Network network = new Network(5);
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    SimHost router = network.host("r", (StackConfig c) -> c.with(new IpConfig(true, true)));
    Faults faults = Faults.NONE.rate(50_000_000).delay(Network.millis(5));
    network.wire(a.ethernet("192.0.2.1/24"), router.ethernet("192.0.2.254/24")).faults(faults);
    network
        .wire(b.ethernet("198.51.100.1/24"), router.ethernet("198.51.100.254/24", 800))
        .faults(faults);
    a.act(() -> a.stack().addGateway(Ipv4Address.parse("192.0.2.254")));
    b.act(() -> b.stack().addGateway(Ipv4Address.parse("198.51.100.254")));
    Transfer transfer =
        Transfer.from(a)
            .to(b, 7)
            .client(TcpEnd.Plan.send(2_000_000))
            .server(TcpEnd.Plan.send(100_000))
            .start();
    network.runFor(Network.millis(100));
    assertThat(Objects.requireNonNull(transfer.client().socket().status()).maxSegment())
        .isEqualTo(800 - 40 - 12);
    transfer.run(Network.seconds(30)).check();
    assertThat(router.stack().counters().of(Counter.ICMP_ERRORS_SENT)).isBetween(1L, 10L);
  }

  @Test
  @DisplayName("TCP_MAXSEG: the largest segment that is announced, and sent")
  void chosenByTheUser() {
    check(
        PLAIN_SOCKET
            + """
            +0    setsockopt(3, SOL_TCP, TCP_MAXSEG, [1100], 4) = 0
            +0    getsockopt(3, SOL_TCP, TCP_MAXSEG, [536], [4]) = 0
            +0    bind(3, ..., ...) = 0
            +0    listen(3, 1) = 0
            +0    < S 0:0(0) win 32792 <mss 1300>
            +0    > S. 0:0(0) ack 1 <mss 1100>
            +.1   < . 1:1(0) ack 1 win 32792
            +0    accept(3, ..., ...) = 4
            +0    getsockopt(4, SOL_TCP, TCP_MAXSEG, [1100], [4]) = 0
            +0    write(4, ..., 1200) = 1200
            +0    > . 1:1101(1100) ack 1
            """);
  }
}
