package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SACK_TEN_SENT;
import static microps.sim.tcp.Opening.SERVER_WITH_SACK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 2018, RFC 2883, RFC 6675: what SACK tells, and what follows for what is sent again.
class SackTest {

  @Test
  @DisplayName("RFC 2018 4: the first block holds the segment that caused the ACK, then the recent")
  void order() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 2001:3001>
            +0    < . 4001:5001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 4001:5001 2001:3001>
            +0    < . 6001:7001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 6001:7001 4001:5001 2001:3001>
            +0    < . 3001:4001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 2001:5001 6001:7001>
            +0    < . 1:2001(2000) ack 1 win 65535
            +0    > . 1:1(0) ack 5001 <nop,nop,sack 6001:7001>
            """);
  }

  @Test
  @DisplayName("RFC 2883 4.1.1: a whole segment that we had is told in the first block, once")
  void wholeDuplicate() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 1001:2001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001
            +.1   < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001 <nop,nop,sack 1:1001>
            +0    < . 3001:4001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 2001 <nop,nop,sack 3001:4001>
            """);
  }

  @Test
  @DisplayName("RFC 2883 4.1.2: a duplicate while a gap is open comes before the gap's blocks")
  void duplicateBesideGap() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    < . 2001:3001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1001 <nop,nop,sack 2001:3001>
            +0    < . 1:1001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1001 <nop,nop,sack 1:1001 2001:3001>
            """);
  }

  @Test
  @DisplayName("RFC 2883 4.1.3: a duplicate beyond a gap comes with the block that holds it")
  void duplicateBeyondGap() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 2001:4001(2000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 2001:4001>
            +0    < . 3001:4001(1000) ack 1 win 65535
            +0    > . 1:1(0) ack 1 <nop,nop,sack 3001:4001 2001:4001>
            """);
  }

  @Test
  @DisplayName("RFC 2883 4.2: of a segment that is new in part, the part that is not is told")
  void partialDuplicate() {
    check(
        SERVER_WITH_SACK
            + """
            +0    < . 1:1001(1000) ack 1 win 65535
            +.04  > . 1:1(0) ack 1001
            +0    < . 501:2001(1500) ack 1 win 65535
            +0    > . 1:1(0) ack 2001 <nop,nop,sack 501:1001>
            """);
  }

  @Test
  @DisplayName(
      "RFC 6675 5 the third SACKed segment begins recovery; each acknowledgment clocks segments out")
  void recovery() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001>
            +0    > . 10001:11001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:3001>
            +0    > . 11001:12001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:4001>
            +0    > . 1:1001(1000) ack 1
            +0    %{ assert ssthresh == 5000 }%
            +.1   < . 1:1(0) ack 12001 win 65535
            +0    %{ assert cwnd == 5000 }%
            +0    > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            +0    > . 14001:15001(1000) ack 1
            +0    > . 15001:16001(1000) ack 1
            +0    > . 16001:17001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 6675 NextSeg (1): only the holes are sent again, two at the same round trip")
  void holes() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001 3001:10001>
            +0    > . 1:1001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    > . 12001:13001(1000) ack 1
            +.1   < . 1:1(0) ack 10001 win 65535
            """);
  }

  @Test
  @DisplayName("RFC 2018 5.1 after a timeout what was SACKed is not sent again")
  void timeoutKeepsSacks() {
    check(
        SERVER_WITH_SACK
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001>
            +.025 > . 1:1001(1000) ack 1
            *     > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    > P. 2001:3001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 2018 8: a peer that has thrown away what it SACKed gets it again, soon")
  void reneging() {
    check(
        SACK_TEN_SENT.replace("20000", "10000").replace(". 9001:10001", "P. 9001:10001")
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:10001>
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +.05  > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 65535
            +0    > . 2001:3001(1000) ack 1
            +0    > . 3001:4001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 2018: blocks of what was never sent change nothing")
  void lies() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 20001:30001>
            +0    < . 1:1(0) ack 1 win 65535 <nop,nop,sack 3001:2001>
            +0    < . 1:1(0) ack 1 win 65535 <nop,nop,sack 5001:20001>
            +0    %{ assert cwnd == 10000 }%
            +0    < . 1:1(0) ack 10001 win 65535
            """);
  }

  @Test
  @DisplayName(
      "RFC 6675 without RACK: three segments SACKed above it make a hole lost, no time does")
  void counting() {
    check(
        "// config: rack=off\n"
            + SERVER_WITH_SACK
            + """
            +0    write(4, ..., 5000) = 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +0    > . 3001:4001(1000) ack 1
            +0    > P. 4001:5001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001>
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:3001>
            +.05  < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:4001>
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 5001 win 65535
            """);
  }

  @Test
  @DisplayName(
      "RFC 2018 8, RFC 6298 5.5 who SACKs what follows SND.UNA and never acknowledges it, gets it"
          + " again ever later")
  void renegesForEver() {
    check(
        SERVER_WITH_SACK
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1:1001>
            +.05  > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1:1001>
            +.4   > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1:1001>
            +.9   > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            """);
  }
}
