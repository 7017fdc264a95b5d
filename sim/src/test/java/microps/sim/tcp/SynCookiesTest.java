package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 4987: a listener under a flood of SYNs.
class SynCookiesTest {
  private static final String LISTEN_100 = LISTEN.replace("listen(3, 1)", "listen(3, 100)");

  /// The SYN queue is full of those that never come back.
  private static final String FLOODED =
      "// config: maxSynQueue=2\n"
          + LISTEN_100
          + """
          +0    < 1001 > 8080 S 0:0(0) win 65535 <mss 1000>
          +0    > 8080 > 1001 S. 0:0(0) ack 1 win 65535 <mss 1460>
          +0    < 1002 > 8080 S 0:0(0) win 65535 <mss 1000>
          +0    > 8080 > 1002 S. 0:0(0) ack 1 win 65535 <mss 1460>
          """;

  private static String flood(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(port ->
            """
            +0    < %1$d > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > %1$d S. 0:0(0) ack 1 win 65535 <mss 1460>
            """
                .formatted(port))
        .collect(Collectors.joining());
  }

  @Test
  @DisplayName(
      "RFC 4987 3.6 under a flood an honest peer is served, with MSS, SACK, timestamps and scale")
  void optionsAreKept() {
    check(
        FLOODED
            + flood(2000, 2050)
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 500 ecr 100,nop,wscale 7>
            """
            + flood(2050, 2100)
            + """
            +.1   < 50001 > 8080 . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
            +0    accept(3, ..., ...) = 4
            +0    %{ assert state == ESTABLISHED
                     assert tcpi_snd_mss == 1448
                     assert snd_wnd == 65536 }%
            +0    < P. 11:21(10) ack 1 win 512 <nop,nop,TS val 201 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 11:21>
            +0    < P. 1:11(10) ack 1 win 512 <nop,nop,TS val 201 ecr 600>
            +0    > . 1:1(0) ack 21 <nop,nop,TS val 600 ecr 201>
            +0    read(4, ..., 100) = 20
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6, RFC 3168 6.1.1 what was agreed on ECN is kept, too")
  void ecnIsKept() {
    check(
        FLOODED
            + """
            +0    < 50001 > 8080 SEW 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0>
            +0    > 8080 > 50001 SE. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 500 ecr 100>
            +.1   < 50001 > 8080 . 1:1(0) ack 1 win 65535 <nop,nop,TS val 200 ecr 500>
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 100) = 100
            +0    > [ect0] P. 1:101(100) ack 1 <nop,nop,TS val 600 ecr 200>
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6 without timestamps the MSS is kept, and nothing else is offered")
  void withoutTimestamps() {
    check(
        FLOODED
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1300,nop,nop,sackOK,nop,wscale 7>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 5000
            +0    accept(3, ..., ...) = 4
            +0    %{ assert tcpi_snd_mss == 1220
                     assert snd_wnd == 5000 }%
            +0    write(4, ..., 1220) = 1220
            +0    > P. 1:1221(1220) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-15 a SYN without MSS: 536 is what the cookie remembers")
  void withoutMss() {
    check(
        FLOODED
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    %{ assert tcpi_snd_mss == 536 }%
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6 the ACK may be lost: the data that follows brings the cookie, too")
  void dataBringsTheCookie() {
    check(
        "// config: synCookies=always\n"
            + LISTEN_100
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +1    < P. 1:11(10) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    read(4, ..., 100) = 10
            +.04  > . 1:1(0) ack 11
            +0    < F. 11:11(0) ack 1 win 65535
            +0    > . 1:1(0) ack 12
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6 a wrong cookie is answered by RST; so is one of more than two minutes")
  void wrongCookie() {
    check(
        FLOODED
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < . 1:1(0) ack 77 win 65535
            +0    > R 77:77(0)
            +0    < . 2:2(0) ack 1 win 65535
            +0    > R 1:1(0)
            """);
    check(
        "// config: synCookies=always\n"
            + LISTEN_100
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +129  < 60001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 60001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < 50001 > 8080 . 1:1(0) ack 1 win 65535
            +0    > R 1:1(0)
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6 where no cookie was sent of late, no ACK is taken for one")
  void noCookieExpected() {
    check(LISTEN_100 + "+0    < . 1:1(0) ack 1 win 65535\n+0    > R 1:1(0)\n");
  }

  @Test
  @DisplayName("RFC 4987 3.6 always: every SYN is answered so, and nothing is kept or sent again")
  void always() {
    check(
        "// config: synCookies=always\n"
            + LISTEN_100
            + """
            +0    < 50001 > 8080 S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 500 ecr 100,nop,wscale 7>
            +3    < S 0:0(0) win 65535 <mss 1460,sackOK,TS val 3100 ecr 0,nop,wscale 7>
            +0    > 8080 > 50001 S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 3500 ecr 3100,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 3200 ecr 3500>
            +0    accept(3, ..., ...) = 4
            +0    %{ assert snd_wnd == 65536 }%
            """);
  }

  @Test
  @DisplayName("RFC 4987 3.6 the accept queue is full: the ACK is dropped, data completes later")
  void acceptQueueFull() {
    check(
        "// config: synCookies=always\n"
            + LISTEN
            + """
            +0    < 1001 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 1001 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < 1002 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 1002 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < 1003 > 8080 S 0:0(0) win 65535 <mss 1000>
            +0    > 8080 > 1003 S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < 1001 > 8080 . 1:1(0) ack 1 win 65535
            +0    < 1002 > 8080 . 1:1(0) ack 1 win 65535
            +0    < 1003 > 8080 . 1:1(0) ack 1 win 65535
            +.1   < 1003 > 8080 P. 1:11(10) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +.2   < 1003 > 8080 P. 1:11(10) ack 1 win 65535
            +0    accept(3, ..., ...) = 5
            +0    accept(3, ..., ...) = 6
            +0    read(6, ..., 100) = 10
            +.04  > 8080 > 1003 . 1:1(0) ack 11
            """);
  }
}
