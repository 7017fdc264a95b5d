package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.CLOSE_WAIT;
import static microps.sim.tcp.Opening.SERVER;
import static microps.sim.tcp.Opening.serverWithBuffer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.8.5, RFC 6093: urgent data, which stays in the stream.
class UrgentTest {
  @Test
  @DisplayName("MUST-30, MUST-62 the urgent pointer is that of the octet after the urgent data")
  void sent() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    send(4, ..., 1, MSG_OOB) = 1
            +0    > PU. 11:12(1) ack 1 urg 1
            +0    write(4, ..., 10) = 10
            +0    > P. 12:22(10) ack 1
            +.1   < . 1:1(0) ack 22 win 65535
            +0    < P. 1:11(10) ack 22 win 65535
            +.04  > . 22:22(0) ack 11
            """);
  }

  @Test
  @DisplayName("3.8.5 from the SEND on, every segment before the urgent end says where it is")
  void announced() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 1
            +0    send(4, ..., 5, MSG_OOB) = 5
            +0    < P. 1:3001(3000) ack 1 win 65535
            +0    > U. 11:11(0) ack 3001 urg 5
            *     > U. 1:11(10) ack 3001 urg 15
            +.1   < . 3001:3001(0) ack 11 win 65535
            +0    > PU. 11:16(5) ack 3001 urg 5
            +.1   < . 3001:3001(0) ack 16 win 65535
            +0    < . 3001:6001(3000) ack 16 win 65535
            +0    > . 16:16(0) ack 6001
            """);
  }

  @Test
  @DisplayName("MUST-31 urgent data may be longer than a pointer can say")
  void longer() {
    check(
        "// config: strict=off\n"
            + SERVER
            + """
            +0    send(4, ..., 70000, MSG_OOB) = 70000
            +0    > U. 1:1001(1000) ack 1 urg 65535
            +0    > U. 1001:2001(1000) ack 1 urg 65535
            +0    > U. 2001:3001(1000) ack 1 urg 65535
            +0    > U. 3001:4001(1000) ack 1 urg 65535
            +0    > U. 4001:5001(1000) ack 1 urg 65535
            +0    > U. 5001:6001(1000) ack 1 urg 65000
            """);
  }

  @Test
  @DisplayName("3.8.5 the window is closed to the octets, but not to the news")
  void closedWindow() {
    check(
        SERVER
            + """
            +0    < . 1:1(0) ack 1 win 0
            +0    send(4, ..., 1, MSG_OOB) = 1
            +0    > U. 1:1(0) ack 1 urg 1
            +.3   > U. 0:0(0) ack 1 urg 2
            +0    < . 1:1(0) ack 1 win 65535
            +0    > PU. 1:2(1) ack 1 urg 1
            """);
  }

  @Test
  @DisplayName("MUST-32, MUST-33 the user is told, and learns how much urgent data remains")
  void received() {
    check(
        SERVER
            + """
            +0    %{ assert urgent == 0 }%
            +0    < PU. 1:11(10) ack 1 win 65535 urg 5
            +0    %{ assert urgent == 5 }%
            +0    read(4, ..., 3) = 3
            +0    %{ assert urgent == 2 }%
            +0    < U. 11:11(0) ack 1 win 65535 urg 20
            +0    %{ assert urgent == 27 }%
            +0    read(4, ..., 100) = 7
            +0    %{ assert urgent == 20 }%
            +0    < P. 11:31(20) ack 1 win 65535
            +0    read(4, ..., 100) = 20
            +0    %{ assert urgent == 0 }%
            """);
  }

  @Test
  @DisplayName("RFC 6093 3.2 a pointer without URG says nothing, nor one at what was read")
  void meaningless() {
    check(
        SERVER
            + """
            +0    < P. 1:11(10) ack 1 win 65535 urg 5
            +0    %{ assert urgent == 0 }%
            +0    read(4, ..., 100) = 10
            +0    < PU. 1:11(10) ack 1 win 65535 urg 5
            +0    > . 1:1(0) ack 11
            +0    %{ assert urgent == 0 }%
            +0    < PU. 11:21(10) ack 1 win 65535 urg 0
            +0    %{ assert urgent == 0 }%
            +0    read(4, ..., 100) = 10
            """);
  }

  @Test
  @DisplayName("MUST-66 URG counts although the window is zero")
  void zeroWindow() {
    check(
        serverWithBuffer(2048)
            + """
            +0    < . 1:1025(1024) ack 1 win 65535
            +0    < P. 1025:2049(1024) ack 1 win 65535
            +0    > . 1:1(0) ack 2049 win 0
            +0    < PU. 2049:2059(10) ack 1 win 65535 urg 10
            +0    > . 1:1(0) ack 2049 win 0
            +0    %{ assert urgent == 2058 }%
            """);
  }

  @Test
  @DisplayName("3.10.7.4 (sixth) after the peer's FIN nothing is urgent any more")
  void afterFin() {
    check(
        CLOSE_WAIT
            + """
            +0    < U. 2:2(0) ack 1 win 65535 urg 20
            +0    %{ assert urgent == 0 }%
            """);
  }
}
