package microps.sim.tcp;

import static microps.sim.script.Scripts.check;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 6191: a new connection where the old one is in TIME-WAIT.
class TimeWaitReuseTest {
  private static final String CLOSED =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    bind(3, {sa_family = AF_INET, sin_port = htons(5000), sin_addr = inet_addr("192.168.0.1")}, ...) = 0
      +0...0.1 connect(3, ..., ...) = 0
      +0    > S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>
      +.1   < S. 0:0(0) ack 1 win 65535 <mss 1000,sackOK,TS val 700 ecr 100,nop,wscale 7>
      +0    > . 1:1(0) ack 1 <nop,nop,TS val 200 ecr 700>
      +0    close(3) = 0
      +0    > F. 1:1(0) ack 1 <nop,nop,TS val 200 ecr 700>
      +.1   < F. 1:1(0) ack 2 win 65535 <nop,nop,TS val 800 ecr 200>
      +0    > . 2:2(0) ack 2 <nop,nop,TS val 300 ecr 800>
      """;

  private static final String AGAIN =
      """
      %s    socket(..., SOCK_STREAM, IPPROTO_TCP) = 4
      +0    bind(4, {sa_family = AF_INET, sin_port = htons(5000), sin_addr = inet_addr("192.168.0.1")}, ...) = 0
      """;

  @Test
  @DisplayName(
      "RFC 6191 an active OPEN takes the place of a connection in TIME-WAIT with timestamps")
  void reused() {
    check(
        "// config: strict=off\n"
            + CLOSED
            + AGAIN.formatted("+2")
            + """
            +0    fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0
            +0    connect(4, ..., ...) = -1 EINPROGRESS (Operation now in progress)
            +0    > S 0:0(0) <mss 1460,sackOK,TS val 2300 ecr 0,nop,wscale 7>
            """);
  }

  @Test
  @DisplayName("RFC 6191 not within a second of the peer's last word")
  void tooSoon() {
    check(
        CLOSED
            + AGAIN.formatted("+.9")
            + """
            +0    connect(4, ..., ...) = -1 EADDRINUSE (Address already in use)
            """);
  }

  @Test
  @DisplayName("RFC 6191 it can be switched off: 3.10.1 the connection exists already")
  void knob() {
    check(
        "// config: timeWaitReuse=off\n"
            + CLOSED
            + AGAIN.formatted("+2")
            + """
            +0    connect(4, ..., ...) = -1 EADDRINUSE (Address already in use)
            """);
  }
}
