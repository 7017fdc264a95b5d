package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 9293, section 3.9.2.2, RFC 5927, RFC 1191: what ICMP may do to a connection.
class IcmpTest {
  @Test
  @DisplayName("MUST-54 port unreachable ends an open: connection refused")
  void portUnreachableDuringOpen() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = -1 ECONNREFUSED (Connection refused)
        +0    > S 0:0(0) <...>
        +.1   < icmp unreachable port_unreachable [0:0(0)]
        """);
  }

  @Test
  @DisplayName("host unreachable ends an open: no route to host")
  void hostUnreachableDuringOpen() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = -1 EHOSTUNREACH (No route to host)
        +0    > S 0:0(0) <...>
        +.1   < icmp unreachable host_unreachable [0:0(0)]
        """);
  }

  @Test
  @DisplayName("RFC 5927 4.1 an error about what is not in flight is ignored")
  void outsideTheWindow() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <...>
        +.1   < icmp unreachable port_unreachable [7:7(0)]
        +0    < icmp unreachable port_unreachable [4294967295:4294967295(0)]
        +0    < S. 0:0(0) ack 1 win 5792 <mss 1000>
        +0    > . 1:1(0) ack 1
        """);
  }

  @ParameterizedTest
  @DisplayName(
      "MUST-56 an established connection survives unreachables, time exceeded, parameter problem")
  @ValueSource(
      strings = {
        "unreachable net_unreachable",
        "unreachable host_unreachable",
        "unreachable protocol_unreachable",
        "unreachable port_unreachable",
        "unreachable source_route_failed",
        "time_exceeded",
        "time_exceeded code_1",
        "parameter_problem"
      })
  void survives(String error) {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp %s [1:1001(1000)]
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    write(4, ..., 10) = 10
            +0    > P. 1001:1011(10) ack 1
            """
                .formatted(error));
  }

  @Test
  @DisplayName(
      "MUST-47, SHLD-25 a soft error is the reason that is told when the connection times out")
  void softError() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [500], 4) = 0
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp unreachable host_unreachable [1:1001(1000)]
            0.4   > P. 1:1001(1000) ack 1
            0.6   > R. 1001:1001(0) ack 1
            +0    read(4, ..., 10) = -1 EHOSTUNREACH (No route to host)
            """);
  }

  @Test
  @DisplayName("MUST-55 source quench is discarded")
  void sourceQuench() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp source_quench [1:1001(1000)]
            +0    %{ assert cwnd == 10000 }%
            """);
  }

  @Test
  @DisplayName(
      "RFC 1191 3 fragmentation needed: smaller segments, at once, without blaming congestion")
  void fragmentationNeeded() {
    check(
        SERVER
            + """
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:1001(1000) ack 1
            +0    > P. 1001:2001(1000) ack 1
            +.05  < icmp unreachable frag_needed mtu 640 [1:1001(1000)]
            +0    > . 1:601(600) ack 1
            +0    > . 601:1201(600) ack 1
            +0    > . 1201:1801(600) ack 1
            +0    > P. 1801:2001(200) ack 1
            +0    %{ assert tcpi_snd_mss == 600
                     assert ssthresh == 2147483647 }%
            +.1   < . 1:1(0) ack 2001 win 65535
            """);
  }

  @Test
  @DisplayName("RFC 5927 7.2 fragmentation needed about what is not in flight lowers nothing")
  void forgedFragmentationNeeded() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    < icmp unreachable frag_needed mtu 100 [1:1001(1000)]
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1001:2001(1000) ack 1
            """);
  }
}
