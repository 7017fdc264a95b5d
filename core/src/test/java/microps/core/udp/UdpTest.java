package microps.core.udp;

import static microps.core.TestHost.BROADCAST_MAC;
import static microps.core.TestHost.PEER;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.EphemeralPorts;
import microps.core.basis.SocketError;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who receives, and what is dropped.
class UdpTest extends UdpFixture {

  // Receiving

  @Test
  void aDatagramArrives() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    assertThat(socket.readiness() & UdpSocket.READABLE).isZero();
    host.in(in(5)).in(in(0));
    assertThat(host.changed).containsExactly(socket, socket);
    assertThat(socket.readiness() & UdpSocket.READABLE).isNotZero();
    assertThat(socket.queuedBytes()).isEqualTo(5);
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 5");
    assertThat(receive(socket)).as("an empty one is one too").isEqualTo("192.0.2.1:9 0");
    assertThat(receive(socket)).isEqualTo("nothing");
    assertThat(host.stack.counters().of(Counter.UDP_RECEIVED)).isEqualTo(2);
    assertThat(host.out()).isEmpty();
  }

  @Test
  void whatDoesNotFitIsLost() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    host.in(in(5)).in(in(6));
    ByteBuffer small = ByteBuffer.allocate(3);
    assertThat(socket.receive(small)).isNotNull();
    assertThat(small.hasRemaining()).isFalse();
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 6");
  }

  @Test
  @DisplayName("RFC 1122 4.1.3.5: the address that it was sent to is passed up")
  void specificDestination() throws Exception {
    host.stack.addAddress(host.nic, Cidr.parse("192.0.2.77/24"), host.now);
    UdpSocket socket = bound("0.0.0.0", 7);
    assertThat(socket.lastDestination()).isNull();
    host.in(new Ip().to("192.0.2.77").udp(9, 7, new byte[1]).frame());
    receive(socket);
    assertThat(socket.lastDestination()).isEqualTo(TestHost.ip("192.0.2.77"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aDatagramWithoutAWholeHeaderIsDropped(int length) {
    host.assertDropped(new Ip().payload(new byte[length]).frame(), DropReason.UDP_TOO_SHORT);
  }

  @ParameterizedTest
  @DisplayName("a length below 8, or beyond the packet, is dropped")
  @ValueSource(ints = {0, 7, 14, 65_535})
  void aBadLength(int length) {
    byte[] frame = in(5);
    frame[38] = (byte) (length >> 8);
    frame[39] = (byte) length;
    host.assertDropped(frame, DropReason.UDP_BAD_LENGTH);
  }

  @Test
  @DisplayName("what is behind the UDP length is not data")
  void trailingBytes() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    byte[] exact = new Ip().udp(9, 7, new byte[5]).bytes();
    byte[] payload = Arrays.copyOf(Arrays.copyOfRange(exact, 20, exact.length), 21);
    payload[20] = 1;
    host.in(new Ip().payload(payload).frame());
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 5");
  }

  @Test
  @DisplayName("RFC 1122 4.1.3.4: a bad checksum is silently discarded, 0 is none")
  void checksums() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    byte[] frame = in(5);
    frame[41] ^= 1;
    host.assertDropped(frame, DropReason.UDP_BAD_CHECKSUM);
    frame[40] = 0;
    frame[41] = 0;
    host.in(frame);
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 5");
  }

  @Test
  @DisplayName("RFC 768: a checksum of 0 is sent as all ones")
  void aChecksumOfZero() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    boolean seen = false;
    for (int i = 0; i < 65_536 && !seen; i++) {
      ByteBuffer data = ByteBuffer.allocate(2).putShort((short) i).flip();
      socket.send(data, at(PEER, 9), host.now);
      byte[] frame = host.raw().getFirst();
      assertThat(frame[40] | frame[41]).isNotZero();
      seen = frame[40] == -1 && frame[41] == -1;
    }
    assertThat(seen).isTrue();
  }

  @Test
  void aClosedPort() {
    assertThat(host.outcomeOf(in(5)))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 icmp 3/3 rest=0 quote=33");
    assertThat(host.drops(DropReason.UDP_NO_PORT)).isEqualTo(1);
  }

  @Test
  @DisplayName("the receive queue is bounded, empty datagrams count too")
  void theQueueIsBounded() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.settings().receiveBuffer = 10 * (UdpSocket.OVERHEAD + 100);
    for (int i = 0; i < 12; i++) {
      host.in(in(100));
    }
    assertThat(host.drops(DropReason.UDP_RECEIVE_QUEUE_FULL)).isEqualTo(2);
    assertThat(socket.dropped()).isEqualTo(2);
    assertThat(socket.queuedBytes()).isEqualTo(1000);
    assertThat(receive(socket)).endsWith(" 100");
    host.in(in(100));
    assertThat(host.drops(DropReason.UDP_RECEIVE_QUEUE_FULL)).isEqualTo(2);
    UdpSocket empty = bound("0.0.0.0", 8);
    empty.settings().receiveBuffer = 10 * UdpSocket.OVERHEAD;
    for (int i = 0; i < 1000; i++) {
      host.in(new Ip().udp(9, 8, new byte[0]).frame());
    }
    assertThat(host.drops(DropReason.UDP_RECEIVE_QUEUE_FULL)).isEqualTo(2 + 990);
  }

  @Test
  void anEmptyQueueTakesADatagramHoweverSmallTheBuffer() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.settings().receiveBuffer = 1;
    host.in(in(1000)).in(in(1));
    assertThat(receive(socket)).endsWith(" 1000");
    assertThat(receive(socket)).isEqualTo("nothing");
  }

  // Who receives

  @Test
  @DisplayName("the connected socket first, then the one at our address, then any")
  void theBestMatchReceives() throws Exception {
    UdpSocket any = host.stack.openUdp();
    UdpSocket specific = host.stack.openUdp();
    UdpSocket connected = host.stack.openUdp();
    for (UdpSocket s : new UdpSocket[] {connected, specific, any}) {
      s.settings().reuseAddress = true;
      s.bind(at(s == specific ? US : "0.0.0.0", 7));
    }
    connected.connect(at(PEER, 9));
    host.in(in(1));
    assertThat(receive(connected)).isEqualTo("192.0.2.1:9 1");
    host.in(new Ip().udp(10, 7, new byte[2]).frame());
    assertThat(receive(specific)).isEqualTo("192.0.2.1:10 2");
    host.in(new Ip().from("192.0.2.9").udp(9, 7, new byte[3]).frame());
    assertThat(receive(specific)).isEqualTo("192.0.2.9:9 3");
    specific.close();
    host.in(new Ip().udp(10, 7, new byte[4]).frame());
    assertThat(receive(any)).isEqualTo("192.0.2.1:10 4");
    assertThat(receive(connected)).isEqualTo("nothing");
  }

  @Test
  void aConnectedSocketDoesNotHearOthers() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.connect(at(PEER, 9));
    assertThat(host.outcomeOf(new Ip().udp(10, 7, new byte[1]).frame())).hasSize(1);
    assertThat(host.drops(DropReason.UDP_NOT_CONNECTED_PEER)).isEqualTo(1);
    socket.disconnect();
    host.in(new Ip().udp(10, 7, new byte[1]).frame());
    assertThat(receive(socket)).isEqualTo("192.0.2.1:10 1");
  }

  @Test
  @DisplayName("connecting fixes our own address too, also when it is taken away")
  void connectingFixesOurAddress() throws Exception {
    host.stack.addAddress(host.nic, Cidr.parse("192.0.2.77/24"), host.now);
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.connect(at(PEER, 9));
    assertThat(socket.local()).isEqualTo(at(US, 7));
    host.in(new Ip().to("192.0.2.77").udp(9, 7, new byte[1]).frame());
    assertThat(receive(socket)).isEqualTo("nothing");
    host.in(in(2));
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 2");
    host.stack.removeAddress(host.nic, Cidr.parse(US + "/24"), host.now);
    assertFails(
        () -> socket.send(ByteBuffer.allocate(1), null, host.now),
        SocketError.ADDRESS_NOT_AVAILABLE);
    socket.disconnect();
    assertThat(socket.local()).isEqualTo(at("0.0.0.0", 7));
    assertThat(socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now)).isTrue();
  }

  @Test
  @DisplayName("who waits for room on an interface that goes down learns it")
  void waitingOnAnInterfaceThatGoesDown() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    while (socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now)) {}
    host.changed.clear();
    host.stack.setUp(host.nic, false, host.now);
    assertThat(host.changed).containsExactly(socket);
    assertFails(
        () -> socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now), SocketError.NETWORK_DOWN);
  }

  @Test
  void withReuseTheLastBoundReceives() throws Exception {
    UdpSocket first = host.stack.openUdp();
    UdpSocket last = host.stack.openUdp();
    first.settings().reuseAddress = true;
    last.settings().reuseAddress = true;
    first.bind(at(US, 7));
    last.bind(at(US, 7));
    host.in(in(1));
    assertThat(receive(first)).isEqualTo("nothing");
    assertThat(receive(last)).isEqualTo("192.0.2.1:9 1");
    last.close();
    host.in(in(2));
    assertThat(receive(first)).isEqualTo("192.0.2.1:9 2");
  }

  @ParameterizedTest
  @DisplayName("a broadcast goes to all that match")
  @CsvSource({
    "255.255.255.255, ff:ff:ff:ff:ff:ff",
    "192.0.2.255, ff:ff:ff:ff:ff:ff",
    "192.0.2.255, 00:00:5e:00:53:01",
    "224.0.0.1, 01:00:5e:00:00:01",
  })
  void aBroadcast(String to, String mac) throws Exception {
    UdpSocket[] sockets = new UdpSocket[3];
    for (int i = 0; i < 3; i++) {
      sockets[i] = host.stack.openUdp();
      sockets[i].settings().reuseAddress = true;
      sockets[i].bind(at(i == 2 ? US : "0.0.0.0", 7));
    }
    host.in(new Ip().to(to).udp(9, 7, new byte[6]).frame(mac));
    assertThat(receive(sockets[0])).isEqualTo("192.0.2.1:9 6");
    assertThat(receive(sockets[1])).isEqualTo("192.0.2.1:9 6");
    assertThat(receive(sockets[2])).as("bound to our address").isEqualTo("nothing");
    assertThat(sockets[0].lastDestination()).isEqualTo(TestHost.ip(to));
  }

  @Test
  void aSocketBoundToTheBroadcastAddressHearsBroadcastsOnly() throws Exception {
    UdpSocket socket = bound("192.0.2.255", 7);
    host.in(in(1));
    host.in(new Ip().to("192.0.2.255").udp(9, 7, new byte[6]).frame(BROADCAST_MAC));
    assertThat(receive(socket)).isEqualTo("192.0.2.1:9 6");
    assertThat(receive(socket)).isEqualTo("nothing");
    host.out();
    socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now);
    assertThat(host.out())
        .as("RFC 1122 3.2.1.3: never a source")
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 udp 7 > 9 data=1");
  }

  // Binding

  @Test
  void bindingTwice() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    assertFails(() -> socket.bind(at(US, 8)), SocketError.INVALID_ARGUMENT);
    assertFails(() -> bound("0.0.0.0", 7), SocketError.ADDRESS_IN_USE);
    assertFails(() -> bound(US, 7), SocketError.ADDRESS_IN_USE);
    bound("127.0.0.1", 8);
    bound(US, 8);
    assertFails(() -> bound("0.0.0.0", 8), SocketError.ADDRESS_IN_USE);
    socket.close();
    bound(US, 7);
  }

  @Test
  void bindingToAnAddressThatIsNotOurs() {
    assertFails(() -> bound("192.0.2.3", 7), SocketError.ADDRESS_NOT_AVAILABLE);
  }

  @Test
  @DisplayName("RFC 6056: free ports are chosen at random, and run out")
  void ephemeralPorts() throws Exception {
    Set<Integer> ports = new HashSet<>();
    int ascending = 0;
    int before = 0;
    for (int i = 0; i < EphemeralPorts.COUNT; i++) {
      int port = bound("0.0.0.0", 0).local().port();
      assertThat(port).isBetween(EphemeralPorts.FIRST, EphemeralPorts.LAST);
      ports.add(port);
      ascending += i < 1000 && port == before + 1 ? 1 : 0;
      before = port;
    }
    assertThat(ports).hasSize(EphemeralPorts.COUNT);
    assertThat(ascending).isLessThan(100);
    assertFails(() -> bound("0.0.0.0", 0), SocketError.NO_PORTS_LEFT);
    assertThat(host.stack.udpStatuses()).hasSize(EphemeralPorts.COUNT);
  }
}
