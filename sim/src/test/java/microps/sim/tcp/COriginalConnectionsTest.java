package microps.sim.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import microps.sim.ByteStream;
import microps.sim.EchoServer;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.TcpEnd;
import microps.sim.TcpEnd.Plan;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the C original gets wrong with connections: their memory, and one after the other.
class COriginalConnectionsTest {
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
}
