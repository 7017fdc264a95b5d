package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.1 to 3.8.3, RFC 6298, RFC 5681, RFC 6582, RFC 3042: what is sent again,
/// when.
class RetransmissionTest {
  /// Ten segments are on their way at 0.1 s, the RTO is 0.3 s (SRTT 0.1 s, RTTVAR 0.05 s).
  private static final String TEN_SENT =
      SERVER
          + """
          +0    write(4, ..., 20000) = 20000
          +0    > . 1:1001(1000) ack 1
          +0    > . 1001:2001(1000) ack 1
          +0    > . 2001:3001(1000) ack 1
          +0    > . 3001:4001(1000) ack 1
          +0    > . 4001:5001(1000) ack 1
          +0    > . 5001:6001(1000) ack 1
          +0    > . 6001:7001(1000) ack 1
          +0    > . 7001:8001(1000) ack 1
          +0    > . 8001:9001(1000) ack 1
          +0    > . 9001:10001(1000) ack 1
          """;

  @Test
  @DisplayName(
      "MUST-18 RFC 6298 (2.2), (5.5) the first RTO follows the first measurement, and doubles")
  void backOff() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.3   > P. 1:1001(1000) ack 1
            +.6   > P. 1:1001(1000) ack 1
            +1.2  > P. 1:1001(1000) ack 1
            +2.4  > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            """);
  }

  @Test
  @DisplayName("RFC 6298 (2.3) RTTVAR and SRTT follow the measurements")
  void estimate() {
    check(
        SERVER
            + """
            +0    %{ assert tcpi_rtt == 100000
                     assert tcpi_rto == 300000 }%
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.2   < . 1:1(0) ack 1001 win 65535
            +0    %{ assert tcpi_rtt == 112500
                     assert tcpi_rto == 362500 }%
            """);
  }

  @Test
  @DisplayName("MUST-18 Karn: what was sent again measures nothing")
  void karn() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.3   > P. 1:1001(1000) ack 1
            +.5   < . 1:1(0) ack 1001 win 65535
            +0    %{ assert tcpi_rtt == 100000 }%
            """);
  }

  @Test
  @DisplayName("RFC 7323 4 with timestamps what was sent again does measure")
  void timestampsMeasure() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1 <nop,nop,TS val 600 ecr 200>
            +.3   > P. 1:1001(1000) ack 1 <nop,nop,TS val 900 ecr 200>
            +.2   < . 1:1(0) ack 1001 win 512 <nop,nop,TS val 300 ecr 900>
            +0    %{ assert tcpi_rtt == 112500 }%
            """);
  }

  @Test
  @DisplayName("MUST-19 slow start: one segment more for each that is acknowledged")
  void slowStart() {
    check(
        TEN_SENT
            + """
            +0    %{ assert cwnd == 10000 }%
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    < . 1:1(0) ack 2001 win 65535
            +0    > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            +0    %{ assert cwnd == 12000 }%
            """);
  }

  @Test
  @DisplayName(
      "MUST-19 RFC 5681 3.1 (4) after an RTO cwnd is one segment, ssthresh half the flight")
  void timeout() {
    check(
        TEN_SENT // and nothing new for F-RTO to send
                .replace("20000", "10000")
                .replace(". 9001:10001", "P. 9001:10001")
            + """
            +.3   > . 1:1001(1000) ack 1
            +0    %{ assert cwnd == 1000
                     assert ssthresh == 5000 }%
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    > . 1001:2001(1000) ack 1
            +0    > . 2001:3001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    > . 3001:4001(1000) ack 1
            +0    > . 4001:5001(1000) ack 1
            +0    > . 5001:6001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 5681 3.1 ssthresh is not cut again when the same segment times out again")
  void secondTimeout() {
    check(
        TEN_SENT
            + """
            +.3   > . 1:1001(1000) ack 1
            +.6   > . 1:1001(1000) ack 1
            +0    %{ assert ssthresh == 5000 }%
            """);
  }

  @Test
  @DisplayName(
      "RFC 5681 3.2, RFC 3042 limited transmit, fast retransmit at the third duplicate, fast recovery")
  void fastRetransmit() {
    check(
        TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535
            +0    > . 11001:12001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535
            +0    > . 1:1001(1000) ack 1
            +0    %{ assert ssthresh == 5000
                     assert cwnd == 8000 }%
            +0    < . 1:1(0) ack 1 win 65535
            +0    < . 1:1(0) ack 1 win 65535
            +0    < . 1:1(0) ack 1 win 65535
            +0    < . 1:1(0) ack 1 win 65535
            +0    < . 1:1(0) ack 1 win 65535
            +0    > . 12001:13001(1000) ack 1
            +.1   < . 1:1(0) ack 13001 win 65535
            +0    > . 13001:14001(1000) ack 1
            +0    > . 14001:15001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 6582 3.2 (5) a partial acknowledgment sends the next hole")
  void partialAck() {
    check(
        TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535
            +0    > . 11001:12001(1000) ack 1
            +0    < . 1:1(0) ack 1 win 65535
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 3001 win 65535
            +0    > . 3001:4001(1000) ack 1
            +.1   < . 1:1(0) ack 12001 win 65535
            +0    > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 5681 2 what carries data, or another window, is no duplicate ACK")
  void noDuplicate() {
    check(
        TEN_SENT
            + """
            +.01  < . 1:1(0) ack 1 win 65534
            +0    < . 1:1(0) ack 1 win 65533
            +0    < . 1:1(0) ack 1 win 65532
            +0    < P. 1:2(1) ack 1 win 65532
            +0    < P. 2:3(1) ack 1 win 65532
            +0    < P. 3:4(1) ack 1 win 65532
            +.04  > . 10001:10001(0) ack 4
            """);
  }

  @Test
  @DisplayName("RFC 6298 (5.3) a new acknowledgment restarts the timer")
  void restart() {
    check(
        SERVER
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.2   < . 1:1(0) ack 1001 win 65535
            +.3625 > P. 1001:2001(1000) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 5681 4.1 after an idle time sending begins again with the initial window")
  void idleRestart() {
    check(
        TEN_SENT
            + """
            +.1   < . 1:1(0) ack 10001 win 65535
            +0    > . 10001:11001(1000) ack 1
            +0    > . 11001:12001(1000) ack 1
            +0    > . 12001:13001(1000) ack 1
            +0    > . 13001:14001(1000) ack 1
            +0    > . 14001:15001(1000) ack 1
            +0    > . 15001:16001(1000) ack 1
            +0    > . 16001:17001(1000) ack 1
            +0    > . 17001:18001(1000) ack 1
            +0    > . 18001:19001(1000) ack 1
            +0    > P. 19001:20001(1000) ack 1
            +.1   < . 1:1(0) ack 20001 win 65535
            +0    %{ assert cwnd == 14000 }%
            +10   write(4, ..., 100) = 100
            +0    > P. 20001:20101(100) ack 1
            +0    %{ assert cwnd == 10000 }%
            """);
  }

  @Test
  @DisplayName("never-acknowledged data gives its memory back")
  void memoryReturns() {
    check(
        "// config: dataTimeout=100s\n"
            + SERVER
            + """
            +0    write(4, ..., 100) = 100
            +0    > P. 1:101(100) ack 1
            """
            + "*     > P. 1:101(100) ack 1\n".repeat(8)
            + """
            *     > R. 101:101(0) ack 1
            +0    %{ assert state == CLOSED
                     assert send_queue == 0 }%
            """);
  }
}
