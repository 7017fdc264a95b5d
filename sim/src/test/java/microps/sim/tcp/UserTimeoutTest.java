package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpSocket;
import microps.sim.Network;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.3: how long TCP tries (R1 and R2), and RFC 5482.
class UserTimeoutTest {
  /// Ten octets are sent at 0.1 s and nothing is acknowledged any more; the RTO is 0.3 s.
  private static final String SENT =
      """
      +0    write(4, ..., 10) = 10
      +0    > P. 1:11(10) ack 1
      """;

  private static final String OPEN =
      """
      // config: timestamps=off windowScale=off sack=off
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      """;

  // R1

  @Test
  @DisplayName(
      "MUST-20, SHLD-9, SHLD-10 R1: after three retransmissions the user may know, and TCP goes on")
  void userLearnsAtR1() {
    check(
        SERVER
            + SENT
            + """
            +.3   > P. 1:11(10) ack 1
            +.6   > P. 1:11(10) ack 1
            +0    %{ assert soft_error == 0 }%
            +1.2  > P. 1:11(10) ack 1
            +0    %{ assert soft_error == ETIMEDOUT
                     assert state == ESTABLISHED }%
            +1    < . 1:1(0) ack 11 win 65535
            +0    %{ assert soft_error == 0 }%
            """);
  }

  @Test
  @DisplayName("MUST-20 R1: IP asks whether the neighbour is still there, though it was sure of it")
  void ipLearnsAtR1() {
    Pair p = Pair.ethernet();
    TcpSocket socket = p.open();
    p.accept();
    p.wire.setUp(false);
    Pair.write(p.a, socket, 100);
    long before = p.a.stack().counters().of(Counter.ARP_REQUESTS_SENT);
    p.seconds(1.5);
    assertThat(Pair.status(socket).retransmits()).isEqualTo(3); // a tail loss probe is the first
    assertThat(p.a.stack().counters().of(Counter.ARP_REQUESTS_SENT)).isEqualTo(before);
    p.seconds(0.2);
    assertThat(Pair.status(socket).retransmits()).isEqualTo(4);
    assertThat(p.a.stack().counters().of(Counter.ARP_REQUESTS_SENT)).isEqualTo(before + 1);
    assertThat(socket.softError()).isEqualTo(SocketError.CONNECTION_TIMED_OUT);

    // Nobody answers: the neighbour is forgotten, and what the user may know is more exact.
    p.seconds(15);
    assertThat(socket.softError()).isEqualTo(SocketError.HOST_UNREACHABLE);
    p.wire.setUp(true);
    p.seconds(30);
    assertThat(socket.softError()).isNull();
    assertThat(Pair.status(socket).sendQueue()).isZero();
  }

  // R2

