package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.4: keep-alive.
class KeepAliveTest {
  /// First probe after 10 s, then every 2 s, three in all.
  private static final String QUICK =
      SERVER
          + """
          +0    setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [10], 4) = 0
          +0    setsockopt(4, SOL_TCP, TCP_KEEPINTVL, [2], 4) = 0
          +0    setsockopt(4, SOL_TCP, TCP_KEEPCNT, [3], 4) = 0
          +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
          """;

  @Test
  @DisplayName("MUST-25, MAY-5 keep-alive is there, and off by default")
  void off() {
    check(
        SERVER
            + """
            +0    getsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [0], [4]) = 0
            +100000 < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName(
      "MUST-28, SHLD-12 switched on, the first probe follows after two hours, without data")
  void defaults() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +7200 > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +7200 > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-29 nine lost answers in a row, 75 s apart, end the connection; eight do not")
  void deadPeer() {
    String eight =
        SERVER
            + """
            +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +7200 > . 0:0(0) ack 1
            """
            + "+75 > . 0:0(0) ack 1\n".repeat(8);
    check(
        eight
            + """
            +74   < . 1:1(0) ack 1 win 65535
            +7199 < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
    check(
        eight
            + """
            +0...75 read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            +75   > R. 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-27 idle time, interval and number of probes are settings")
  void settings() {
    check(
        QUICK
            + """
            +0...16 read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            10.1  > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +2    > R. 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName(
      "MUST-27 an answer ends the probing, also where the interval is longer than the idle time")
  void longInterval() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [10], 4) = 0
            +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +10   > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +10   > . 0:0(0) ack 1
            +75   > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-29 one lost answer is not death: the next one counts anew")
  void oneLostAnswer() {
    check(
        QUICK
            + """
            +10   > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +10   > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +10   > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-26 whatever the peer sends postpones the probe")
  void notIdle() {
    check(
        QUICK
            + """
            +9    < P. 1:11(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 11
            +9    < P. 11:21(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 21
            +9.96 > . 0:0(0) ack 21
            """);
  }

  @Test
  @DisplayName("MUST-26 no probe while data is outstanding: retransmission asks already")
  void dataOutstanding() {
    check(
        QUICK
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.3   > P. 1:11(10) ack 1
            +.6   > P. 1:11(10) ack 1
            +1.2  > P. 1:11(10) ack 1
            +2.4  > P. 1:11(10) ack 1
            +4.8  > P. 1:11(10) ack 1
            +9.6  > P. 1:11(10) ack 1
            +1    < . 1:1(0) ack 11 win 65535
            +10   > . 10:10(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-24 keep-alive is switched per connection, and off again")
  void switchedOff() {
    check(
        QUICK
            + """
            +10   > . 0:0(0) ack 1
            +1    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [0], 4) = 0
            +1000 setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +0    > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +10   > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-24 an accepted connection has its listener's keep-alive")
  void inherited() {
    check(
        LISTEN
            + """
            +0    setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +0    setsockopt(3, SOL_TCP, TCP_KEEPIDLE, [5], 4) = 0
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +5    > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-24 keep-alive goes on while one half is closed")
  void halfClosed() {
    check(
        QUICK
            + """
            +0    < F. 1:1(0) ack 1 win 65535
            +0    > . 1:1(0) ack 2
            +10   > . 0:0(0) ack 2
            +.1   < . 2:2(0) ack 1 win 65535
            +0    read(4, ..., 10) = 0
            +10   > . 0:0(0) ack 2
            """);
    check(
        QUICK
            + """
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 1:1(0) ack 1
            +.1   < . 1:1(0) ack 2 win 65535
            +10   > . 1:1(0) ack 1
            +.1   < . 1:1(0) ack 2 win 65535
            +10   > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-24 a peer that has forgotten the connection answers the probe by RST")
  void peerHasForgotten() {
    check(
        QUICK
            + """
            +0...10.1 read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            10.1  > . 0:0(0) ack 1
            +.1   < R 1:1(0) win 0
            """);
  }

  @Test
  @DisplayName("RFC 7323 3.2 a probe carries timestamps where they were negotiated")
  void timestamps() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [10], 4) = 0
            +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
            +10   > . 0:0(0) ack 1 <nop,nop,TS val 700 ecr 200>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 300 ecr 700>
            +10   > . 0:0(0) ack 1 <nop,nop,TS val 800 ecr 300>
            """);
  }

  @Test
  @DisplayName("3.8.4 the peer's probe is answered, without text and with an octet of garbage")
  void theirs() {
    check(
        SERVER
            + """
            +10   < . 0:0(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +10   < . 0:1(1) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < P. 1:11(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }
}
