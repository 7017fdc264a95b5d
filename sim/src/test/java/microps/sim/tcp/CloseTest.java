package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLIENT;
import static microps.sim.tcp.Opening.CLOSE_CALLED;
import static microps.sim.tcp.Opening.CLOSE_WAIT;
import static microps.sim.tcp.Opening.FIN_SENT;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;
import static microps.sim.tcp.Opening.TIME_WAIT;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.6: closing a connection, in all orders.
class CloseTest {
  @Test
  @DisplayName("3.6 we close first: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT")
  void activeClose() {
    check(
        FIN_SENT
            + """
            +0    %{ assert state == FIN_WAIT_1 }%
            +.1   < . 1:1(0) ack 2 win 65535
            +0    %{ assert state == FIN_WAIT_2 }%
            +.1   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +0    %{ assert state == TIME_WAIT }%
            +0    read(4, ..., 100) = 0
            """);
  }

  @Test
  @DisplayName("3.6 the peer closes first: CLOSE-WAIT, LAST-ACK, and nothing is left")
  void passiveClose() {
    check(
        CLOSE_WAIT
            + """
            +0    %{ assert state == CLOSE_WAIT }%
            +0    read(4, ..., 100) = 0
            +0    shutdown(4, SHUT_WR) = 0
            +0    > F. 1:1(0) ack 2
            +0    %{ assert state == LAST_ACK }%
            +.1   < . 2:2(0) ack 2 win 65535
            +0    %{ assert state == CLOSED }%
            +0    < . 2:2(0) ack 2 win 65535
            +0    > R 2:2(0)
            """);
  }

  @Test
  @DisplayName("3.6 both close at once: CLOSING, TIME-WAIT")
  void simultaneousClose() {
    check(
        FIN_SENT
            + """
            +.1   < F. 1:1(0) ack 1 win 65535
            +0    > . 2:2(0) ack 2
            +0    %{ assert state == CLOSING }%
            +.1   < . 2:2(0) ack 2 win 65535
            +0    %{ assert state == TIME_WAIT }%
            """);
  }

  @Test
  @DisplayName("3.6 FIN that acknowledges ours: FIN-WAIT-1 to TIME-WAIT at once")
  void finWithAck() {
    check(
        FIN_SENT
            + """
            +.1   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +0    %{ assert state == TIME_WAIT }%
            """);
  }

  @Test
  @DisplayName("half-close: the peer's data arrives after our FIN")
  void halfClose() {
    check(
        FIN_SENT
            + """
            +.1   < . 1:1001(1000) ack 2 win 65535
            +0    < . 1001:2001(1000) ack 2 win 65535
            +0    > . 2:2(0) ack 2001
            +0    read(4, ..., 9000) = 2000
            +0    write(4, ..., 1) = -1 EPIPE (Broken pipe)
            +0    < F. 2001:2001(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2002
            +0    read(4, ..., 9000) = 0
            """);
  }

  @Test
  @DisplayName("half-close: our data leaves after the peer's FIN")
  void halfCloseByThePeer() {
    check(
        CLOSE_WAIT
            + """
            +0    read(4, ..., 100) = 0
            +0    write(4, ..., 1500) = 1500
            +0    > . 1:1001(1000) ack 2
            +.1   < . 2:2(0) ack 1001 win 65535
            +0    > P. 1001:1501(500) ack 2
            +0    close(4) = 0
            +0    > F. 1501:1501(0) ack 2
            +.1   < . 2:2(0) ack 1502 win 65535
            """);
  }

  @Test
  @DisplayName("data and FIN in one segment")
  void dataAndFin() {
    check(
        SERVER
            + """
            +0    < FP. 1:501(500) ack 1 win 65535
            +0    > . 1:1(0) ack 502
            +0    read(4, ..., 1000) = 500
            +0    read(4, ..., 1000) = 0
            +0    write(4, ..., 300) = 300
            +0    > P. 1:301(300) ack 502
            +0    close(4) = 0
            +0    > F. 301:301(0) ack 502
            +.1   < . 502:502(0) ack 302 win 65535
            """);
  }

