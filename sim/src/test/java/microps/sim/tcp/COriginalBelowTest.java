package microps.sim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.ip.PingSocket;
import microps.core.udp.UdpSocket;
import microps.sim.ByteStream;
import microps.sim.Network;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the C original gets wrong below TCP, and what it cannot do there.
class COriginalBelowTest {
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
