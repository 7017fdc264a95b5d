package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import microps.sim.Network;
import microps.sim.SimHost;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, sections 3.9.1.1 and 3.10.1: OPEN, passive and active, and who has which port.
class ListenTest {
  private static final IpAddress FIRST = Ipv4Address.parse("192.0.2.2");
  private static final IpAddress SECOND = Ipv4Address.parse("192.0.2.3");

  private final Pair p = new Pair();
  private final SimHost a = p.a;
  private final SimHost b = p.b;

  ListenTest() {
    Cidr second = Cidr.parse("192.0.2.3/24");
    b.act(() -> b.stack().addAddress(b.nics().getFirst().nic(), second, b.now()));
  }

  private static TcpListener listener(SimHost host, IpAddress address, int port)
      throws SocketFailure {
    TcpListener listener = host.stack().openTcpListener();
    listener.bind(new Endpoint(address, port));
    listener.listen(8);
    return listener;
  }

  private TcpSocket connect(IpAddress address, int port) {
    TcpSocket socket = a.stack().openTcp();
    a.act(() -> socket.connect(new Endpoint(address, port), a.now()));
    p.seconds(0.1);
    return socket;
  }

  private static void assertFails(SocketError error, SimHost.Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(SocketFailure.class, e -> assertThat(e.error()).isEqualTo(error));
  }

  // Passive OPEN

  @Test
  @DisplayName(
      "MUST-41 a second passive OPEN of a port is refused; the first, and its connections, go on")
  void secondListen() throws SocketFailure {
    TcpListener first = listener(b, Ipv4Address.ANY, 80);
    TcpSocket client = connect(FIRST, 80);
    TcpSocket server = Objects.requireNonNull(first.accept());
    assertFails(SocketError.ADDRESS_IN_USE, () -> listener(b, Ipv4Address.ANY, 80));
    assertFails(SocketError.ADDRESS_IN_USE, () -> listener(b, SECOND, 80));
    assertThat(connect(FIRST, 80).isConnected()).isTrue();
    Pair.write(a, client, 5);
    p.seconds(0.1);
    assertThat(server.available()).isEqualTo(5);
  }

  @Test
  @DisplayName("MUST-41 two sockets that share a port: only the first may listen")
  void secondListenOnASharedPort() throws SocketFailure {
    TcpListener first = b.stack().openTcpListener();
    TcpListener second = b.stack().openTcpListener();
    first.bind(new Endpoint(FIRST, 80));
    second.bind(new Endpoint(FIRST, 80));
    first.listen(1);
    assertFails(SocketError.ADDRESS_IN_USE, () -> second.listen(1));
    first.close(b.now());
    second.listen(1);
    assertThat(connect(FIRST, 80).isConnected()).isTrue();
  }

  @Test
  @DisplayName("MUST-43 two passive OPENs of one port on two local addresses: each gets its own")
  void byAddress() throws SocketFailure {
    TcpListener first = listener(b, FIRST, 80);
    TcpListener second = listener(b, SECOND, 80);
    connect(SECOND, 80);
    assertThat(first.accept()).isNull();
    TcpSocket accepted = Objects.requireNonNull(second.accept());
    assertThat(accepted.local()).isEqualTo(new Endpoint(SECOND, 80));
    connect(FIRST, 80);
    assertThat(second.accept()).isNull();
    assertThat(Objects.requireNonNull(first.accept()).local()).isEqualTo(new Endpoint(FIRST, 80));
  }

  @Test
  @DisplayName("MUST-43 a passive OPEN of one address does not answer at another")
  void specificOnly() throws SocketFailure {
    listener(b, FIRST, 80);
    assertThat(connect(SECOND, 80).error()).isEqualTo(SocketError.CONNECTION_REFUSED);
  }

  @Test
  @DisplayName("MUST-43 a passive OPEN of any address answers at each, and says at which")
  void wildcard() throws SocketFailure {
    TcpListener any = listener(b, Ipv4Address.ANY, 80);
    connect(FIRST, 80);
    connect(SECOND, 80);
    assertThat(Objects.requireNonNull(any.accept()).local()).isEqualTo(new Endpoint(FIRST, 80));
    assertThat(Objects.requireNonNull(any.accept()).local()).isEqualTo(new Endpoint(SECOND, 80));
  }