  @Test
  @DisplayName("FIN rides on the last data where it fits")
  void finWithOurData() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +0    write(4, ..., 300) = 300
            +0    shutdown(4, SHUT_WR) = 0
            +0    > FP. 1001:1301(300) ack 1
            +.1   < . 1:1(0) ack 1302 win 65535
            """);
  }

  @Test
  @DisplayName("a FIN that overtakes data waits for it")
  void finOutOfOrder() {
    check(
        SERVER
            + """
            +0    < F. 1001:1001(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    %{ assert state == ESTABLISHED }%
            +0    < P. 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1002
            +0    read(4, ..., 2000) = 1000
            +0    read(4, ..., 2000) = 0
            """);
  }

  @Test
  @DisplayName("a lost FIN is sent again")
  void lostFin() {
    check(
        CLOSE_CALLED
            + """
            +.3~+1.1  > F. 1:1(0) ack 1
            +.1   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            """);
  }

  @Test
  @DisplayName("3.10.7.4 a FIN again in CLOSE-WAIT and LAST-ACK is acknowledged again")
  void finAgain() {
    check(
        CLOSE_WAIT
            + """
            +.1   < F. 1:1(0) ack 1 win 65535
            +0    > . 1:1(0) ack 2
            +0    close(4) = 0
            +0    > F. 1:1(0) ack 2
            +.1   < F. 1:1(0) ack 1 win 65535
            +0    > . 2:2(0) ack 2
            """);
  }

  @Test
  @DisplayName("MUST-13 TIME-WAIT answers for 2 MSL, counted anew from each FIN, and is gone after")
  void timeWait() {
    check(
        TIME_WAIT
            + """
            +30   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +59   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +61   < F. 1:1(0) ack 2 win 65535
            +0    > R 2:2(0)
            """);
  }

  @Test
  @DisplayName("RFC 1337 a RST does not end TIME-WAIT")
  void resetInTimeWait() {
    check(
        TIME_WAIT
            + """
            +1    < R 2:2(0) win 0
            +1    < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            """);
  }

  @Test
  @DisplayName(
      "MAY-2, SHLD-4 (RFC 6191) a new SYN in TIME-WAIT with a greater timestamp opens anew")
  void timeWaitReuseByTimestamp() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    close(4) = 0
            +0    > F. 1:1(0) ack 1 <nop,nop,TS val 510 ecr 200>
            +.1   < F. 1:1(0) ack 2 win 512 <nop,nop,TS val 210 ecr 510>
            +0    > . 2:2(0) ack 2 <nop,nop,TS val 520 ecr 210>
            +1    < S 2000:2000(0) win 65535 <mss 1012,sackOK,TS val 900 ecr 0,nop,wscale 7>
            +0    > S. 0:0(0) ack 2001 <mss 1460,sackOK,TS val 540 ecr 900,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 910 ecr 540>
            +0    accept(3, ..., ...) = 5
            +0    < P. 1:11(10) ack 1 win 512 <nop,nop,TS val 911 ecr 540>
            +0    read(5, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName(
      "MAY-2 a new SYN in TIME-WAIT with a higher sequence number opens anew, an old one is answered by ACK")
  void timeWaitReuseBySequence() {
    check(
        TIME_WAIT
            + """
            +1    < S 4294960000:4294960000(0) win 65535 <mss 1000>
            +0    > . 2:2(0) ack 2
            +1    < S 5000:5000(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 5001 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 5
            """);
  }

  @Test
  @DisplayName("MAY-2 a new SYN that would be refused does not end TIME-WAIT")
  void timeWaitWithoutListener() {
    check(
        SERVER
            + """
            +0    close(3) = 0
            +0    close(4) = 0
            +0    > F. 1:1(0) ack 1
            +.1   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +1    < S 5000:5000(0) win 65535 <mss 1000>
            +0    > . 2:2(0) ack 2
            +1    < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            """);
  }

  @Test
  @DisplayName("a FIN before text that came early: the stream ends, and the peer is answered")
  void finThatLies() {
    check(
        SERVER
            + """
            +0    < P. 4:21(17) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < F. 6:6(0) ack 1 win 65535
            +0    > . 1:1(0) ack 1
            +0    < P. 1:4(3) ack 1 win 65535
            +0    > . 1:1(0) ack 21
            +0    read(4, ..., 100) = 20
            +0    read(4, ..., 100) = 0
            +0    %{ assert state == CLOSE_WAIT }%
            """);
  }

  @Test
  @DisplayName("FIN-WAIT-2 without a user ends after its time")
  void finWait2Timeout() {
    check(
        CLOSE_CALLED
            + """
            +.1   < . 1:1(0) ack 2 win 65535
            +61   < F. 1:1(0) ack 2 win 65535
            +0    > R 2:2(0)
            """);
  }

  @Test
  @DisplayName("SHLD-3 close with unread data sends RST (RFC 2525, section 2.17)")
  void closeWithUnreadData() {
    check(
        SERVER
            + """
            +0    < P. 1:101(100) ack 1 win 65535
            +0    close(4) = 0
            +0    > R. 1:1(0) ack 101
            """);
  }

  @Test
  @DisplayName("SHLD-3 data that arrives after close is answered by RST")
  void dataAfterClose() {
    check(
        CLOSE_CALLED
            + """
            +.1   < P. 1:101(100) ack 1 win 65535
            +0    > R. 2:2(0) ack 1
            +0    < P. 101:201(100) ack 1 win 65535
            +0    > R 1:1(0)
            """);
  }

  @Test
  @DisplayName("SO_LINGER 0: close is an abort")
  void lingerZero() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0
            +0    close(4) = 0
            +0    > R. 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("SO_LINGER: close waits until everything is acknowledged")
  void linger() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=10}, 8) = 0
            +0    write(4, ..., 100) = 100
            +0    > P. 1:101(100) ack 1
            +0...0.2 close(4) = 0
            +0    > F. 101:101(0) ack 1
            +.1   < . 1:1(0) ack 101 win 65535
            +.1   < . 1:1(0) ack 102 win 65535
            """);
  }

