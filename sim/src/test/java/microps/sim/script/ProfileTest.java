package microps.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import microps.sim.script.Script.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the profile `linux` lets pass, and what it looks at all the same.
class ProfileTest {
  private static Result linux(String script) {
    return Script.play(script, PlayOptions.DEFAULT.with(Profile.LINUX));
  }

  private static final String LINUX_SERVER =
      """
      `./defaults.sh`
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    bind(3, ..., ...) = 0
      +0    listen(3, 1) = 0
      +0    < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
      +0    > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>
      +.1   < . 1:1(0) ack 1 win 257
      +0    accept(3, ..., ...) = 4
      """;

  @Test
  void inTheProfileLinuxAScriptWrittenAgainstLinuxComesTrue() {
    String script =
        LINUX_SERVER
            + """
            +0    < P. 1:1001(1000) ack 1 win 257
            +0    > . 1:1(0) ack 1001
            +0    read(4, ..., 1000) = 1000
            +0    write(4, ..., 3000) = 3000
            +0    > P. 1:2001(2000) ack 1001
            +0    > . 2001:3001(1000) ack 1001 win 300
            +.1   < F. 1001:1001(0) ack 3001 win 257
            +.04  > . 3001:3001(0) ack 1002
            +0    setsockopt(4, SOL_SOCKET, SO_SNDBUF, [10000], 4) = 0
            +0    getsockopt(4, SOL_SOCKET, SO_SNDBUF, [20000], [4]) = 0
            +0    close(4) = 0
            """;
    assertThat(linux(script).toString()).isEqualTo("PASS");
    assertThat(Script.play("// config: profile=linux\n" + script).toString()).isEqualTo("PASS");
    assertThat(Script.play(script).line()).isEqualTo(6);
  }

  @Test
  void theProfileLinuxLooksAtWhatDoesNotDependOnLinux() {
    String write = LINUX_SERVER + "+0 write(4, ..., 500) = 500\n";
    assertThat(linux(write + "+0 > P. 1:501(500) ack 1 win 0").message())
        .contains("differs   window");
    assertThat(linux(write + "+0 > F. 1:501(500) ack 1").message()).contains("differs   flags");
    assertThat(linux(write + "+0 > . 1:400(399) ack 1").message()).contains("differs   length");
    assertThat(linux(write + "+.1 > P. 1:501(500) ack 1").message()).contains("differs   time");
    String late = LINUX_SERVER + "+0 < P. 1:1001(1000) ack 1 win 257\n+0 > . 1:1(0) ack 1001\n";
    assertThat(linux("// config: quickAcks=0\n" + late).message()).contains("seen      nothing");
  }

  @Test
  void inTheProfileLinuxAnswersOfAnotherProtocolAreNoMatterOfALineOfTcp() {
    String ping = LINUX_SERVER + "+0 < icmp echo_request\n+0 write(4, ..., 5) = 5\n";
    assertThat(linux(ping + "+0 > P. 1:6(5) ack 1").toString()).isEqualTo("PASS");
    assertThat(linux(ping + "+0 > icmp echo_reply\n+0 > P. 1:6(5) ack 1").toString())
        .isEqualTo("PASS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FO TFO_COOKIE", "FO 3021b9d889017eeb"})
  void theCookieOfFastOpenIsTheOneThatTheStackGives(String option) {
    String script =
        """
        0     socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    setsockopt(3, SOL_TCP, TCP_FASTOPEN, [1], 4) = 0
        +0    < S 0:10(10) win 32792 <mss 1460,sackOK,nop,nop,%s,nop,nop>
        +0    > S. 0:0(0) ack 11 <mss 1460,nop,nop,sackOK>
        +0    accept(3, ..., ...) = 4
        +0    %%{ assert (tcpi_options & TCPI_OPT_SYN_DATA) != 0, tcpi_options }%%
        +0    read(4, ..., 512) = 10
        """
            .formatted(option);
    assertThat(linux(script).toString()).isEqualTo("PASS");
    assertThat(linux(script.replace("TCP_FASTOPEN, [1]", "TCP_NODELAY, [1]")).message())
        .contains("the stack gives no Fast Open cookie");
    assertThat(linux(script.replace(option, "FO 0102030405060708")).message())
        .contains("differs   ack");
  }

  @Test
  void thereAreTwoProfiles() {
    Result result = Script.play("// config: profile=bsd\n" + LINUX_SERVER);
    assertThat(result.toString())
        .isEqualTo("UNREADABLE line 1: there is no profile 'bsd'; linux or microps");
  }
}
