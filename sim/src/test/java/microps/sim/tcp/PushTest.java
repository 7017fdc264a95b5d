package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLOSE_WAIT;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.9.1.2 and 3.9.1.3: the PSH bit. Every write counts as pushed.
class PushTest {
  @Test
  @DisplayName(
      "MUST-61, SHLD-28 PSH stands on the last segment of what was written, all before it are full")
  void lastSegment() {
    check(
        SERVER
            + """
            +0    write(4, ..., 3500) = 3500
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    > P. 3001:3501(500) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-61 PSH stands on a last segment that is full, too")
  void fullLastSegment() {
    check(
        SERVER
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-60 what was written never waits for more to be written")
  void nothingIsHeldBack() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1) = 1
            +0    > P. 1:2(1) ack 1
            +.1   < . 1:1(0) ack 2 win 65535
            +0    write(4, ..., 1) = 1
            +0    > P. 2:3(1) ack 1
            +0    write(4, ..., 1) = 1
            +.1   < . 1:1(0) ack 3 win 65535
            +0    > P. 3:4(1) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-27 successive pushes are collapsed where their text leaves together")
  void collapsed() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    write(4, ..., 900) = 900
            +0    write(4, ..., 90) = 90
            +0    write(4, ..., 700) = 700
            +0    > . 11:1011(1000) ack 1
            +.1   < . 1:1(0) ack 1011 win 65535
            +0    > P. 1011:1701(690) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-61 the last segment has PSH also when it is sent again")
  void sentAgain() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1500) = 1500
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    > P. 1001:1501(500) ack 1
            +.2~+1 > P. 1001:1501(500) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-60 text that arrives without PSH is read as soon as with it")
  void receivedWithout() {
    check(
        SERVER
            + """
            +0...0.1 read(4, ..., 100) = 10
            +.1   < . 1:11(10) ack 1 win 65535
            +0    < P. 11:21(10) ack 1 win 65535
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("3.9.1.2 segments without text carry no PSH")
  void noText() {
    check(
        CLOSE_WAIT
            + """
            +0    close(4) = 0
            +0    > F. 1:1(0) ack 2
            """);
  }
}
