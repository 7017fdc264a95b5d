package microps.sim.script;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What conversations with the kernel's TCP have taught.
class LinuxPeerTest {
  @Test
  @DisplayName("a zero window probe may be the only one to acknowledge data")
  void probeAcknowledges() {
    Scripts.check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    < S 0:0(0) win 32792 <mss 1000>
        +0    > S. 0:0(0) ack 1 <...>
        +.1   < . 1:1(0) ack 1 win 32792
        +0    accept(3, ..., ...) = 4
        +0    write(4, ..., 100) = 100
        +0    > P. 1:101(100) ack 1
        +.1   < . 0:0(0) ack 101 win 32792
        +0    > . 101:101(0) ack 1
        +10   write(4, ..., 100) = 100
        +0    > P. 101:201(100) ack 1
        """);
  }
}
