package microps.core.tcp;

import static microps.core.tcp.Stranger.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// The tables of TCP that a peer can fill are bounded, and what does not fit has a name.
class TcpBoundsTest {
  private static final int SYN = TcpHeader.SYN;
  private static final int ACK = TcpHeader.ACK;
  private static final int FIN = TcpHeader.FIN;

  @Test
  @DisplayName(
      "A full SYN queue drops SYNs by name; half-open connections go, and honest ones come")
  void synQueue() throws SocketFailure {
    TcpConfig config = Stranger.tables(4, 16, 100);
    Stranger stranger = new Stranger(config.with(c -> c.synCookies = TcpConfig.SynCookies.OFF));
    TcpListener listener = stranger.listen(16);
    for (int port = 1; port <= 10; port++) {
      stranger.send(port, SYN, 0, 0, 0);
    }
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isEqualTo(4);
    assertThat(stranger.count(DropReason.TCP_SYN_QUEUE_FULL)).isEqualTo(6);

    stranger.pass(63 * SECOND);
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isZero();
    stranger.connect(11);
    assertThat(listener.accept()).isNotNull();
    assertThat(stranger.count(DropReason.TCP_SYN_QUEUE_FULL)).isEqualTo(6);
  }

  @Test
  @DisplayName("RFC 4987 3.6 a flood of SYNs: nothing is kept of it, the honest peer gets through")
  void synCookies() throws SocketFailure {
    Stranger stranger = new Stranger(Stranger.tables(4, 16, 100));
    TcpListener listener = stranger.listen(16);
    for (int port = 1; port <= 1000; port++) {
      stranger.send(port, SYN, 0, 0, 0);
    }
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isEqualTo(4);
    assertThat(stranger.count(Counter.TCP_SYN_COOKIES_SENT)).isEqualTo(996);
    assertThat(stranger.heard).hasSize(1000).allMatch(h -> h.is(SYN | ACK) && h.ack() == 1);
    for (int port = 1; port <= 1000; port++) {
      stranger.send(2000 + port, ACK, port, port, 0);
    }
    assertThat(stranger.count(DropReason.TCP_BAD_SYN_COOKIE)).isEqualTo(1000);
    assertThat(stranger.heard.subList(1000, 2000)).allMatch(h -> h.is(TcpHeader.RST));
    assertThat(stranger.stack.tcpStatuses()).hasSize(5);

    stranger.connect(5000);
    assertThat(listener.accept()).isNotNull();
    assertThat(stranger.count(Counter.TCP_SYN_COOKIES_ACCEPTED)).isEqualTo(1);
    assertThat(stranger.count(DropReason.TCP_SYN_QUEUE_FULL)).isZero();
  }

  @Test
  @DisplayName("A full accept queue drops SYNs and last ACKs by name; accept makes room")
  void acceptQueue() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    int[] acks = new int[6];
    for (int port = 1; port <= 5; port++) {
      stranger.send(port, SYN, 0, 0, 0);
      acks[port] = stranger.last().seq() + 1;
    }
    for (int port = 1; port <= 5; port++) {
      stranger.send(port, ACK, 1, acks[port], 0);
    }
    // as on Linux, one more than the backlog
    assertThat(stranger.in(TcpState.ESTABLISHED)).isEqualTo(3);
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isEqualTo(2);
    assertThat(stranger.count(DropReason.TCP_ACCEPT_QUEUE_FULL)).isEqualTo(2);
    stranger.send(6, SYN, 0, 0, 0);
    assertThat(stranger.count(DropReason.TCP_ACCEPT_QUEUE_FULL)).isEqualTo(3);

