package microps.core.udp;

import static microps.core.TestHost.PEER;
import static microps.core.TestHost.SECOND;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.device.Nic;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sending, errors about what was sent, and datagrams to oneself.
class UdpSendTest extends UdpFixture {

  // Sending

  @Test
  void sendingBindsWhereNeeded() throws Exception {
    UdpSocket socket = host.stack.openUdp();
    assertThat(socket.local()).isNull();
    ByteBuffer data = ByteBuffer.allocate(5);
    assertThat(socket.send(data, at(PEER, 9), host.now)).isTrue();
    assertThat(data.hasRemaining()).isFalse();
    int port = socket.local().port();
    assertThat(host.out())
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 udp " + port + " > 9 data=5");
    assertThat(host.stack.counters().of(Counter.UDP_SENT)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 1122 4.1.4: address, TTL and TOS are the user's choice")
  void settings() throws Exception {
    host.stack.addAddress(host.nic, Cidr.parse("192.0.2.77/24"), host.now);
    host.out();
    UdpSocket socket = bound("192.0.2.77", 7);
    socket.settings().hopLimit = 3;
    socket.settings().trafficClass = 0xb8;
    socket.settings().dontFragment = true;
    socket.connect(at(PEER, 9));
    socket.send(ByteBuffer.allocate(1), null, host.now);
    socket.settings().hopLimit = 0;
    socket.send(ByteBuffer.allocate(1), null, host.now);
    assertThat(host.out())
        .containsExactly(
            "192.0.2.77 > 192.0.2.1 ttl=3 df tos=184 udp 7 > 9 data=1",
            "192.0.2.77 > 192.0.2.1 ttl=1 df tos=184 udp 7 > 9 data=1");
  }

  @Test
  @DisplayName("RFC 6864: what may be fragmented has an identification of its own, the rest none")
  void identifications() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      socket.settings().dontFragment = i % 2 == 0;
      socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now);
      byte[] frame = host.raw().getFirst();
      int id = (frame[18] & 0xff) << 8 | frame[19] & 0xff;
      if (i % 2 == 0) {
        assertThat(id).isZero();
      } else {
        assertThat(seen.add(id)).isTrue();
      }
    }
    assertThat(host.stack.counters().of(Counter.IP_SENT)).isEqualTo(1000);
  }

  @ParameterizedTest
  @DisplayName("any length up to 65,507 arrives whole at another host")
  @ValueSource(ints = {0, 1, 1472, 1473, 60_000, 65_507})
  void anyLength(int length) throws Exception {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    UdpSocket sender = bound("0.0.0.0", 7);
    sender.send(ByteBuffer.wrap(data), at(PEER, 9), host.now);
    TestHost other = new TestHost();
    other.stack.removeAddress(other.nic, Cidr.parse(US + "/24"), 0);
    other.stack.addAddress(other.nic, Cidr.parse(PEER + "/24"), 0);
    UdpSocket receiver = other.stack.openUdp();
    receiver.bind(at("0.0.0.0", 9));
    for (byte[] frame : host.raw()) {
      assertThat(frame.length).isLessThanOrEqualTo(1514);
      System.arraycopy(new byte[] {0, 0, 0x5e, 0, 0x53, 1}, 0, frame, 0, 6);
      other.in(frame);
    }
    ByteBuffer buffer = ByteBuffer.allocate(65_535);
    assertThat(receiver.receive(buffer)).isEqualTo(at(US, 7));
    assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(data));
  }

  @Test
  void failuresOfSending() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    ByteBuffer tooLong = ByteBuffer.allocate(65_508);
    assertFails(() -> socket.send(tooLong, at(PEER, 9), host.now), SocketError.MESSAGE_TOO_LONG);
    assertThat(tooLong.remaining()).isEqualTo(65_508);
    ByteBuffer one = ByteBuffer.allocate(1);
    assertFails(() -> socket.send(one, null, host.now), SocketError.NOT_CONNECTED);
    assertFails(() -> socket.send(one, at(PEER, 0), host.now), SocketError.INVALID_ARGUMENT);
    for (String everybody : new String[] {"255.255.255.255", "192.0.2.255"}) {
      assertFails(
          () -> socket.send(one, at(everybody, 9), host.now), SocketError.PERMISSION_DENIED);
      assertFails(() -> socket.connect(at(everybody, 9)), SocketError.PERMISSION_DENIED);
    }
    socket.settings().dontFragment = true;
    assertFails(
        () -> socket.send(ByteBuffer.allocate(1473), at(PEER, 9), host.now),
        SocketError.MESSAGE_TOO_LONG);
    host.stack.setUp(host.nic, false, host.now);
    assertFails(() -> socket.send(one, at(PEER, 9), host.now), SocketError.NETWORK_DOWN);
    host.stack.routes().forEach(host.stack::removeRoute);
    assertFails(() -> socket.send(one, at(PEER, 9), host.now), SocketError.NETWORK_UNREACHABLE);
    socket.close();
    assertFails(() -> socket.send(one, at(US, 9), host.now), SocketError.INVALID_ARGUMENT);
    assertThat(host.stack.pool().outstanding()).isZero();
    assertThat(one.remaining()).isEqualTo(1);
  }

  @Test
  @DisplayName("a broadcast of ours leaves, and is heard here too")
  void sendingABroadcast() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.settings().broadcast = true;
    socket.send(ByteBuffer.allocate(3), at("255.255.255.255", 7), host.now);
    socket.send(ByteBuffer.allocate(4), at("192.0.2.255", 7), host.now);
    assertThat(host.out())
        .containsExactly(
            "192.0.2.2 > 255.255.255.255 ttl=64 udp 7 > 7 data=3 > ff:ff:ff:ff:ff:ff",
            "192.0.2.2 > 192.0.2.255 ttl=64 udp 7 > 7 data=4 > ff:ff:ff:ff:ff:ff");
    assertThat(receive(socket)).isEqualTo("192.0.2.2:7 3");
    assertThat(receive(socket)).isEqualTo("192.0.2.2:7 4");
  }

  @Test
  @DisplayName("a host without an address asks everybody from 0.0.0.0")
  void withoutAnAddress() throws Exception {
    host.stack.removeAddress(host.nic, Cidr.parse(US + "/24"), host.now);
    UdpSocket socket = bound("0.0.0.0", 68);
    socket.settings().broadcast = true;
    socket.send(ByteBuffer.allocate(3), at("255.255.255.255", 67), host.now);
    assertThat(host.out())
        .containsExactly("0.0.0.0 > 255.255.255.255 ttl=64 udp 68 > 67 data=3 > ff:ff:ff:ff:ff:ff");
  }

  @Test
  void toAGroup() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.send(ByteBuffer.allocate(3), at("224.0.0.251", 5353), host.now);
    assertThat(host.out())
        .containsExactly("192.0.2.2 > 224.0.0.251 ttl=1 udp 7 > 5353 data=3 > 01:00:5e:00:00:fb");
  }

  @Test
  @DisplayName("back-pressure: where the interface's queue is full a sender waits, nothing is lost")
  void backPressure() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    int sent = 0;
    while (socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now)) {
      sent++;
    }
    assertThat(sent).isEqualTo(Nic.ROOM);
    assertThat(socket.readiness() & UdpSocket.WRITABLE).isZero();
    ByteBuffer more = ByteBuffer.allocate(9);
    assertThat(socket.send(more, at(PEER, 9), host.now)).isFalse();
    assertThat(more.remaining()).isEqualTo(9);
    host.changed.clear();
    assertThat(host.out()).hasSize(sent);
    assertThat(host.changed).containsExactly(socket);
    assertThat(socket.readiness() & UdpSocket.WRITABLE).isNotZero();
    assertThat(host.stack.counters().drops()).isZero();
  }

  @Test
  void theLargestDatagramIsQueuedWholeOnTheSmallestMtu() throws Exception {
    TestHost narrow =
        new TestHost(
            microps.core.ip.IpConfig.DEFAULT, microps.core.device.DeviceInfo.ip("tun0", 68));
    UdpSocket socket = narrow.stack.openUdp();
    for (int i = 0; i < Nic.ROOM - 1; i++) {
      socket.send(ByteBuffer.allocate(1), at(PEER, 9), narrow.now);
    }
    assertThat(socket.send(ByteBuffer.allocate(65_507), at(PEER, 9), narrow.now)).isTrue();
    assertThat(narrow.raw()).hasSize(Nic.ROOM - 1 + 1365);
    assertThat(narrow.stack.counters().drops()).isZero();
  }

  // Errors

  private byte[] error(int type, int code, byte[] frame) {
    byte[] quote = Arrays.copyOfRange(frame, 14, 42);
    return new Ip().icmp(type, code, 0, quote).frame();
  }

  @ParameterizedTest
  @DisplayName("RFC 1122 4.1.3.3: ICMP errors are passed to the user of a connected socket")
  @CsvSource({
    "3, 3, CONNECTION_REFUSED",
    "3, 1, HOST_UNREACHABLE",
    "3, 0, NETWORK_UNREACHABLE",
    "3, 2, PROTOCOL_UNREACHABLE",
    "11, 0, HOST_UNREACHABLE",
    "12, 0, PROTOCOL_UNREACHABLE",
  })
  void errors(int type, int code, SocketError expected) throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.connect(at(PEER, 9));
    socket.send(ByteBuffer.allocate(1), null, host.now);
    host.in(error(type, code, host.raw().getFirst()));
    assertThat(socket.readiness())
        .isEqualTo(UdpSocket.READABLE | UdpSocket.WRITABLE | UdpSocket.FAILED);
    assertThat(host.changed).contains(socket);
    assertFails(() -> receive(socket), expected);
    assertThat(receive(socket)).as("once").isEqualTo("nothing");
    assertThat(socket.send(ByteBuffer.allocate(1), null, host.now)).isTrue();
  }

  @Test
  void anUnconnectedSocketIsNotDisturbedByErrors() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.send(ByteBuffer.allocate(1), at(PEER, 9), host.now);
    host.in(error(3, 3, host.raw().getFirst()));
    assertThat(receive(socket)).isEqualTo("nothing");
    assertThat(host.stack.counters().drops()).isZero();
  }

  @Test
  void anErrorOfAnotherPeerDoesNotConcernAConnectedSocket() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    socket.send(ByteBuffer.allocate(1), at(PEER, 10), host.now);
    byte[] frame = host.raw().getFirst();
    socket.connect(at(PEER, 9));
    host.in(error(3, 3, frame));
    assertThat(receive(socket)).isEqualTo("nothing");
    assertThat(host.drops(DropReason.ICMP_NO_SOCKET)).isEqualTo(1);
  }

  // To oneself, and the rest

  @ParameterizedTest
  @ValueSource(strings = {US, "127.0.0.1", "127.5.6.7"})
  void toOneself(String address) throws Exception {
    UdpSocket server = bound("0.0.0.0", 7);
    UdpSocket client = host.stack.openUdp();
    client.connect(at(address, 7));
    for (int i = 0; i < 10; i++) {
      client.send(ByteBuffer.allocate(i * 5000), null, host.now);
    }
    assertThat(host.out()).isEmpty();
    for (int i = 0; i < 10; i++) {
      assertThat(receive(server)).isEqualTo(client.local() + " " + i * 5000);
    }
    assertThat(server.lastDestination()).isEqualTo(TestHost.ip(address));
    client.close();
    server.close();
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("the loopback carries a bounded number in a call, and says that more waits")
  void theLoopbackIsBounded() throws Exception {
    UdpSocket echo = bound("127.0.0.1", 7);
    UdpSocket client = host.stack.openUdp();
    client.connect(at("127.0.0.1", 7));
    for (int i = 0; i < 300; i++) {
      client.send(ByteBuffer.allocate(1), null, host.now);
    }
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(host.stack.transmit(host.nic, new microps.core.bytes.Packet(0), host.now)).isFalse();
    assertThat(echo.queuedBytes()).isEqualTo(256);
    assertThat(host.stack.nextDeadline()).isEqualTo(host.now);
    host.stack.advance(host.now);
    assertThat(echo.queuedBytes()).isEqualTo(300);
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aClosedPortOfOurOwn() throws Exception {
    UdpSocket client = host.stack.openUdp();
    client.connect(at("127.0.0.1", 7));
    client.send(ByteBuffer.allocate(1), null, host.now);
    assertThat(host.out()).isEmpty();
    assertFails(() -> receive(client), SocketError.CONNECTION_REFUSED);
  }

  @Test
  void statuses() throws Exception {
    UdpSocket socket = bound("0.0.0.0", 7);
    bound(US, 5);
    host.in(in(10));
    socket.connect(at(PEER, 9));
    assertThat(host.stack.udpStatuses())
        .containsExactly(
            new UdpStatus(at(US, 5), null, 0, 0), new UdpStatus(at(US, 7), at(PEER, 9), 10, 0));
    socket.close();
    socket.close();
    assertThat(socket.queuedBytes()).isZero();
    assertThat(socket.readiness() & UdpSocket.READABLE).isZero();
    assertThat(host.stack.udpStatuses()).hasSize(1);
    assertThat(host.pass(SECOND).stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }
}
