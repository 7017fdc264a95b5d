package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.6, and RFC 7323, section 2: windows.
class WindowTest {
  private static final String SMALL_BUFFER = serverWithBuffer(4000);

  @Test
  @DisplayName("MUST-1 a window is unsigned: 65,535 are 65,535")
  void unsigned() {
    check(
        "// config: mtu=9000\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 8000>
            +0    > S. 0:0(0) ack 1 <mss 8960>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 200000) = 200000
            +0    > . 1:8001(8000) ack 1
            +0    > . 8001:16001(8000) ack 1
            +.1   < . 1:1(0) ack 8001 win 65535
            +0    > . 16001:24001(8000) ack 1
            +0    > . 24001:32001(8000) ack 1
            +0    < . 1:1(0) ack 16001 win 65535
            +0    > . 32001:40001(8000) ack 1
            +0    > . 40001:48001(8000) ack 1
            +.1   < . 1:1(0) ack 24001 win 65535
            +0    > . 48001:56001(8000) ack 1
            +0    > . 56001:64001(8000) ack 1
            +0    %{ assert cwnd == 40000 }%
            """);
  }

  @Test
  @DisplayName("RFC 7323 2.2 the window of a SYN is never scaled, later ones are")
  void scaledOnlyAfterTheSyn() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 2000 <mss 1000,nop,wscale 7>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 16
            +0    accept(3, ..., ...) = 4
            +0    %{ assert snd_wnd == 2048 }%
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 500
            +0    > P. 2001:3001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("REC-1 windows beyond 65,535 are used")
  void largeWindow() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000,nop,wscale 14>
            +0    > S. 0:0(0) ack 1 <mss 1460,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    %{ assert snd_wnd == 1073725440 }%
            """);
  }

  @Test
  @DisplayName("RFC 7323 2.3 a shift count above 14 is taken for 14")
  void shiftTooLarge() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000,nop,wscale 20>
            +0    > S. 0:0(0) ack 1 <mss 1460,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 2
            +0    accept(3, ..., ...) = 4
            +0    %{ assert snd_wnd == 32768 }%
            """);
  }

  @Test
  @DisplayName("RFC 7323 2.2 without the peer's option no window is scaled, in either direction")
  void notScaled() {
    check(
        SERVER
            + """
            +0    %{ assert snd_wnd == 65535 }%
            +0    < . 1:1001(1000) ack 1 win 10000
            +0    < . 1001:2001(1000) ack 1 win 10000
            +0    > . 1:1(0) ack 2001 win 63535
            +0    %{ assert snd_wnd == 10000 }%
            """);
  }

  @Test
  @DisplayName("MUST-36, SHLD-29, SHLD-30 a closed window is probed after an RTO, then backing off")
  void zeroWindowProbes() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +0    write(4, ..., 500) = 500
            +.25  > . 1000:1000(0) ack 1
            +0    < . 1:1(0) ack 1001 win 0
            +.5   > . 1000:1000(0) ack 1
            +0    < . 1:1(0) ack 1001 win 0
            +1    > . 1000:1000(0) ack 1
            +0    < . 1:1(0) ack 1001 win 2000
            +0    > P. 1001:1501(500) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-35 a window that opens by itself lets data go at once")
  void windowOpens() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +0    write(4, ..., 500) = 500
            +.1   < . 1:1(0) ack 1001 win 2000
            +0    > P. 1001:1501(500) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-37 (RFC 6429) a connection whose probes are answered lives: an hour")
  void persistForever() {
    StringBuilder script =
        new StringBuilder(SERVER)
            .append(
                """
                +0    write(4, ..., 1000) = 1000
                +0    > P. 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 1001 win 0
                +0    write(4, ..., 500) = 500
                """);
    for (int i = 0; i < 37; i++) {
      script.append("*     > . 1000:1000(0) ack 1\n+0    < . 1:1(0) ack 1001 win 0\n");
    }
    check(
        script
            + """
            3600  < . 1:1(0) ack 1001 win 9000
            +0    > P. 1001:1501(500) ack 1
            """);
  }

  @Test
  @DisplayName(
      "MUST-34, SHLD-15, SHLD-16 a window that shrinks: nothing new, what is inside is sent again")
  void windowShrinks() {
    check(
        SERVER
            + """
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +0    > . 3001:4001(1000) ack 1
            +0    > P. 4001:5001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 1500
            +0    write(4, ..., 1000) = 1000
            +.25  > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 5001 win 9000
            +0    > P. 5001:6001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("what lies beyond our window is cut off, what lies in it is taken")
  void dataBeyondTheWindow() {
    check(
        SMALL_BUFFER
            + """
            +0    < P. 1:6001(6000) ack 1 win 9000
            +0    > . 1:1(0) ack 4001 win 0
            +0    read(4, ..., 9000) = 4000
            +0    > . 1:1(0) ack 4001 win 4000
            +0    < P. 4001:6001(2000) ack 1 win 9000
            +0    read(4, ..., 9000) = 2000
            +0    > . 1:1(0) ack 6001 win 4000
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (first) a segment wholly beyond the window is answered by an ACK")
  void segmentBeyondTheWindow() {
    check(
        SMALL_BUFFER
            + """
            +0    < P. 5001:5011(10) ack 1 win 9000
            +0    > . 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("3.8.6.1 at a zero window a segment of data is answered by an ACK, its ACK counts")
  void dataAtZeroWindow() {
    check(
        SMALL_BUFFER
            + """
            +0    write(4, ..., 100) = 100
            +0    > P. 1:101(100) ack 1
            +0    < P. 1:4001(4000) ack 1 win 9000
            +0    > . 101:101(0) ack 4001 win 0
            +0    < . 4001:4002(1) ack 101 win 9000
            +0    > . 101:101(0) ack 4001 win 0
            +5    `true`
            """);
  }

  @Test
  @DisplayName("the peer's window is taken from the newest segment only")
  void oldWindow() {
    check(
        SERVER
            + """
            +0    < . 1:1001(1000) ack 1 win 3000
            +0    < . 1001:2001(1000) ack 1 win 2000
            +0    > . 1:1(0) ack 2001
            +0    < . 1:1001(1000) ack 1 win 60000
            +0    > . 1:1(0) ack 2001
            +0    %{ assert snd_wnd == 2000 }%
            """);
  }

  @Test
  @DisplayName(
      "SHLD-14 the window's right edge does not retreat when the buffer fills with scaling")
  void rightEdge() {
    // the invariants of every script watch the edge; here the arithmetic of a shift is seen
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < . 1:1001(1000) ack 1 win 512 <nop,nop,TS val 201 ecr 500>
            +0    < . 1001:1002(1) ack 1 win 512 <nop,nop,TS val 201 ecr 500>
            +.04  > . 1:1(0) ack 1002 win 505 <nop,nop,TS val 600 ecr 201>
            """);
  }

  @Test
  @DisplayName(
      "MUST-35, SHLD-17 a window that shrinks to zero under data in flight: probes, no time-out, all again")
  void shrinksToZero() {
    StringBuilder script =
        new StringBuilder(SERVER)
            .append(
                """
                +0    write(4, ..., 3000) = 3000
                +0    > . 1:1001(1000) ack 1
                +0    > . 1001:2001(1000) ack 1
                +0    > P. 2001:3001(1000) ack 1
                +.05  < . 1:1(0) ack 1 win 0
                +.25  > . 0:0(0) ack 1
                +.1   < . 1:1(0) ack 1 win 0
                """);
    for (int i = 0; i < 16; i++) {
      script.append("*     > . 0:0(0) ack 1\n+.1   < . 1:1(0) ack 1 win 0\n");
    }
    check(
        script
            + """
            1200  < . 1:1(0) ack 1 win 2000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            """);
  }

  @Test
  @DisplayName(
      "MUST-34, SHLD-16 of data in flight beyond a shrunken window only what lies inside is sent again")
  void shrinksIntoASegment() {
    check(
        SERVER
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 300
            +.25  > . 1001:1301(300) ack 1
            +.1   < . 1:1(0) ack 1301 win 1000
            +0    > . 1301:2301(1000) ack 1
            +.1   < . 1:1(0) ack 2301 win 1000
            +0    > P. 2301:3001(700) ack 1
            +.1   < . 1:1(0) ack 3001 win 1000
            """);
  }

  @Test
  @DisplayName(
      "MUST-34 a shrunken window that the peer had not meant: the ACK of everything is taken")
  void shrinksAndAcknowledges() {
    check(
        SERVER
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 100
            +.05  < . 1:1(0) ack 3001 win 65535
            +0    %{ assert send_queue == 0 }%
            +0    write(4, ..., 10) = 10
            +0    > P. 3001:3011(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-36 a window that was closed from the SYN on is probed, too")
  void closedFromTheSyn() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 0 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 0
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 10) = 10
            +.3   > . 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 100
            +0    > P. 1:11(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-36 a FIN that the window keeps back is probed for, too")
  void finAtZeroWindow() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 0
            +0    shutdown(4, SHUT_WR) = 0
            +.25  > . 10:10(0) ack 1
            +.1   < . 1:1(0) ack 11 win 100
            +0    > F. 11:11(0) ack 1
            +.1   < . 1:1(0) ack 12 win 100
            +0    %{ assert state == FIN_WAIT_2 }%
            """);
  }

  @Test
  @DisplayName("REC-1 more than 65,535 octets are in flight where the scaled window allows it")
  void largeFlight() {
    check(
        "// config: mtu=65535\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 30000,nop,wscale 3>
            +0    > S. 0:0(0) ack 1 <mss 65495,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 200000) = 200000
            +0    > . 1:30001(30000) ack 1
            +0    > . 30001:60001(30000) ack 1
            +.1   < . 1:1(0) ack 30001 win 65535
            +0    > . 60001:90001(30000) ack 1
            +0    > . 90001:120001(30000) ack 1
            """);
  }

  @Test
  @DisplayName(
      "REC-1 our own window is a megabyte, scaled, from the first segment after the SYN on")
  void ourLargeWindow() {
    check(
        "// config: rcvbuf=1048576\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000,nop,wscale 0>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 5>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1 win 32768
            """);
  }
}
