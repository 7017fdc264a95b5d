package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER_WITH_OPTIONS;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 7323, sections 3 to 5.
class TimestampsTest {
  @Test
  @DisplayName("RFC 7323 3.2 timestamps stand on every segment, and echo the peer's")
  void everySegment() {
    check(
        "// config: tcp_ts_tick_usecs=1000\n"
            + SERVER_WITH_OPTIONS
            + """
            +0    < P. 1:101(100) ack 1 win 512 <nop,nop,TS val 250 ecr 500>
            +.04  > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 250>
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 101 <nop,nop,TS val 640 ecr 250>
            +.1   < . 101:101(0) ack 11 win 512 <nop,nop,TS val 300 ecr 640>
            +0    read(4, ..., 1000) = 100
            +0    close(4) = 0
            +0    > F. 11:11(0) ack 101 <nop,nop,TS val 740 ecr 300>
            """);
  }

  @Test
  @DisplayName(
      "RFC 7323 3.2 a segment without timestamps is dropped once they are agreed, RST is not")
  void missing() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < P. 1:101(100) ack 1 win 512
            +1    < R 1:1(0) win 0
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("RFC 6298 3 a SYN-ACK that was late, since lost before, measures no round trip")
  void lateSynAck() {
    check(
        """
        // config: tcp_ts_tick_usecs=1000
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0...1.1 connect(3, ..., ...) = 0
        +0    > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
        +1    > S 0:0(0) <mss 1460,sackOK,TS val 1100 ecr 0,nop,wscale 7>
        +.1   < S. 0:0(0) ack 1 win 65535 <mss 1012,sackOK,TS val 500 ecr 100,nop,wscale 7>
        +0    > . 1:1(0) ack 1 <nop,nop,TS val 1200 ecr 500>
        +0    %{ assert tcpi_rto == 3000000 }%
        +0    write(3, ..., 10) = 10
        +0    > P. 1:11(10) ack 1 <nop,nop,TS val 1200 ecr 500>
        +.01  < . 1:1(0) ack 11 win 512 <nop,nop,TS val 510 ecr 1200>
        +0    %{ assert tcpi_rtt == 10000 }%
        +0    %{ assert tcpi_rto == 200000 }%
        """);
  }

  @Test
  @DisplayName(
      "RFC 7323 5.3 R1 PAWS: an older timestamp is dropped and answered by an ACK, RST is not")
  void paws() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < P. 1:101(100) ack 1 win 512 <nop,nop,TS val 250 ecr 500>
            +.04  > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 250>
            +0    < P. 101:201(100) ack 1 win 512 <nop,nop,TS val 240 ecr 500>
            +0    > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 250>
            +0    read(4, ..., 1000) = 100
            +0    < R 101:101(0) win 0 <nop,nop,TS val 240 ecr 0>
            +0    read(4, ..., 10) = -1 ECONNRESET (Connection reset)
            """);
  }

  @Test
  @DisplayName("RFC 7323 5.2 PAWS counts modulo 2^32")
  void pawsWraps() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1012,sackOK,TS val 4294967290 ecr 0,nop,wscale 7>
            +0    > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 500 ecr 4294967290,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 4294967295 ecr 500>
            +0    accept(3, ..., ...) = 4
            +0    < P. 1:101(100) ack 1 win 512 <nop,nop,TS val 5 ecr 500>
            +.04  > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 5>
            +0    < P. 101:201(100) ack 1 win 512 <nop,nop,TS val 4294967295 ecr 500>
            +0    > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 5>
            """);
  }

  @Test
  @DisplayName("RFC 7323 5.5 after 24 idle days an old timestamp counts no more")
  void outdated() {
    check(
        SERVER_WITH_OPTIONS
            + """
            2160000 < P. 1:101(100) ack 1 win 512 <nop,nop,TS val 100 ecr 500>
            +.04  > . 1:1(0) ack 101 <nop,nop,TS val 640 ecr 100>
            """);
  }

  @Test
  @DisplayName("RFC 7323 4.3 (2) the timestamp of the segment that is acknowledged first is echoed")
  void echoOfTheFirst() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < . 1:1001(1000) ack 1 win 512 <nop,nop,TS val 210 ecr 500>
            +.01  < . 1001:2001(1000) ack 1 win 512 <nop,nop,TS val 220 ecr 500>
            +0    > . 1:1(0) ack 2001 <nop,nop,TS val 600 ecr 210>
            """);
  }

  @Test
  @DisplayName("RFC 7323 4.3 (3) an out-of-order segment does not change what is echoed")
  void echoOutOfOrder() {
    check(
        SERVER_WITH_OPTIONS
            + """
            +0    < . 1001:2001(1000) ack 1 win 512 <nop,nop,TS val 220 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 1001:2001>
            +.01  < . 1:1001(1000) ack 1 win 512 <nop,nop,TS val 230 ecr 500>
            +0    > . 1:1(0) ack 2001 <nop,nop,TS val 600 ecr 230>
            """);
  }

  @Test
  @DisplayName("RFC 7323 2.5, 3.2 timestamps that were not agreed are ignored")
  void notAgreed() {
    check(
        LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < P. 1:101(100) ack 1 win 65535 <nop,nop,raw 080a0000006400000007>
            +.04  > . 1:1(0) ack 101
            """);
  }

  @Test
  @DisplayName("RFC 7323 3.2 a RST of a connection has timestamps too")
  void inResets() {
    check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    < S 0:0(0) win 65535 <mss 1000,sackOK,TS val 100 ecr 0>
        +0    > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 1 ecr 100>
        +.1   < . 1:1(0) ack 1 win 65535 <nop,nop,TS val 200 ecr 1>
        +0    accept(3, ..., ...) = 4
        +0    < P. 1:11(10) ack 1 win 65535 <nop,nop,TS val 201 ecr 1>
        +0    close(4) = 0
        +0    > R. 1:1(0) ack 11 <nop,nop,TS val 101 ecr 201>
        """);
  }
}
