package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLIENT;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpState;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.SimNic;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.9: what a user may ask for, and what IP is asked for.
class UserInterfaceTest {
  @Test
  @DisplayName("MUST-48, SHLD-22 IP_TOS stands on every segment")
  void trafficClass() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    setsockopt(3, SOL_IP, IP_TOS, [0x28], 4) = 0
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    < S 0:0(0) win 65535 <mss 1000>
        +0    > [tos 0x28] S. 0:0(0) ack 1 <mss 1460>
        +.1   < . 1:1(0) ack 1 win 65535
        +0    accept(3, ..., ...) = 4
        +0    write(4, ..., 100) = 100
        +0    > [tos 0x28] P. 1:101(100) ack 1
        +0    close(4) = 0
        +0    > [tos 0x28] F. 101:101(0) ack 1
        """);
  }

  @Test
  @DisplayName("SHLD-21 IP_TOS may change during the connection")
  void trafficClassChanges() {
    check(
        SERVER
            + """
            +0    write(4, ..., 100) = 100
            +0    > [tos 0x00] P. 1:101(100) ack 1
            +.1   < . 1:1(0) ack 101 win 65535
            +0    setsockopt(4, SOL_IP, IP_TOS, [0x48], 4) = 0
            +0    write(4, ..., 100) = 100
            +0    > [tos 0x48] P. 101:201(100) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-49 the TTL is the user's")
  void timeToLive() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    setsockopt(3, SOL_IP, IP_TTL, [33], 4) = 0
        +0...0.1 connect(3, ..., ...) = 0
        +0    > (ttl 33) S 0:0(0) <...>
        +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
        +0    > (ttl 33) . 1:1(0) ack 1
        """);
  }

  @Test
  @DisplayName("MUST-60, MUST-61 what was written leaves at once, its last segment with PSH")
  void push() {
    check(
        SERVER
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            """);
  }

  @Test
  @DisplayName(
      "SHLD-17 (3.8.6) data beyond a window that shrank does not time out while probes are answered")
  void noTimeoutBeyondTheEdge() {
    StringBuilder script =
        new StringBuilder("// config: dataTimeout=100s maxRto=60s\n")
            .append(SERVER)
            .append(
                """
                +0    write(4, ..., 1000) = 1000
                +0    > P. 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 1 win 0
                """);
    for (int i = 0; i < 12; i++) {
      script.append("*     > . 0:0(0) ack 1\n+0    < . 1:1(0) ack 1 win 0\n");
    }
    check(
        script
            + """
            +1    %{ assert state == ESTABLISHED }%
            +0    < . 1:1(0) ack 1 win 9000
            +0    > P. 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-10 before giving up data was sent again three times at least")
  void atLeastThreeTimes() {
    check(
        "// config: dataTimeout=3s\n"
            + SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            *     > P. 1:1001(1000) ack 1
            *     > P. 1:1001(1000) ack 1
            *     > P. 1:1001(1000) ack 1
            *     > R. 1001:1001(0) ack 1
            """);
  }

  @Test
  @DisplayName("MAY-1 after close nothing can be read")
  void noReadAfterClose() {
    check(
        CLIENT
            + """
            +0    close(3) = 0
            +0    > F. 1:1(0) ack 1
            +.1   < P. 1:11(10) ack 2 win 65535
            +0    > R. 2:2(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-42 a port may be listened on while a connection from it is being opened")
  void listenWhileConnecting() {
    check(
        """
        // config: timestamps=off windowScale=off sack=off
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
        +0    bind(3, ..., ...) = 0
        +0    fcntl(3, F_SETFL, O_NONBLOCK) = 0
        +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
        +0    > 8080 > 8080 S 0:0(0) <mss 1460>
        +0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 4
        +0    setsockopt(4, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
        +0    bind(4, ..., ...) = 0
        +0    listen(4, 1) = 0
        +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
        +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
        +0    < 50001 > 8080 . 1:1(0) ack 1 win 65535
        +0    accept(4, ..., ...) = 5
        +0    < 8080 > 8080 S. 0:0(0) ack 1 win 65535 <mss 1000>
        +0    > 8080 > 8080 . 1:1(0) ack 1
        """);
  }

  @Test
  @DisplayName("SHLD-5, MAY-3 the MSS option is always sent, also where it says 536")
  void alwaysMss() {
    check(
        "// config: mtu=576\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535
            +0    > S. 0:0(0) ack 1 <mss 536>
            """);
  }

  // Hosts with several addresses and interfaces

  private final Network network = new Network(11);
  private final SimHost a = network.host("a");
  private final SimHost b = network.host("b");

  private static TcpListener listen(SimHost host, IpAddress address) {
    TcpListener listener = host.stack().openTcpListener();
    host.act(() -> {
      listener.bind(new Endpoint(address, 7));
      listener.listen(5);
    });
    return listener;
  }

  private static TcpSocket connect(SimHost host, IpAddress from, IpAddress to) {
    TcpSocket socket = host.stack().openTcp();
    host.act(() -> {
      socket.bind(new Endpoint(from, 0));
      socket.connect(new Endpoint(to, 7), host.now());
    });
    host.network().runFor(Network.millis(10));
    return socket;
  }

  @Test
  @DisplayName(
      "MUST-43 the local address is the user's choice, for a listener and for a connection")
  void localAddress() throws SocketFailure {
    SimNic nicA = a.ethernet("192.0.2.1/24");
    network.wire(nicA, b.ethernet("192.0.2.2/24"));
    a.act(() -> a.stack().addAddress(nicA.nic(), Cidr.parse("192.0.2.11/24"), a.now()));
    TcpListener listener = listen(b, b.address());
    TcpSocket socket = connect(a, Ipv4Address.parse("192.0.2.11"), b.address());
    assertThat(socket.isConnected()).isTrue();
    TcpSocket peer = Objects.requireNonNull(listener.accept());
    assertThat(peer.remote()).isEqualTo(socket.local());
    assertThat(Objects.requireNonNull(peer.remote()).address().toString()).isEqualTo("192.0.2.11");
    // a listener on one address does not answer for another
    listen(a, Ipv4Address.parse("192.0.2.11"));
    assertThat(connect(b, Ipv4Address.ANY, a.address()).isConnected()).isFalse();
    assertThat(connect(b, Ipv4Address.ANY, Ipv4Address.parse("192.0.2.11")).isConnected()).isTrue();
  }

  @Test
  @DisplayName(
      "MUST-44, SHLD-6 IP chooses the source address by the route, and the MSS follows its interface")
  void sourceByRoute() {
    network.wire(a.pointToPoint("192.0.2.1/24", 1500), b.pointToPoint("192.0.2.2/24", 1500));
    network.wire(a.pointToPoint("198.51.100.1/24", 9000), b.pointToPoint("198.51.100.2/24", 9000));
    listen(b, Ipv4Address.ANY);
    TcpSocket first = connect(a, Ipv4Address.ANY, Ipv4Address.parse("192.0.2.2"));
    TcpSocket second = connect(a, Ipv4Address.ANY, Ipv4Address.parse("198.51.100.2"));
    assertThat(Objects.requireNonNull(first.local()).address().toString()).isEqualTo("192.0.2.1");
    assertThat(Objects.requireNonNull(second.local()).address().toString())
        .isEqualTo("198.51.100.1");
    assertThat(Objects.requireNonNull(first.status()).maxSegment()).isEqualTo(1448);
    assertThat(Objects.requireNonNull(second.status()).maxSegment()).isEqualTo(8948);
  }

  @Test
  @DisplayName("MUST-45 the source address stays when routes change")
  void sourceStays() {
    Faults faults = Faults.NONE.delay(Network.millis(1));
    network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24")).faults(faults);
    SimNic other = a.pointToPoint("198.51.100.1/24");
    network.wire(other, b.pointToPoint("198.51.100.2/24")).faults(faults);
    Transfer t = Transfer.from(a).to(b, 7).client(Plan.send(3_000_000)).start();
    network.runFor(Network.millis(10));
    Endpoint local = t.client().socket().local();
    a.act(() -> a.stack().addRoute(Cidr.parse("192.0.2.2/32"), null, other.nic(), 0));
    t.run(Network.seconds(60)).check();
    assertThat(t.client().socket().local()).isEqualTo(local);
    assertThat(other.nic().framesOut()).isGreaterThan(10);
  }

  @Test
  @DisplayName(
      "MUST-8, SHLD-1 initial sequence numbers grow by 250 a millisecond, each pair of endpoints from its own")
  void initialSequenceNumbers() {
    int[] first = new int[3];
    long[] gaps = {0, 1_000, 60_000};
    for (int i = 0; i < gaps.length; i++) {
      Network fresh = new Network(3, Network.ORIGIN + Network.millis(gaps[i]));
      first[i] = isn(fresh, 7000);
    }
    assertThat(first[1] - first[0]).isEqualTo(250_000);
    assertThat(first[2] - first[0]).isEqualTo(15_000_000);
    int other = isn(new Network(3), 7001);
    assertThat(Math.abs((long) (other - first[0]))).isGreaterThan(1_000);
    int elsewhere = isn(new Network(4), 7000);
    assertThat(Math.abs((long) (elsewhere - first[0]))).isGreaterThan(1_000);
  }

  private static int isn(Network network, int port) {
    SimHost a = network.host("a");
    SimHost b = network.host("b");
    int[] isn = {0};
    network
        .wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"))
        .add((wire, from, fate, frame, now) ->
            isn[0] = from == wire.one() ? frame.get32(24) : isn[0]);
    TcpSocket socket = a.stack().openTcp();
    a.act(() -> {
      socket.bind(new Endpoint(Ipv4Address.ANY, port));
      socket.connect(new Endpoint(b.address(), 7), a.now());
    });
    assertThat(socket.state()).isEqualTo(TcpState.SYN_SENT);
    return isn[0];
  }
}