    assertThat(listener.accept()).isNotNull();
    stranger.send(4, ACK, 1, acks[4], 0);
    assertThat(stranger.in(TcpState.ESTABLISHED)).isEqualTo(4);
    stranger.pass(70 * SECOND);
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isZero();
  }

  @Test
  @DisplayName("Connections that nobody has accepted hold 64 KiB each; accept opens the window")
  void memoryOfTheAcceptQueue() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    listener.settings().receiveBuffer = 1 << 20;
    byte[] scale = {1, 3, 3, 7};
    int ack = stranger.connect(1, scale);
    for (int seq = 1; seq < 200_000; seq += 1000) {
      stranger.send(1, ACK, seq, ack, 1000);
    }
    assertThat(stranger.last().window()).isZero();
    assertThat(stranger.last().ack()).isBetween(0xf000, 0x1_2000);

    TcpSocket socket = Objects.requireNonNull(listener.accept());
    socket.read(ByteBuffer.allocate(1), stranger.now);
    stranger.listenIn();
    assertThat(stranger.last().window() << 5).isGreaterThan(900_000);
  }

  @Test
  @DisplayName("Small segments, whose windows are rounded up, do not fill more than the buffer")
  void roundedWindows() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    listener.settings().receiveBuffer = 1 << 17; // windows in units of 4 octets
    int ack = stranger.connect(1, new byte[] {1, 3, 3, 7});
    TcpSocket socket = Objects.requireNonNull(listener.accept());
    int edge = 0;
    for (int seq = 1; seq < 200_000; seq += 3) {
      stranger.send(
          1, ACK, seq + 1, ack, 2); // a gap: acknowledged at once, and again when it fills
      stranger.send(1, ACK, seq, ack, 1);
      int told = stranger.last().ack() + (stranger.last().window() << 2);
      assertThat(told).as("SHLD-14").isGreaterThanOrEqualTo(edge);
      edge = told;
    }
    assertThat(socket.available()).isBetween((1 << 17) * 9 / 8 - 3, (1 << 17) * 9 / 8);
    assertThat(stranger.count(DropReason.TCP_BUFFER_FULL)).isPositive();

    socket.read(ByteBuffer.allocate(100), stranger.now);
    int next = stranger.last().ack();
    stranger.send(1, ACK, next, ack, 3);
    stranger.pass(SECOND);
    assertThat(stranger.last().ack()).as("what is sent again, is taken").isEqualTo(next + 3);
  }

  @Test
  @DisplayName("Text with more gaps than are kept is dropped by name, and comes when sent again")
  void gaps() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    listener.settings().receiveBuffer = 1 << 17;
    int ack = stranger.connect(1);
    TcpSocket socket = Objects.requireNonNull(listener.accept());
    int kept = Reassembly.LEAST_RANGES;
    for (int i = 1; i <= kept + 2; i++) {
      stranger.send(1, ACK, 1 + 2 * i, ack, 1);
    }
    assertThat(stranger.count(DropReason.TCP_REASSEMBLY_FULL)).isEqualTo(2);
    assertThat(stranger.last().ack()).isEqualTo(1);

    // what joins a range is taken even now
    stranger.send(1, ACK, 2 + 2 * kept, ack, 1);
    assertThat(stranger.count(DropReason.TCP_REASSEMBLY_FULL)).isEqualTo(2);
    stranger.send(1, ACK, 1, ack, 2 + 2 * (kept + 2));
    assertThat(stranger.last().ack()).isEqualTo(3 + 2 * (kept + 2));
    ByteBuffer all = ByteBuffer.allocate(1000);
    assertThat(socket.read(all, stranger.now)).isEqualTo(2 + 2 * (kept + 2));
  }

  @Test
  @DisplayName("Too many connections in TIME-WAIT: the oldest goes, counted")
  void timeWait() throws SocketFailure {
    Stranger stranger = new Stranger(Stranger.tables(16, 2, 100));
    TcpListener listener = stranger.listen(16);
    for (int port = 1; port <= 3; port++) {
      int ack = stranger.connect(port);
      Objects.requireNonNull(listener.accept()).close(stranger.now);
      stranger.listenIn();
      stranger.send(port, FIN | ACK, 1, ack + 1, 0);
    }
    assertThat(stranger.in(TcpState.TIME_WAIT)).isEqualTo(2);
    assertThat(stranger.count(Counter.TCP_TIME_WAIT_EVICTED)).isEqualTo(1);
    assertThat(stranger.stack.tcpStatuses())
        .noneMatch(s -> s.remote() != null && s.remote().port() == 1);
    stranger.pass(60 * SECOND);
    assertThat(stranger.in(TcpState.TIME_WAIT)).isZero();
  }

  @Test
  @DisplayName("No more connections than the stack may have, of whichever side they are opened")
  void connections() throws SocketFailure {
    Stranger stranger = new Stranger(Stranger.tables(16, 16, 3));
    TcpListener listener = stranger.listen(16);
    for (int port = 1; port <= 4; port++) {
      stranger.send(port, SYN, 0, 0, 0);
    }
    assertThat(stranger.in(TcpState.SYN_RECEIVED)).isEqualTo(3);
    assertThat(stranger.count(DropReason.TCP_SYN_QUEUE_FULL)).isEqualTo(1);
    TcpSocket client = stranger.stack.openTcp();
    assertThatThrownBy(() -> client.connect(new Endpoint(Stranger.THEM, 9), stranger.now))
        .isInstanceOf(SocketFailure.class)
        .hasMessageContaining("too many connections");

    listener.close(stranger.now);
    client.connect(new Endpoint(Stranger.THEM, 9), stranger.now);
    assertThat(client.isConnecting()).isTrue();
  }

  @Test
  @DisplayName("RFC 5961, section 7: two challenge ACKs a second for each connection")
  void challengeAcks() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    stranger.connect(1);
    assertThat(listener.accept()).isNotNull();
    stranger.heard.clear();
    for (int i = 0; i < 30; i++) {
      stranger.send(1, SYN, 100, 0, 0);
      stranger.send(1, TcpHeader.RST, 100, 0, 0);
    }
    assertThat(stranger.heard).hasSize(1).allMatch(h -> h.is(ACK));
    assertThat(stranger.count(DropReason.TCP_BAD_SYN)).isEqualTo(30);
    assertThat(stranger.count(DropReason.TCP_BAD_RST)).isEqualTo(30);
    assertThat(stranger.in(TcpState.ESTABLISHED)).isEqualTo(1);

    stranger.pass(SECOND / 2);
    stranger.send(1, SYN, 100, 0, 0);
    assertThat(stranger.heard).hasSize(2);
  }

  @Test
  @DisplayName("What is not read fills the window, and nothing beyond it is kept")
  void receiveWindow() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    listener.settings().receiveBuffer = 8192;
    int ack = stranger.connect(1);
    TcpSocket socket = Objects.requireNonNull(listener.accept());
    for (int seq = 1; seq < 100_000; seq += 1000) {
      stranger.send(1, ACK, seq, ack, 1000);
    }
    assertThat(socket.available()).isEqualTo(8192);
    assertThat(stranger.last().window()).isZero();
    assertThat(stranger.count(DropReason.TCP_OUTSIDE_WINDOW)).isPositive();
  }
}
