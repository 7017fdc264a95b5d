package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Predicate;
import microps.core.Stack;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// A peer that falls silent keeps nothing of ours for ever.
class MemoryReturnsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;
  private static final Predicate<Packet> ALL = p -> true;

  private final TwoHosts hosts = new TwoHosts(1500);
  private TcpListener listener;
  private TcpSocket client;
  private TcpSocket server;

  private void connect() throws SocketFailure {
    listener = hosts.listen();
    client = hosts.a.openTcp();
    client.connect(TwoHosts.SERVER, hosts.now);
    hosts.run(10 * SECOND, () -> listener.readiness() != 0);
    server = Objects.requireNonNull(listener.accept());
  }

  private static void assertNothingIsLeft(Stack stack) {
    assertThat(stack.tcpStatuses()).allMatch(s -> s.state() == TcpState.LISTEN);
    assertThat(stack.pool().outstanding()).isZero();
    assertThat(stack.nextDeadline()).isEqualTo(TimerQueue.NEVER);
  }

  private void assertError(TcpSocket socket, SocketError error) {
    assertThat(socket.state()).isEqualTo(TcpState.CLOSED);
    assertThatThrownBy(() -> socket.read(ByteBuffer.allocate(1), hosts.now))
        .isInstanceOf(SocketFailure.class)
        .hasMessageContaining(error.text());
  }

  @Test
  @DisplayName("MUST-20 never acknowledged data gives its memory back")
  void neverAcknowledgedData() throws SocketFailure {
    connect();
    hosts.lost = ALL;
    client.write(ByteBuffer.allocate(500_000), hosts.now);
    hosts.runFor(923 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
    hosts.runFor(2 * SECOND);
    assertError(client, SocketError.CONNECTION_TIMED_OUT);
    assertNothingIsLeft(hosts.a);
  }

  @Test
  @DisplayName("MUST-22, MUST-23 unanswered SYNs give their memory back, after three minutes")
  void unansweredSyns() throws SocketFailure {
    hosts.lost = ALL;
    TcpSocket[] sockets = new TcpSocket[100];
    for (int i = 0; i < sockets.length; i++) {
      sockets[i] = hosts.a.openTcp();
      sockets[i].connect(TwoHosts.SERVER, hosts.now);
    }
    hosts.runFor(180 * SECOND);
    assertThat(hosts.a.tcpStatuses()).hasSize(100);
    hosts.runFor(11 * SECOND);
    for (TcpSocket socket : sockets) {
      assertError(socket, SocketError.CONNECTION_TIMED_OUT);
    }
    assertNothingIsLeft(hosts.a);
  }

  @Test
  @DisplayName("Half-open connections whose SYN-ACK is never acknowledged go")
  void halfOpen() throws SocketFailure {
    listener = hosts.listen();
    client = hosts.a.openTcp();
    client.connect(TwoHosts.SERVER, hosts.now);
    hosts.run(SECOND, () -> hosts.b.tcpStatuses().size() == 2);
    client.abort(hosts.now);
    hosts.lost = ALL;
    hosts.runFor(64 * SECOND);
    assertNothingIsLeft(hosts.b);
  }

  @Test
  @DisplayName("Closed, and the peer never closes: FIN-WAIT-2 ends")
  void finWait2() throws SocketFailure {
    connect();
    client.close(hosts.now);
    hosts.runFor(SECOND);
    assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_2);
    hosts.runFor(60 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.CLOSED);
    assertNothingIsLeft(hosts.a);
  }

  @Test
  @DisplayName("Shut down for output only, FIN-WAIT-2 waits for the peer as long as it takes")
  void halfClosed() throws SocketFailure {
    connect();
    client.shutdownOutput(hosts.now);
    hosts.runFor(DAY);
    assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_2);
    server.write(ByteBuffer.allocate(3), hosts.now);
    hosts.runFor(SECOND);
    assertThat(client.available()).isEqualTo(3);
  }

  @Test
  @DisplayName("Closed while the peer keeps its window shut: two minutes, then it is given up")
  void zeroWindow() throws SocketFailure {
    connect();
    server.settings().receiveBuffer = 2048;
    client.write(ByteBuffer.allocate(1 << 20), hosts.now);
    hosts.runFor(600 * SECOND);
    client.write(ByteBuffer.allocate(1 << 20), hosts.now);
    hosts.runFor(600 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED); // MUST-37
    client.close(hosts.now);
    hosts.runFor(60 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_1);
    hosts.runFor(300 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.CLOSED);
    assertNothingIsLeft(hosts.a);
    assertThat(server.error()).isEqualTo(SocketError.CONNECTION_RESET); // after what can be read
  }

  @Test
  @DisplayName("Closed while its interface is down, and it never comes up again")
  void interfaceDown() throws SocketFailure {
    connect();
    hosts.a.setUp(hosts.nicA, false, hosts.now);
    client.write(ByteBuffer.allocate(1000), hosts.now);
    client.close(hosts.now);
    hosts.runFor(DAY);
    assertNothingIsLeft(hosts.a);
  }

  @Test
  @DisplayName("Closed, and at once its interface is detached")
  void interfaceDetached() throws SocketFailure {
    connect();
    client.write(ByteBuffer.allocate(1000), hosts.now);
    client.close(hosts.now);
    hosts.a.detach(hosts.nicA, hosts.now);
    hosts.runFor(DAY);
    assertNothingIsLeft(hosts.a);
  }

  @Test
  @DisplayName("Written while the interface is down: sent when it comes up")
  void interfaceUpAgain() throws SocketFailure {
    connect();
    hosts.a.setUp(hosts.nicA, false, hosts.now);
    client.write(ByteBuffer.allocate(1000), hosts.now);
    hosts.runFor(10 * SECOND);
    hosts.a.setUp(hosts.nicA, true, hosts.now);
    hosts.runFor(20 * SECOND);
    assertThat(server.available()).isEqualTo(1000);
  }
}
