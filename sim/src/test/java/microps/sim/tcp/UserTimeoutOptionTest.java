package microps.sim.tcp;

import static microps.sim.script.Scripts.check;
import static microps.sim.tcp.Opening.LISTEN;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// RFC 5482: peers tell each other how long they wait for acknowledgments.
class UserTimeoutOptionTest {
  private static final String ON = "// config: userTimeoutOption=on dataTimeout=120s\n" + LISTEN;

  @Test
  @DisplayName("RFC 5482 3.1 the option is in the SYN-ACK, and once more after it")
  void sent() {
    check(
        ON
            + """
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460,raw 1c040078>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    < F. 1:1(0) ack 1 win 65535
            +0    > . 1:1(0) ack 2 <raw 1c040078>
            +0    write(4, ..., 10) = 10
            +0    > P. 1:11(10) ack 2
            """);
  }

  @Test
  @DisplayName("RFC 5482 3.1, MUST-16 it rides on text, too, which leaves its four octets to it")
  void besideText() {
    check(
        ON
            + """
            +0    < S 0:0(0) win 65535 <mss 1000>
            +0    > S. 0:0(0) ack 1 <mss 1460,raw 1c040078>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            +0    write(4, ..., 2996) = 2996
            +0    > . 1:997(996) ack 1 <raw 1c040078>
            +0    > . 997:1997(1000) ack 1
            +0    > P. 1997:2997(1000) ack 1
            +.1   < . 1:1(0) ack 2997 win 65535
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [30000], 4) = 0
            +0    write(4, ..., 2000) = 2000
            +0    > . 2997:3993(996) ack 1 <raw 1c04001e>
            +0    > . 3993:4993(1000) ack 1
            +.1   < . 1:1(0) ack 4993 win 65535
            +0    > P. 4993:4997(4) ack 1
            """);
  }

  @Test
  @DisplayName("RFC 5482 3.1 where SACK blocks fill the header, it waits for the next segment")
  void noRoom() {
    check(
        ON
            + """
            +0    < S 0:0(0) win 65535 <mss 1012,sackOK,TS val 100 ecr 0,nop,wscale 7>
            +0    > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 500 ecr 100,nop,wscale 7,raw 1c040078>
            +.1   < . 1:1(0) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
            +0    accept(3, ..., ...) = 4
            +0    < . 101:201(100) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 101:201,raw 1c040078>
            +0    < . 301:401(100) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 301:401 101:201>
            +0    < . 501:601(100) ack 1 win 512 <nop,nop,TS val 200 ecr 500>
            +0    > . 1:1(0) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 501:601 301:401 101:201>
            +0    setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [30000], 4) = 0
            +0    write(4, ..., 2000) = 2000
            +0    > . 1:973(972) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 501:601 301:401 101:201>
            +0    > . 973:1945(972) ack 1 <nop,nop,TS val 600 ecr 200,nop,nop,sack 501:601 301:401 101:201>
            +.1   < . 1:501(500) ack 1945 win 512 <nop,nop,TS val 300 ecr 600>
            +0    > P. 1945:2001(56) ack 601 <nop,nop,TS val 700 ecr 300,nop,nop,sack 101:201,raw 1c04001e>
            """);
  }

  @Test
  @DisplayName("RFC 5482 3.1 it is off by default: neither sent nor heard")
  void offByDefault() {
    check(
        "// config: dataTimeout=120s\n"
            + LISTEN
            + """
            +0    < S 0:0(0) win 65535 <mss 1000,raw 1c04012c>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            +.1   < . 1:1(0) ack 1 win 65535
            +0    accept(3, ..., ...) = 4
            """);
  }

  private static String patience(String option, String more, int seconds) {
    return ON.replace("120s", "120s strict=off")
        + """
        +0    < S 0:0(0) win 65535 <mss 1000,raw %s>
        +0    > S. 0:0(0) ack 1 <...>
        +.1   < . 1:1(0) ack 1 win 65535
        +0    accept(3, ..., ...) = 4
        %s
        +0    write(4, ..., 10) = 10
        +0    > P. 1:11(10) ack 1 <...>
        +%d   %%{ assert state == ESTABLISHED }%%
        +2    %%{ assert state == CLOSED }%%
        """
            .formatted(option, more, seconds - 1);
  }

  @Test
  @DisplayName("RFC 5482 3.1 the peer waits for longer: so do we, up to our own limit")
  void adopted() {
    check(patience("1c04012c", "", 300));
    check(patience("1c047fff", "", 3600));
  }

  @Test
  @DisplayName("RFC 5482 3.1 the peer waits for less: we do not")
  void notShortened() {
    check(patience("1c040001", "", 120));
    check(patience("1c040000", "", 120));
  }

  @Test
  @DisplayName("RFC 5482 3.1 what the user has set is not changed by the peer")
  void usersWord() {
    check(patience("1c04012c", "+0 setsockopt(4, SOL_TCP, TCP_USER_TIMEOUT, [30000], 4) = 0", 30));
  }

  @Test
  @DisplayName("RFC 5482 3.1 it may change during the connection")
  void changed() {
    check(patience("1c04012c", "+0 < . 1:1(0) ack 1 win 65535 <raw 1c0400c8>", 200));
  }
}
