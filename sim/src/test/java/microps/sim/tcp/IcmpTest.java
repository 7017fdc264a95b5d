package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.FIN_SENT;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  @DisplayName(
      "RFC 1191 6.5 after fragmentation needed all that did not fit leaves again at once, as far as"
          + " cwnd permits")
  void aWindowThatDidNotFit() {
    StringBuilder script = new StringBuilder(Opening.SACK_TEN_SENT);
    script.append("+.05 < icmp unreachable frag_needed mtu 640 [1:1001(1000)]\n");
    for (int seq = 1; seq < 9601; seq += 600) {
      script.append("+0 > . %d:%d(600) ack 1%n".formatted(seq, seq + 600));
    }
    script.append(
        """
        +0    > P. 9601:10001(400) ack 1
        +0    %{ assert cwnd == 10000
                 assert ssthresh == 2147483647
                 assert tcpi_ca_state == 0 }%
        +.1   < . 1:1(0) ack 10001 win 65535
        +0    %{ assert cwnd > 10000 }%
        """);
    check(script.toString().replace("20000", "10000").replace("> . 9001:10", "> P. 9001:10"));
  }

  @Test
  @DisplayName("RFC 1191 6.5 what is small enough is not sent again")
  void whatFits() {
    check(
        SERVER
            + """
            +0    setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4) = 0
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +0    write(4, ..., 600) = 600
            +0    > P. 1001:1601(600) ack 1
            +0    write(4, ..., 601) = 601
            +0    > P. 1601:2202(601) ack 1
            +.05  < icmp unreachable frag_needed mtu 640 [1:1001(1000)]
            +0    > . 1:601(600) ack 1
            +0    > . 601:1001(400) ack 1
            +0    > . 1601:2201(600) ack 1
            +0    > P. 2201:2202(1) ack 1
            +.1   < . 1:1(0) ack 2202 win 65535
            +0    %{ assert ssthresh == 2147483647 }%
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

  @ParameterizedTest
  @DisplayName("MUST-54 during an open an error about the SYN ends it at once, with its own reason")
  @CsvSource({
    "unreachable net_unreachable,      ENETUNREACH",
    "unreachable net_unknown,          ENETUNREACH",
    "unreachable host_unknown,         EHOSTUNREACH",
    "unreachable host_prohibited,      EHOSTUNREACH",
    "unreachable packet_filtered,      EHOSTUNREACH",
    "unreachable protocol_unreachable, ENOPROTOOPT",
    "unreachable source_route_failed,  EHOSTUNREACH",
    "time_exceeded,                    EHOSTUNREACH",
    "parameter_problem,                ENOPROTOOPT"
  })
  void reasonsDuringOpen(String error, String errno) {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...0.1 connect(3, ..., ...) = -1 %s (the reason)
        +0    > S 0:0(0) <...>
        +.1   < icmp %s [0:0(0)]
        """
            .formatted(errno, error));
  }

  @Test
  @DisplayName("MUST-54 a half-open connection of a listener ends, too; the listener goes on")
  void halfOpen() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < icmp unreachable host_unreachable [0:0(0)]
            +5    < S 100:100(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 101 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """);
  }

  @ParameterizedTest
  @DisplayName("MUST-47, SHLD-25 the user may ask what stands in the way; progress takes it away")
  @CsvSource({
    "unreachable net_unreachable,      ENETUNREACH",
    "unreachable host_unreachable,     EHOSTUNREACH",
    "unreachable source_route_failed,  EHOSTUNREACH",
    "unreachable port_unreachable,     ECONNREFUSED",
    "time_exceeded,                    EHOSTUNREACH",
    "parameter_problem,                ENOPROTOOPT"
  })
  void asked(String error, String errno) {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +0    %%{ assert soft_error == 0 }%%
            +.05  < icmp %s [1:1001(1000)]
            +0    %%{ assert soft_error == %s
                     assert state == ESTABLISHED }%%
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    %%{ assert soft_error == 0 }%%
            """
                .formatted(error, errno));
  }

  @Test
  @DisplayName("SHLD-20 who does not ask is not told: reads and writes go on")
  void notAsked() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp unreachable host_unreachable [1:1001(1000)]
            +0    recv(4, ..., 10, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)
            +0    write(4, ..., 10) = 10
            +.1   < P. 1:11(10) ack 1001 win 65535
            +0    > P. 1001:1011(10) ack 11
            +0    read(4, ..., 100) = 10
            """);
  }

  @ParameterizedTest
  @DisplayName("RFC 5927 4.1 on a connection, too, only errors about what is in flight count")
  @ValueSource(longs = {1, 1000, 3001, 4000, 2_000_000_000L, 4_294_967_295L})
  void notInFlight(long sequence) {
    check(
        SERVER
            + """
            +0    write(4, ..., 3000) = 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            +.05  < . 1:1(0) ack 1001 win 65535
            +0    < icmp unreachable host_unreachable [%1$d:%1$d(0)]
            +0    %%{ assert soft_error == 0 }%%
            +0    < icmp unreachable host_unreachable [1001:1001(0)]
            +0    %%{ assert soft_error == EHOSTUNREACH }%%
            """
                .formatted(sequence));
  }

  @Test
  @DisplayName("MUST-56 errors do not end a connection in any state of its closing")
  void closing() {
    check(
        FIN_SENT
            + """
            +0    < icmp unreachable port_unreachable [1:1(0)]
            +0    %{ assert state == FIN_WAIT_1 }%
            +.1   < . 1:1(0) ack 2 win 65535
            +0    < icmp unreachable port_unreachable [1:1(0)]
            +0    %{ assert state == FIN_WAIT_2 }%
            +.1   < F. 1:1(0) ack 2 win 65535
            +0    > . 2:2(0) ack 2
            +0    < icmp unreachable port_unreachable [1:1(0)]
            +0    %{ assert state == TIME_WAIT }%
            """);
  }

  @Test
  @DisplayName("RFC 1122 3.2.2.2 a redirect changes nothing: anybody on the link could send it")
  void redirect() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp redirect code_1 [1:1001(1000)]
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    write(4, ..., 10) = 10
            +0    > P. 1001:1011(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-54 nobody at the address: ARP's failure ends an open as host unreachable does")
  void nobodyAtTheAddress() {
    Pair p = Pair.ethernet();
    TcpSocket socket = p.a.stack().openTcp();
    Endpoint nobody = new Endpoint(Ipv4Address.parse("192.0.2.99"), 7);
    p.a.act(() -> socket.connect(nobody, p.a.now()));
    p.seconds(2.9);
    assertThat(socket.isConnecting()).isTrue();
    p.seconds(0.2);
    assertThat(socket.error()).isEqualTo(SocketError.HOST_UNREACHABLE);
    assertThat(p.a.stack().tcpStatuses()).isEmpty();
  }

  @Test
  @DisplayName("RFC 5461 4.1 protocol and port unreachable do not abort a connection")
  void hardErrorsAreSoft() {
    check(
        SERVER
            + """
            +0    write(4, ..., 1000) = 1000
            +0    > P. 1:1001(1000) ack 1
            +.05  < icmp unreachable protocol_unreachable [1:1001(1000)]
            +0    < icmp unreachable port_unreachable [1:1001(1000)]
            +0    %{ assert state == ESTABLISHED
                     assert soft_error == ECONNREFUSED }%
            +.25  > P. 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 65535
            +0    %{ assert soft_error == 0 }%
            """);
  }
}
