package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.serverOfWindow;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.6.2: silly window avoidance, of the sender and of the receiver.
class SillyWindowTest {
  /// The peer's MSS is 1000, its largest window 800: no full segment ever fits.
  private static final String NARROW_PEER =
      LISTEN
          + """
          +0    < S 0:0(0) win 800 <mss 1000>
          +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
          +.1   < . 1:1(0) ack 1 win 800
          +0    accept(3, ..., ...) = 4
          """;

  /// Our buffer holds 4,000 octets; the peer has filled it.
  private static final String FULL_BUFFER =
      serverWithBuffer(4000)
          + """
          +0    < . 1:1001(1000) ack 1 win 65535
          +0    < . 1001:2001(1000) ack 1 win 65535
          +0    > . 1:1(0) ack 2001 win 2000
          +0    < . 2001:3001(1000) ack 1 win 65535
          +0    < . 3001:4001(1000) ack 1 win 65535
          +0    > . 1:1(0) ack 4001 win 0
          """;

  // The sender

  @Test
  @DisplayName("MUST-38 (1) a window that opens by specks is not used before a full segment fits")
  void senderWaitsForAFullSegment() {
    check(
        serverOfWindow(2000)
            + """
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 10
            +.01  < . 1:1(0) ack 2001 win 300
            +.01  < . 1:1(0) ack 2001 win 999
            +.01  < . 1:1(0) ack 2001 win 1000
            +0    > . 2001:3001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-38 (3) half the largest window is enough where no full segment ever fits")
  void senderWaitsForHalfTheWindow() {
    check(
        NARROW_PEER
            + """
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:801(800) ack 1
            +.1   < . 1:1(0) ack 801 win 0
            +.01  < . 1:1(0) ack 801 win 10
            +.01  < . 1:1(0) ack 801 win 399
            +.01  < . 1:1(0) ack 801 win 400
            +0    > . 801:1201(400) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-38 (4) the override timer sends what fits where the window stays small")
  void senderOverrides() {
    check(
        serverOfWindow(2000)
            + """
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 10
            +.1~+1 > . 2001:2011(10) ack 1
            +.1   < . 1:1(0) ack 2011 win 10
            +.1~+1 > . 2011:2021(10) ack 1
            +.1   < . 1:1(0) ack 2021 win 2000
            +0    > . 2021:3021(1000) ack 1
            +0    > . 3021:4021(1000) ack 1
            """);
  }

  @Test
  @DisplayName(
      "MUST-38 (2) all that there is may leave, however little, where nothing is in flight")
  void senderSendsAllThatThereIs() {
    check(
        serverOfWindow(50)
            + """
            +0    write(4, ..., 40) = 40
            +0    > P. 1:41(40) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-38 with TCP_NODELAY, too, specks of a window are not used")
  void senderWithoutNagle() {
    check(
        serverOfWindow(2000)
            + """
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 1010
            +.01  < . 1:1(0) ack 1001 win 1300
            +.01  < . 1:1(0) ack 2001 win 1000
            +0    > . 2001:3001(1000) ack 1
            """);
  }

  // The receiver

  @Test
  @DisplayName("MUST-39 a reader that takes an octet at a time opens the window by whole segments")
  void receiverWaitsForASegment() {
    check(
        FULL_BUFFER
            + "+0 read(4, ..., 1) = 1\n".repeat(999)
            + """
            +1    read(4, ..., 1) = 1
            +0    > . 1:1(0) ack 4001 win 1000
            """);
  }

  @Test
  @DisplayName("MUST-39 no speck of a window in the acknowledgment of something else")
  void receiverDoesNotLeakSpecks() {
    check(
        FULL_BUFFER
            + """
            +0    read(4, ..., 700) = 700
            +.1   < . 4000:4000(0) ack 1 win 65535
            +0    > . 1:1(0) ack 4001 win 0
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 4001 win 0
            +0    read(4, ..., 300) = 300
            +0    > . 11:11(0) ack 4001 win 1000
            """);
  }

  @Test
  @DisplayName("MUST-39 half the buffer is enough where a segment is larger than that")
  void receiverWithASmallBuffer() {
    check(
        serverWithBuffer(2048)
            + """
            +0    < . 1:1461(1460) ack 1 win 65535
            +.04  > . 1:1(0) ack 1461 win 588
            +0    < P. 1461:2049(588) ack 1 win 65535
            +.04  > . 1:1(0) ack 2049 win 0
            +0    read(4, ..., 1023) = 1023
            +1    read(4, ..., 1) = 1
            +0    > . 1:1(0) ack 2049 win 1024
            """);
  }

  @Test
  @DisplayName("MUST-39 a large read opens the whole window at once")
  void receiverAfterALargeRead() {
    check(
        FULL_BUFFER
            + """
            +0    read(4, ..., 9000) = 4000
            +0    > . 1:1(0) ack 4001 win 4000
            """);
  }

  @Test
  @DisplayName("MUST-39 while the window is wide, reads alone send nothing")
  void noUpdateWhileTheWindowIsWide() {
    check(
        SERVER
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001 win 63535
            +0    read(4, ..., 2000) = 2000
            +1    < P. 2001:2011(10) ack 1 win 65535
            +.04  > . 1:1(0) ack 2011 win 65525
            """);
  }
}
