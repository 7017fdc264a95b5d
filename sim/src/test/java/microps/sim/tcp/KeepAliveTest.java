package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.4.
class KeepAliveTest {
  private static final String ON =
      SERVER + "+0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0\n";
  private static final String QUICK =
      SERVER
          + """
          +0    setsockopt(4, SOL_TCP, TCP_KEEPIDLE, [10], 4) = 0
          +0    setsockopt(4, SOL_TCP, TCP_KEEPINTVL, [2], 4) = 0
          +0    setsockopt(4, SOL_TCP, TCP_KEEPCNT, [3], 4) = 0
          +0    setsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0
          """;

  @Test
  @DisplayName("MUST-25 keep-alive is off unless asked for")
  void off() {
    check(SERVER + "20000 `true`\n");
  }

  @Test
  @DisplayName(
      "MUST-24, MUST-28, SHLD-12 asked for, the first probe comes after 2 hours, without data")
  void on() {
    check(
        ON
            + """
            7200.1 > . 0:0(0) ack 1
            +0     < . 1:1(0) ack 1 win 65535
            +7200  > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-27 the times are the user's")
  void configured() {
    check(
        QUICK
            + """
            10.1  > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +10   > . 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-29 one unanswered probe is not the end")
  void oneLost() {
    check(
        QUICK
            + """
            10.1  > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 65535
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            """);
  }

  @Test
  @DisplayName("a peer that answers none of the probes is gone")
  void allLost() {
    check(
        QUICK
            + """
            10.1  > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +2    > . 0:0(0) ack 1
            +2    > R. 1:1(0) ack 1
            +0    read(4, ..., 10) = -1 ETIMEDOUT (Connection timed out)
            """);
  }

  @Test
  @DisplayName("MUST-26 no probe while something is unacknowledged")
  void outstanding() {
    check(
        "// config: maxRto=60s\n"
            + QUICK
            + """
            9.9   write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            10.2  > P. 1:11(10) ack 1
            10.8  > P. 1:11(10) ack 1
            12    > P. 1:11(10) ack 1
            14.4  > P. 1:11(10) ack 1
            19.2  > P. 1:11(10) ack 1
            28.8  > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +10   > . 10:10(0) ack 1
            """);
  }

  @Test
  @DisplayName("a keep-alive probe of the peer is answered, with or without its octet of garbage")
  void answered() {
    check(
        SERVER
            + """
            +1    < . 0:0(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +1    < . 0:1(1) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            """);
  }
}