  @Test
  @DisplayName("MUST-20, SHLD-11 R2: unacknowledged data gives up after 924 s, not before 100 s")
  void dataTimeout() {
    check(
        SERVER
            + SENT
            + """
            +0...924 read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            0.4   > P. 1:11(10) ack 1
            1     > P. 1:11(10) ack 1
            2.2   > P. 1:11(10) ack 1
            4.6   > P. 1:11(10) ack 1
            9.4   > P. 1:11(10) ack 1
            19    > P. 1:11(10) ack 1
            38.2  > P. 1:11(10) ack 1
            76.6  > P. 1:11(10) ack 1
            153.4 > P. 1:11(10) ack 1
            273.4 > P. 1:11(10) ack 1
            393.4 > P. 1:11(10) ack 1
            513.4 > P. 1:11(10) ack 1
            633.4 > P. 1:11(10) ack 1
            753.4 > P. 1:11(10) ack 1
            873.4 > P. 1:11(10) ack 1
            924.1 > R. 11:11(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-21 (RFC 5482) the user sets R2: for one connection")
  void userTimeout() {
    check(
        SERVER
            + "+0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [5000], 4) = 0\n"
            + SENT
            + """
            +0...5 read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            0.4   > P. 1:11(10) ack 1
            1     > P. 1:11(10) ack 1
            2.2   > P. 1:11(10) ack 1
            4.6   > P. 1:11(10) ack 1
            5.1   > R. 11:11(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-21 an accepted connection has its listener's user timeout")
  void inherited() {
    check(
        LISTEN
            + """
            +0    setsockopt(3, SOL_TCP, TCP_USER_TIMEOUT, [700], 4) = 0
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.3   > P. 1:11(10) ack 1
            +.4   > R. 11:11(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-21 a user timeout that is set late counts at once, from the last progress")
  void setLate() {
    check(
        SERVER
            + SENT
            + """
            0.4   > P. 1:11(10) ack 1
            1     > P. 1:11(10) ack 1
            2.2   > P. 1:11(10) ack 1
            2.5   setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [3000], 4) = 0
            3.1   > R. 11:11(0) ack 1
            +0    read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            """);
  }

  @Test
  @DisplayName("MUST-21 the user timeout counts from the last acknowledgment of something new")
  void countsFromProgress() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [2000], 4) = 0
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.3   > . 1:1001(1000) ack 1
            +.6   > . 1:1001(1000) ack 1
            1.1   < . 1:1(0) ack 1001 win 65535
            +0    > P. 1001:2001(1000) ack 1
            *     > P. 1001:2001(1000) ack 1
            *     > P. 1001:2001(1000) ack 1
            3.1   > R. 2001:2001(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-21 an idle connection knows no user timeout")
  void idle() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [1000], 4) = 0
            +5000 write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.3   > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +5000 < P. 1:11(10) ack 11 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  // R2 for SYN

  @Test
  @DisplayName("MUST-21, MUST-22 the user timeout is that of a SYN, too")
  void synUserTimeout() {
    check(
        OPEN
            + """
            +0    setsockopt(3, SOL_TCP, TCP_USER_TIMEOUT, [5000], 4) = 0
            +0...5 connect(3, ..., ...) = -1 ETIMEDOUT (Connection timed out)
            +0    > S 0:0(0) <mss 1460>
            1     > S 0:0(0) <mss 1460>
            3     > S 0:0(0) <mss 1460>
            9     `true`
            """);
  }

  @Test
  @DisplayName("MUST-22, SHLD-9 R1 is that of a SYN, too")
  void synR1() {
    check(
        OPEN
            + """
            +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
            +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
            +0    > S 0:0(0) <mss 1460>
            1     > S 0:0(0) <mss 1460>
            3     > S 0:0(0) <mss 1460>
            +0    %{ assert soft_error == 0 }%
            7     > S 0:0(0) <mss 1460>
            +0    %{ assert soft_error == ETIMEDOUT }%
            +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    %{ assert soft_error == 0 }%
            """);
  }

  @Test
  @DisplayName("MUST-20 a FIN that nobody acknowledges gives up as data does")
  void fin() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [1000], 4) = 0
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 1:1(0) ack 1
            +.3   > F. 1:1(0) ack 1
            +.6   > F. 1:1(0) ack 1
            +.1   > R. 2:2(0) ack 1
            +0    read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            """);
  }

  // Zero windows

  @Test
  @DisplayName("MUST-20, MUST-36 window probes that nobody answers give up as data does, in time")
  void unansweredProbes() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [1500], 4) = 0
            +0    < . 1:1(0) ack 1 win 0
            +0    write(4, ..., 10) = 10
            +.3   > . 0:0(0) ack 1
            +.6   > . 0:0(0) ack 1
            +.9   > R. 1:1(0) ack 1
            +0    read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            """);
  }

  @Test
  @DisplayName(
      "MUST-37, MUST-21 a peer that answers probes of its closed window knows no user timeout")
  void answeredProbes() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [1000], 4) = 0
            +0    < . 1:1(0) ack 1 win 0
            +0    write(4, ..., 10) = 10
            +.3   > . 0:0(0) ack 1
            +0    < . 1:1(0) ack 1 win 0
            +.6   > . 0:0(0) ack 1
            +0    < . 1:1(0) ack 1 win 0
            +1.2  > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 1000
            +0    > P. 1:11(10) ack 1
            """);
  }

  // Connections that their user has closed

  @Test
  @DisplayName(
      "SHLD-11 a closed connection whose peer is silent gives its memory back after two minutes")
  void orphan() {
    Pair p = new Pair();
    TcpSocket socket = p.open();
    p.accept();
    p.wire.setUp(false);
    Pair.write(p.a, socket, 100_000);
    Pair.close(p.a, socket);
    p.seconds(119);
    assertThat(p.a.stack().tcpStatuses()).hasSize(1);
    p.seconds(2);
    assertThat(p.a.stack().tcpStatuses()).isEmpty();
  }

  @Test
  @DisplayName(
      "MUST-37 a closed connection does not wait for ever for a window, even if probes are answered")
  void orphanAtZeroWindow() {
    Pair p = new Pair();
    TcpSocket socket = p.open();
    TcpSocket server = p.accept();
    for (int i = 0; i < 30; i++) {
      Pair.write(p.a, socket, 1 << 20);
      p.seconds(1);
    }
    assertThat(Pair.status(socket).sendWindow()).isZero(); // nobody reads
    Pair.close(p.a, socket);
    p.seconds(119);
    assertThat(p.a.stack().tcpStatuses()).hasSize(1);
    assertThat(server.error()).isNull();
    p.seconds(2);
    assertThat(p.a.stack().tcpStatuses()).isEmpty();
    assertThat(server.error()).isEqualTo(SocketError.CONNECTION_RESET);
  }

  @Test
  @DisplayName("MUST-20 without a route, too, patience ends")
  void noRoute() {
    Pair p = new Pair();
    TcpSocket socket = p.open();
    p.accept();
    socket.settings().userTimeout = Network.seconds(10);
    p.a.act(() -> p.a.stack().setUp(p.a.nics().getFirst().nic(), false, p.a.now()));
    Pair.write(p.a, socket, 1);
    p.seconds(9.9);
    assertThat(socket.error()).isNull();
    assertThat(socket.softError()).isEqualTo(SocketError.NETWORK_DOWN);
    p.seconds(0.2);
    assertThat(socket.error()).isEqualTo(SocketError.NETWORK_DOWN);
  }
}
