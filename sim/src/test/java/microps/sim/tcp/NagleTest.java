package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.PEER_CONNECTS;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.7.4: Nagle's algorithm.
class NagleTest {
  @Test
  @DisplayName("SHLD-7 a small write waits for the acknowledgment of the one before")
  void secondSmallWriteWaits() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 10) = 10
            +.1   < . 1:1(0) ack 11 win 65535
            +0    > P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-7, MAY-16 what was written meanwhile leaves as one segment")
  void smallWritesAreCollected() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1) = 1
            +0    > P. 1:2(1) ack 1
            +0    write(4, ..., 2) = 2
            +.02  write(4, ..., 3) = 3
            +.02  write(4, ..., 4) = 4
            +.06  < . 1:1(0) ack 2 win 65535
            +0    > P. 2:11(9) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-7 without anything in flight a small write leaves at once")
  void nothingInFlight() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +1    write(4, ..., 10) = 10
            +0    > P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-7, SHLD-28 a full segment never waits, the rest behind it does")
  void fullSegmentsDoNotWait() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 2500) = 2500
            +0    > . 11:1011(1000) ack 1
            +0    > . 1011:2011(1000) ack 1
            +.1   < . 1:1(0) ack 1011 win 65535
            +.1   < . 1:1(0) ack 2011 win 65535
            +0    > P. 2011:2511(500) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-7 writes that add up to a full segment do not wait")
  void writesThatFillASegment() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 600) = 600
            +.01  write(4, ..., 400) = 400
            +0    > P. 11:1011(1000) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-7 a FIN pushes out what Nagle's algorithm holds back")
  void finDoesNotWait() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 10) = 10
            +.01  shutdown(4, SHUT_WR) = 0
            +0    > FP. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-17 no Nagle with TCP_NODELAY")
  void noDelay() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 10) = 10
            +0    > P. 11:21(10) ack 1
            +0    write(4, ..., 2010) = 2010
            +0    > . 21:1021(1000) ack 1
            +0    > . 1021:2021(1000) ack 1
            +0    > P. 2021:2031(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-17 TCP_NODELAY set while text waits sends it at once")
  void noDelaySetLate() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 10) = 10
            +.05  setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    > P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-17 TCP_NODELAY cleared again: Nagle's algorithm is back")
  void noDelayCleared() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [0], 4) = 0
            +0    write(4, ..., 10) = 10
            +.1   < . 1:1(0) ack 11 win 65535
            +0    > P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-17 an accepted connection has its listener's TCP_NODELAY")
  void noDelayIsInherited() {
    check(
        LISTEN
            + """
            +0    setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            """
            + PEER_CONNECTS
            + """
            +0    getsockopt(4, SOL_TCP, TCP_NODELAY, [1], [4]) = 0
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 10) = 10
            +0    > P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("TCP_CORK: only full segments; the rest when it is off again, or after an RTO")
  void cork() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_CORK, [1], 4) = 0
            +0    getsockopt(4, SOL_TCP, TCP_CORK, [1], [4]) = 0
            +0    write(4, ..., 40) = 40
            +.05  write(4, ..., 1000) = 1000
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    setsockopt(4, SOL_TCP, TCP_CORK, [0], 4) = 0
            +0    > P. 1001:1041(40) ack 1
            +.1   < . 1:1(0) ack 1041 win 65535
            +0    setsockopt(4, SOL_TCP, TCP_CORK, [1], 4) = 0
            +0    write(4, ..., 40) = 40
            +.2~+.5 > P. 1041:1081(40) ack 1
            """);
  }

  @Test
  @DisplayName("MSG_MORE: as if corked until the next write")
  void more() {
    check(
        SERVER
            + """
            +0    send(4, ..., 40, MSG_MORE) = 40
            +.05  send(4, ..., 40, MSG_MORE) = 40
            +.05  write(4, ..., 10) = 10
            +0    > P. 1:91(90) ack 1
            """);
  }
}
