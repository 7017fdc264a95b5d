package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// An acknowledgment was lost, and what was acknowledged is sent again: neither was the original
/// late, nor is the time since then a round trip.
class LostAckTest {
  @Test
  @DisplayName("RFC 3522 3.2 (6): an ACK with a D-SACK does not say that the original was late")
  void lostAck() {
    check(
        "// config: tcp_ts_tick_usecs=1000\n"
            + SERVER_WITH_OPTIONS
            + """
            +0    %{ assert tcpi_rtt == 100000 }%
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1 <nop,nop,TS val 600 ecr 200>
            +.3   > P. 1:1001(1000) ack 1 <nop,nop,TS val 900 ecr 200>
            +.1   < . 1:1(0) ack 1001 win 512 <nop,nop,TS val 700 ecr 600,nop,nop,sack 1:1001>
            +0    %{ assert tcpi_rtt == 100000 }%
            +0    %{ assert tcpi_rto == 300000 }%
            """);
  }
}
