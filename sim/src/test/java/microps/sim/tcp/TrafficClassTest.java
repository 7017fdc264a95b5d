package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;
import static microps.sim.tcp.Opening.SERVER;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 9293, section 3.9.1: the differentiated services field and the time to live, on the wire.
class TrafficClassTest {
  private static final String CONNECT =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    setsockopt(3, IPPROTO_IP, IP_TOS, [184], 4) = 0
      +0    setsockopt(3, IPPROTO_IP, IP_TTL, [7], 4) = 0
      +0...0.1 connect(3, ..., ...) = 0
      +0    > [tos 184, ttl 7] S 0:0(0) <...>
      +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000>
      +0    > [tos 184, ttl 7] . 1:1(0) ack 1
      """;

  @Test
  @DisplayName(
      "MUST-48, MUST-49, SHLD-22 DSCP and TTL of the user's stand on every segment from the SYN on")
  void everySegment() {
    check(
        CONNECT
            + """
            +0    write(3, ..., 10) = 10
            +0    > [tos 184, ttl 7] P. 1:11(10) ack 1
            +.1   < P. 1:11(10) ack 11 win 65535
            +.04  > [tos 184, ttl 7] . 11:11(0) ack 11
            +0    read(3, ..., 100) = 10
            +0    shutdown(3, SHUT_WR) = 0
            +0    > [tos 184, ttl 7] F. 11:11(0) ack 11
            +.25  > [tos 184, ttl 7] F. 11:11(0) ack 11
            +.1   < F. 11:11(0) ack 12 win 65535
            +0    > [tos 184, ttl 7] . 12:12(0) ack 12
            """);
  }

  @Test
  @DisplayName("MUST-48, MUST-49 also on the RST of an abort")
  void abort() {
    check(
        CONNECT
            + """
            +0    setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0
            +0    close(3) = 0
            +0    > [tos 184, ttl 7] R. 1:1(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-48, MUST-49 the defaults are 0 and 64")
  void defaults() {
    check(
        LISTEN
            + """
            +0    getsockopt(3, IPPROTO_IP, IP_TOS, [0], [4]) = 0
            +0    getsockopt(3, IPPROTO_IP, IP_TTL, [64], [4]) = 0
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > [tos 0, ttl 64] S. 0:0(0) ack 1 <mss 1460>
            +0    < 50001 > 9999 S 0:0(0) win 65535
            +0    > [tos 0, ttl 64] 9999 > 50001 R. 0:0(0) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-48, MUST-49 an accepted connection has its listener's, from the SYN-ACK on")
  void inherited() {
    check(
        LISTEN
            + """
            +0    setsockopt(3, IPPROTO_IP, IP_TOS, [32], 4) = 0
            +0    setsockopt(3, IPPROTO_IP, IP_TTL, [255], 4) = 0
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > [tos 32, ttl 255] S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 10) = 10
            +0    > [tos 32, ttl 255] P. 1:11(10) ack 1
            """);
  }

  @Test
  @DisplayName("SHLD-21 DSCP and TTL may change during a connection")
  void changed() {
    check(
        SERVER
            + """
            +0    write(4, ..., 10) = 10
            +0    > [tos 0, ttl 64] P. 1:11(10) ack 1
            +0    setsockopt(4, IPPROTO_IP, IP_TOS, [40], 4) = 0
            +0    setsockopt(4, IPPROTO_IP, IP_TTL, [3], 4) = 0
            +.3   > [tos 40, ttl 3] P. 1:11(10) ack 1
            +.1   < . 1:1(0) ack 11 win 65535
            +0    write(4, ..., 10) = 10
            +0    > [tos 40, ttl 3] P. 11:21(10) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 3168 5 the two ECN bits are not the user's")
  void ecnBits() {
    check(
        SERVER
            + """
            +0    setsockopt(4, IPPROTO_IP, IP_TOS, [187], 4) = 0
            +0    write(4, ..., 10) = 10
            +0    > [tos 184] P. 1:11(10) ack 1
            """);
  }

  @Test
  @DisplayName("MUST-48 what the peer sets changes nothing of ours")
  void notEchoed() {
    check(
        SERVER
            + """
            +0    < [tos 184, ttl 1] P. 1:11(10) ack 1 win 65535
            +.04  > [tos 0, ttl 64] . 1:1(0) ack 11
            +0    < [tos 184, ttl 0] P. 11:21(10) ack 1 win 65535
            +.04  > [tos 0, ttl 64] . 1:1(0) ack 21
            """);
  }
}