  @Test
  @DisplayName("MUST-43 an address that is not ours cannot be opened")
  void notOurs() {
    assertFails(
        SocketError.ADDRESS_NOT_AVAILABLE, () -> listener(b, Ipv4Address.parse("192.0.2.77"), 80));
  }

  @Test
  @DisplayName("MUST-42 LISTEN on a port while a connect from it is in SYN-SENT")
  void listenDuringOpen() {
    check(
        """
        // config: timestamps=off windowScale=off sack=off
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0    connect(3, {sa_family=AF_INET, sin_port=htons(9000), sin_addr=inet_addr("192.0.2.1")}, ...) = -1 EINPROGRESS (Operation now in progress)
        +0    > 8080 > 9000 S 0:0(0) <mss 1460>
        +0    socket(..., SOCK_STREAM, IPPROTO_TCP) = 4
        +0    bind(4, ..., ...) = 0
        +0    listen(4, 1) = 0
        +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
        +0    > 8080 > 50001 S. 0:0(0) ack 1 <mss 1460>
        +0    < 50001 > 8080 . 1:1(0) ack 1 win 65535
        +0    accept(4, ..., ...) = 5
        +0    < 9000 > 8080 S. 0:0(0) ack 1 win 65535 <mss 1000>
        +0    > 8080 > 9000 . 1:1(0) ack 1
        +0    write(3, ..., 10) = 10
        +0    > 8080 > 9000 P. 1:11(10) ack 1
        """);
  }

  @Test
  @DisplayName("MUST-11 a listener lives on whatever becomes of its connections")
  void listenerSurvives() throws SocketFailure {
    TcpListener listener = listener(b, FIRST, 80);
    for (int i = 0; i < 20; i++) {
      TcpSocket client = connect(FIRST, 80);
      assertThat(client.isConnected()).isTrue();
      a.act(() -> client.abort(a.now()));
      p.seconds(0.01);
      TcpSocket server = Objects.requireNonNull(listener.accept());
      assertFails(SocketError.CONNECTION_RESET, () -> server.read(ByteBuffer.allocate(1), b.now()));
      Pair.close(b, server);
    }
    assertThat(b.stack().tcpStatuses()).extracting(TcpStatus::state).containsOnly(TcpState.LISTEN);
  }

  @Test
  @DisplayName("3.10.4 a listener that is closed refuses, its connections go on")
  void closeListener() throws SocketFailure {
    TcpListener listener = listener(b, FIRST, 80);
    TcpSocket client = connect(FIRST, 80);
    TcpSocket server = Objects.requireNonNull(listener.accept());
    TcpSocket waiting = connect(FIRST, 80);
    b.act(() -> listener.close(b.now()));
    p.seconds(0.1);
    assertThat(waiting.error()).isEqualTo(SocketError.CONNECTION_RESET);
    assertThat(connect(FIRST, 80).error()).isEqualTo(SocketError.CONNECTION_REFUSED);
    Pair.write(a, client, 10);
    p.seconds(0.1);
    assertThat(server.available()).isEqualTo(10);
  }

  @Test
  @DisplayName("SO_REUSEADDR a port is listened on again at once, whatever connections remain")
  void reuse() throws SocketFailure {
    TcpListener listener = listener(b, FIRST, 80);
    TcpSocket client = connect(FIRST, 80);
    TcpSocket server = Objects.requireNonNull(listener.accept());
    Pair.close(b, server);
    p.seconds(0.1);
    Pair.close(a, client);
    p.seconds(0.1);
    b.act(() -> listener.close(b.now()));
    assertThat(b.stack().tcpStatuses()).extracting(TcpStatus::state).contains(TcpState.TIME_WAIT);

    TcpListener strict = b.stack().openTcpListener();
    strict.settings().reuseAddress = false;
    assertFails(SocketError.ADDRESS_IN_USE, () -> strict.bind(new Endpoint(FIRST, 80)));
    TcpListener again = listener(b, FIRST, 80);
    connect(FIRST, 80);
    TcpSocket accepted = Objects.requireNonNull(again.accept());
    b.act(() -> accepted.abort(b.now()));
    again.close(b.now());
    p.seconds(61);
    strict.bind(new Endpoint(FIRST, 80));
  }

  // Floods