  @Test
  @DisplayName("MUST-12 the user learns whether the peer closed or aborted")
  void closedOrAborted() {
    check(
        CLOSE_WAIT
            + """
            +0    read(4, ..., 10) = 0
            """);
    check(
        SERVER
            + """
            +0    < R. 1:1(0) ack 1 win 65535
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("shutdown for reading: end of stream, what arrives is acknowledged and thrown away")
  void shutdownInput() {
    check(
        SERVER
            + """
            +0    shutdown(4, SHUT_RD) = 0
            +0    read(4, ..., 10) = 0
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001
            +0    read(4, ..., 10) = 0
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 2001
            """);
  }

  @Test
  @DisplayName("write after the peer's RST: the error once, then broken pipe")
  void writeAfterReset() {
    check(
        SERVER
            + """
            +0    < R. 1:1(0) ack 1 win 65535
            +0    write(4, ..., 10) = -1 ECONNRESET (Connection reset)
            +0    write(4, ..., 10) = -1 EPIPE (Broken pipe)
            """);
  }

  @Test
  @DisplayName("close of a listener resets what nobody accepted")
  void closeOfTheListenerResetsWhatNobodyAccepted() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    close(3) = 0
            +0    > R. 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("3.10.4 close in SYN-SENT: nothing is left")
  void closeInSynSent() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
        +0    > S 0:0(0) <...>
        +.1   close(3) = 0
        +.1   < S. 0:0(0) ack 1 win 1000 <mss 1000>
        +0    > R 1:1(0)
        """);
  }

  @Test
  @DisplayName("the client closes first, too")
  void clientCloses() {
    check(
        CLIENT
            + """
            +0    write(3, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    shutdown(3, SHUT_WR) = 0
            +0    > F. 11:11(0) ack 1
            +.1   < P. 1:21(20) ack 12 win 65535
            +.04  > . 12:12(0) ack 21
            +0    read(3, ..., 100) = 20
            +0    < F. 21:21(0) ack 12 win 65535
            +0    > . 12:12(0) ack 22
            +0    read(3, ..., 100) = 0
            +0    close(3) = 0
            """);
  }
}
