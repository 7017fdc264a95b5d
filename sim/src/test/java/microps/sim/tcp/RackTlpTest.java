package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SACK_TEN_SENT;
import static microps.sim.tcp.Opening.SERVER_WITH_SACK;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 8985: losses found by time, and probes of the tail.
class RackTlpTest {
  private static final String THREE_SENT =
      SERVER_WITH_SACK
          + """
          +0    write(4, ..., 3000) = 3000
          +0    > . 1:1001(1000) ack 1
          +0    > . 1001:2001(1000) ack 1
          +0    > P. 2001:3001(1000) ack 1
          """;

  @Test
  @DisplayName(
      "RFC 8985 6.3 the reordering timer: fewer than three SACKed, and a quarter round trip later"
          + " the first is sent again")
  void reorderingTimer() {
    check(
        THREE_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 2001:3001>
            +.025 > . 1:1001(1000) ack 1
            +0    %{ assert ssthresh == 2000 }%
            +.1   < . 1:1(0) ack 1001 win 65535 <nop,nop,sack 2001:3001>
            +0    > . 1001:2001(1000) ack 1
            """);
  }

  @Test
  @DisplayName(
      "RFC 8985 6.2 what comes within the reordering window was reordered: nothing is lost")
  void reordered() {
    check(
        THREE_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:3001>
            +.02  < . 1:1(0) ack 3001 win 65535
            +0    %{ assert tcpi_total_retrans == 0
                     assert cwnd >= 10000 }%
            """);
  }

  @Test
  @DisplayName(
      "RFC 8985 6.2 step 3 the degree of reordering is the largest distance seen, at least 3")
  void degreeOfReordering() {
    check(
        SACK_TEN_SENT.replace("20000", "10000").replace("> . 9001", "> P. 9001")
            + """
            +0    %{ assert tcpi_reordering == 3
                     assert tcpi_reord_seen == 0 }%
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001>
            +.01  < . 1:1(0) ack 2001 win 65535
            +0    %{ assert tcpi_reordering == 3
                     assert tcpi_reord_seen == 1 }%
            +0    < . 1:1(0) ack 2001 win 65535 <nop,nop,sack 8001:9001>
            +.01  < . 1:1(0) ack 9001 win 65535
            +0    %{ assert tcpi_reordering == 7
                     assert tcpi_reord_seen == 2
                     assert tcpi_total_retrans == 0 }%
            +.01  < . 1:1(0) ack 10001 win 65535
            +20   %{ assert tcpi_reordering == 7
                     assert tcpi_reord_seen == 2 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 6.2 what was sent again and comes late tells nothing of reordering")
  void retransmissionIsNoReordering() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:6001>
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 6001 win 65535
            +0    %{ assert tcpi_reordering == 3
                     assert tcpi_reord_seen == 0 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 6.2 step 4 a D-SACK makes RACK.reo_wnd a quarter of min_RTT wider")
  void windowInInfo() {
    check(
        THREE_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:2001>
            +0    %{ assert reo_wnd == 25000
                     assert reo_wnd_steps == 1 }%
            +.01  < . 1:1(0) ack 2001 win 65535 <nop,nop,sack 1:1001>
            +0    %{ assert reo_wnd == 50000
                     assert reo_wnd_steps == 2 }%
            +0    < . 1:1(0) ack 3001 win 65535
            +20   %{ assert tcpi_reord_seen == 1 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 6.2 a lost retransmission is found by what was sent after it")
  void lostRetransmission() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:6001>
            +0    > . 1:1001(1000) ack 1
            +.001 < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:10001>
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:11001>
            +0    > . 1:1001(1000) ack 1
            +0    > . 14001:15001(1000) ack 1
            +.1   < . 1:1(0) ack 15001 win 65535
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.3 without new data the last segment is sent again after two round trips")
  void tailLossProbe() {
    check(
        THREE_SENT
            + """
            +.2   > P. 2001:3001(1000) ack 1
            +0    %{ assert cwnd >= 10000 }%
            +.1   < . 1:1(0) ack 1001 win 65535 <nop,nop,sack 2001:3001>
            +0    > . 1001:2001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.4.2 a tail that a probe repaired is a loss: the window is lowered")
  void repairedTail() {
    check(
        THREE_SENT
            + """
            +.1   < . 1:1(0) ack 2001 win 65535
            *     > P. 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    write(4, ..., 100) = 100
            +0    > P. 3001:3101(100) ack 1
            +.1   < . 1:1(0) ack 3101 win 65535
            +0    %{ assert ssthresh == 2000 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.4.2 a probe that came in addition to the original lowers nothing")
  void needlessProbe() {
    check(
        THREE_SENT
            + """
            +.1   < . 1:1(0) ack 2001 win 65535
            *     > P. 2001:3001(1000) ack 1
            +.05  < . 1:1(0) ack 3001 win 65535
            +.05  < . 1:1(0) ack 3001 win 65535 <nop,nop,sack 2001:3001>
            +0    write(4, ..., 100) = 100
            +0    > P. 3001:3101(100) ack 1
            +.1   < . 1:1(0) ack 3101 win 65535
            +0    %{ assert cwnd >= 10000 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.3 the timer of retransmission follows a probe, counted from it")
  void timeoutAfterProbe() {
    check(
        THREE_SENT
            + """
            +.2   > P. 2001:3001(1000) ack 1
            +.3   > . 1:1001(1000) ack 1
            +0    %{ assert cwnd == 1000 }%
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.3 new data is the better probe, also beyond cwnd")
  void newData() {
    check(
        SACK_TEN_SENT
            + """
            +.2   > . 10001:11001(1000) ack 1
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 10001:11001>
            +0    > . 1:1001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 8985 7.2 without SACK there is no probe")
  void noSack() {
    check(
        Opening.SERVER
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.3   > . 1:1001(1000) ack 1
            """);
  }
}