  @Test
  @DisplayName(
      "3.10.7.2 the accept queue is bounded: beyond it SYNs are dropped, counted, and served later")
  void acceptQueue() throws SocketFailure {
    TcpListener listener = b.stack().openTcpListener();
    listener.bind(new Endpoint(FIRST, 80));
    listener.listen(4);
    List<TcpSocket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(connect(FIRST, 80));
    }
    // As on Linux, one more than the backlog.
    assertThat(clients.stream().filter(TcpSocket::isConnected)).hasSize(5);
    assertThat(b.stack().counters().of(DropReason.TCP_ACCEPT_QUEUE_FULL)).isPositive();
    int accepted = 0;
    for (int i = 0; i < 700; i++) {
      while ((listener.readiness() & SocketHandle.READABLE) != 0) {
        assertThat(listener.accept()).isNotNull();
        accepted++;
      }
      p.seconds(0.1);
    }
    assertThat(accepted).isEqualTo(20);
    assertThat(clients).allMatch(TcpSocket::isConnected);
  }

  @Test
  @DisplayName("3.10.7.2 the SYN queue is bounded, whoever fills it")
  void synQueue() {
    StringBuilder script =
        new StringBuilder("// config: maxSynQueue=50 synCookies=off strict=off\n" + LISTEN);
    for (int port = 10_001; port <= 10_200; port++) {
      script.append("+0 < %d > 8080 S 0:0(0) win 100\n".formatted(port));
      if (port <= 10_050) {
        script.append("+0 > 8080 > %d S. 0:0(0) ack 1 <...>\n".formatted(port));
      }
    }
    // Those that nobody completed are forgotten; then there is room.
    script.append(
        """
        60    < 20001 > 8080 S 0:0(0) win 100
        70    < 20001 > 8080 S 0:0(0) win 100
        +0    > 8080 > 20001 S. 0:0(0) ack 1 <...>
        +0    < 20001 > 8080 . 1:1(0) ack 1 win 100
        +0    accept(3, ..., ...) = 4
        """);
    check(script.toString());
  }

  // Active OPEN

  @Test
  @DisplayName("MUST-44 an active OPEN without local address asks IP for that of the way")
  void sourceOfTheWay() {
    Network network = new Network(1);
    SimHost host = network.host("host");
    SimHost near = network.host("near");
    SimHost router = network.host("router");
    network.wire(host.pointToPoint("10.1.0.1/24"), near.pointToPoint("10.1.0.2/24"));
    network.wire(host.pointToPoint("10.2.0.1/24"), router.pointToPoint("10.2.0.2/24"));
    host.act(() -> host.stack().addGateway(Ipv4Address.parse("10.2.0.2")));
    assertThat(localOf(host, "10.1.0.2")).isEqualTo("10.1.0.1");
    assertThat(localOf(host, "10.2.0.2")).isEqualTo("10.2.0.1");
    assertThat(localOf(host, "203.0.113.5")).isEqualTo("10.2.0.1");
    assertThat(localOf(host, "127.0.0.1")).isEqualTo("127.0.0.1");
    assertThat(localOf(host, "10.1.0.1")).isEqualTo("10.1.0.1");
  }

  private static String localOf(SimHost host, String remote) {
    TcpSocket socket = host.stack().openTcp();
    host.act(() -> socket.connect(new Endpoint(Ipv4Address.parse(remote), 7), host.now()));
    return Objects.requireNonNull(socket.local()).address().toString();
  }

  @Test
  @DisplayName("MUST-43 an active OPEN takes the local address and port that it was bound to")
  void boundSource() throws SocketFailure {
    TcpListener listener = listener(a, Ipv4Address.ANY, 80);
    TcpSocket socket = b.stack().openTcp();
    socket.bind(new Endpoint(SECOND, 5555));
    b.act(() -> socket.connect(new Endpoint(a.address(), 80), b.now()));
    p.seconds(0.1);
    assertThat(Objects.requireNonNull(listener.accept()).remote())
        .isEqualTo(new Endpoint(SECOND, 5555));
  }

  @Test
  @DisplayName(
      "MUST-45 all segments of a connection have the same local address, though the routes change")
  void sourceStays() {
    Network network = new Network(1);
    SimHost host = network.host("host");
    SimHost peer = network.host("peer");
    network.wire(host.pointToPoint("10.1.0.1/24"), peer.pointToPoint("10.1.0.2/24"));
    network.wire(host.pointToPoint("10.2.0.1/24"), peer.pointToPoint("10.2.0.2/24"));
    peer.act(() ->
        peer.stack()
            .addAddress(peer.nics().getFirst().nic(), Cidr.parse("203.0.113.5/32"), peer.now()));
    host.act(() -> host.stack().addGateway(Ipv4Address.parse("10.1.0.2")));
    TcpListener[] listener = new TcpListener[1];
    peer.act(() -> listener[0] = listener(peer, Ipv4Address.ANY, 7));
    TcpSocket socket = host.stack().openTcp();
    Endpoint far = new Endpoint(Ipv4Address.parse("203.0.113.5"), 7);
    host.act(() -> socket.connect(far, host.now()));
    network.runFor(Network.millis(10));
    TcpSocket server = Objects.requireNonNull(listener[0].accept());

    host.act(() -> {
      host.stack().routes().stream()
          .filter(r -> r.gateway() != null)
          .toList()
          .forEach(host.stack()::removeRoute);
      host.stack().addGateway(Ipv4Address.parse("10.2.0.2"));
    });
    long before = host.nics().get(1).nic().framesOut();
    Pair.write(host, socket, 1000);
    network.runFor(Network.millis(10));
    assertThat(host.nics().get(1).nic().framesOut()).isGreaterThan(before);
    assertThat(server.available()).isEqualTo(1000);
    assertThat(server.remote()).isEqualTo(socket.local());
  }

  @Test
  @DisplayName(
      "MUST-46 an active OPEN to a broadcast or multicast address is refused, and to port 0")
  void openToBroadcast() {
    TcpSocket socket = a.stack().openTcp();
    for (String address :
        List.of("255.255.255.255", "192.0.2.255", "224.0.0.1", "239.255.255.255")) {
      Endpoint remote = new Endpoint(Ipv4Address.parse(address), 80);
      assertFails(SocketError.ADDRESS_NOT_AVAILABLE, () -> socket.connect(remote, a.now()));
    }
    assertFails(
        SocketError.ADDRESS_NOT_AVAILABLE, () -> socket.connect(new Endpoint(FIRST, 0), a.now()));
    a.settle();
    assertThat(a.stack().tcpStatuses()).isEmpty();
    assertThat(a.nics().getFirst().nic().framesOut()).isZero();
  }

  @Test
  @DisplayName(
      "MUST-63 our own address as a source from outside (LAND) opens nothing and is counted")
  void land() {
    check(
        LISTEN
            + """
            +0    < 8080 > 8080 S 0:0(0) win 65535 <mss 1000> {src 192.168.0.1}
            +1    `true`
            """);
  }

  @Test
  @DisplayName("3.10.1 a second OPEN between the same endpoints is refused")
  void sameEndpoints() throws SocketFailure {
    TcpListener listener = listener(b, Ipv4Address.ANY, 80);
    TcpSocket first = a.stack().openTcp();
    first.bind(new Endpoint(a.address(), 5555));
    a.act(() -> first.connect(new Endpoint(FIRST, 80), a.now()));
    p.seconds(0.1);
    TcpSocket second = a.stack().openTcp();
    second.bind(new Endpoint(a.address(), 5555));
    assertFails(SocketError.ADDRESS_IN_USE, () -> second.connect(new Endpoint(FIRST, 80), a.now()));
    // another remote endpoint may have the same local one
    a.act(() -> second.connect(new Endpoint(SECOND, 80), a.now()));
    p.seconds(0.1);
    assertThat(second.isConnected()).isTrue();
    assertThat(listener.accept()).isNotNull();
  }

  @Test
  @DisplayName("3.10.1 a connection of a host with itself, by loopback and by its own address")
  void withItself() throws SocketFailure {
    TcpListener listener = listener(a, Ipv4Address.ANY, 80);
    listener.settings().receiveBuffer = 1 << 18;
    for (IpAddress own : List.of(Ipv4Address.LOOPBACK, a.address())) {
      TcpSocket client = a.stack().openTcp();
      a.act(() -> client.connect(new Endpoint(own, 80), a.now()));
      p.seconds(0.01);
      TcpSocket server = Objects.requireNonNull(listener.accept());
      assertThat(Pair.write(a, client, 100_000)).isEqualTo(100_000);
      p.seconds(1);
      assertThat(server.available()).isEqualTo(100_000);
    }
  }
}
