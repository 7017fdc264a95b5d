package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SACK_TEN_SENT;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 3522, 3708, 4015, 5682: what was sent again for nothing is seen, and taken back.
class SpuriousTest {
  private static final String FOUR_SENT =
      SERVER
          + """
          +0    write(4, ..., 6000) = 6000
          +0    > . 1:1001(1000) ack 1
          +0    > . 1001:2001(1000) ack 1
          +0    > . 2001:3001(1000) ack 1
          +0    > . 3001:4001(1000) ack 1
          +0    > . 4001:5001(1000) ack 1
          +0    > P. 5001:6001(1000) ack 1
          """;

  @Test
  @DisplayName(
      "RFC 5682 2.1 (2b), (3b) F-RTO: new data first, and what is acknowledged then was never lost")
  void frto() {
    check(
        FOUR_SENT
            + """
            +.3   > . 1:1001(1000) ack 1
            +0    %{ assert cwnd == 1000 }%
            +0    write(4, ..., 5000) = 5000
            +.01  < . 1:1(0) ack 1001 win 65535
            +0    > . 6001:7001(1000) ack 1
            +0    > . 7001:8001(1000) ack 1
            +.01  < . 1:1(0) ack 2001 win 65535
            +0    %{ assert cwnd >= 10000
                     assert tcpi_total_retrans == 1 }%
            """);
  }

  @Test
  @DisplayName("RFC 5682 2.1 (3a) F-RTO: a duplicate then says that the loss was real")
  void frtoRealLoss() {
    check(
        FOUR_SENT
            + """
            +.3   > . 1:1001(1000) ack 1
            +0    write(4, ..., 5000) = 5000
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    > . 6001:7001(1000) ack 1
            +0    > . 7001:8001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            *     > . 1001:2001(1000) ack 1
            """);
  }

  @Test
  @DisplayName(
      "RFC 3522 (5), RFC 4015 Eifel: an echo from before the retransmission takes the timeout back")
  void eifel() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1 <nop,nop,TS val 600 ecr 200>
            +0    > P. 1001:2001(1000) ack 1 <nop,nop,TS val 600 ecr 200>
            +.2   > P. 1001:2001(1000) ack 1 <nop,nop,TS val 800 ecr 200>
            +.3   > . 1:1001(1000) ack 1 <nop,nop,TS val 1100 ecr 200>
            +0    %{ assert cwnd == 1000 }%
            +.01  < . 1:1(0) ack 2001 win 512 <nop,nop,TS val 500 ecr 600>
            +0    %{ assert cwnd >= 10000
                     assert tcpi_rtt >= 500000 }%
            """);
  }

  @Test
  @DisplayName("RFC 3708: D-SACKs of all that was sent again take fast recovery back")
  void dsackUndo() {
    check(
        SACK_TEN_SENT
            + """
            +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:4001>
            +0    > . 1:1001(1000) ack 1
            +0    %{ assert ssthresh == 5000 }%
            +.05  < . 1:1(0) ack 4001 win 65535
            +0    > . 10001:11001(1000) ack 1
            +.05  < . 1:1(0) ack 4001 win 65535 <nop,nop,sack 1:1001>
            +0    %{ assert cwnd >= 10000 }%
            """);
  }
}
