package microps.sim.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import microps.sim.script.Script.Result;
import microps.sim.script.Script.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
  private static final String SERVER =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
      +0    bind(3, ..., ...) = 0
      +0    listen(3, 1) = 0
      +0    < S 0:0(0) win 32792 <mss 1000>
      +0    > S. 0:0(0) ack 1 <...>
      +.1   < . 1:1(0) ack 1 win 32792
      +0    accept(3, ..., ...) = 4
      """;

  private static Result failing(String script) {
    Result result = Script.play(script);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.FAIL);
    return result;
  }

  private static Result unreadable(String script) {
    Result result = Script.play(script);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.UNREADABLE);
    return result;
  }

  @Test
  void aConversation() {
    Scripts.check(
        SERVER
            + """
            // a comment
            /* another
               of several lines */
            +0    < P. 1:1001(1000) ack 1 win 32792
            +.04  > . 1:1(0) ack 1001
            +0    read(4, ..., 2000) = 1000
            +0    write(4, ..., 500) = 500
            +0    > P. 1:501(500) ack 1001
            +.1   < . 1001:1001(0) ack 501 win 32792
            +0    close(4) = 0
            +0    > F. 501:501(0) ack 1001
            +0    < F. 1001:1001(0) ack 502 win 32792
            +0    > . 502:502(0) ack 1002
            """);
  }

  @Test
  void theFiveFormsOfTimeAndABlockingCall() {
    Scripts.check(
        SERVER
            + """
            +0...0.300 read(4, ..., 1000) = 10
            +.3        < P. 1:11(10) ack 1 win 32792
            +.03~+.05  > . 1:1(0) ack 11
            +0         write(4, ..., 5) = 5
            *          > P. 1:6(5) ack 11
            0.600      < . 11:11(0) ack 6 win 32792
            0.700      write(4, ..., 5) = 5
            0.695~0.705 > P. 6:11(5) ack 11
            """);
  }

  @Test
  void sequenceNumbersOfSynSegmentsAreAbsoluteAllOthersRelative() {
    Scripts.check(
        """
        // config: isn=4294967290
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    < S 4294967295:4294967295(0) win 1000 <mss 1000>
        +0    > S. 77:77(0) ack 0 <...>
        +.1   < . 1:1(0) ack 1 win 1000
        +0    accept(3, ..., ...) = 4
        +0    write(4, ..., 20) = 20
        +0    > P. 1:21(20) ack 1
        +.1   < P. 1:11(10) ack 21 win 1000
        +.04  > . 21:21(0) ack 11
        +0    read(4, ..., 20) = 10
        """);
  }

  @Test
  void anActiveOpenLearnsTheEphemeralPort() {
    Scripts.check(
        """
        0        socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0       fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0       fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
        +0       connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
        +0       > S 0:0(0) <...>
        +.1      < S. 5:5(0) ack 1 win 5792 <mss 1460>
        +0       > . 1:1(0) ack 1
        +0       getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
        +0       poll([{fd=3, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1
        +0       write(3, ..., 10) = 10
        +0       > P. 1:11(10) ack 1
        """);
  }

  @Test
  void twoConversationsByTheirPorts() {
    Scripts.check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 5) = 0
        +0    < 50001 > 8080 S 0:0(0) win 1000 <mss 1000>
        +0    > 8080 > 50001 S. 0:0(0) ack 1 <...>
        +0    < 50002 > 8080 S 0:0(0) win 1000 <mss 1000>
        +0    > 8080 > 50002 S. 0:0(0) ack 1 <...>
        +0    < 50001 > 8080 . 1:1(0) ack 1 win 1000
        +0    < 50002 > 8080 . 1:1(0) ack 1 win 1000
        +0    accept(3, ..., ...) = 4
        +0    accept(3, ..., ...) = 5
        +0    write(5, ..., 7) = 7
        +0    > 8080 > 50002 P. 1:8(7) ack 1
        """);
  }

  @Test
  void udpAndIcmp() {
    Scripts.check(
        """
        0     socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3
        +0    bind(3, ..., ...) = 0
        +0    connect(3, ..., ...) = 0
        +0    < udp (100)
        +0    read(3, ..., 1000) = 100
        +0    write(3, ..., 50) = 50
        +0    > udp (50)
        +0    < icmp unreachable port_unreachable [udp (50)]
        +0    write(3, ..., 50) = -1 ECONNREFUSED (Connection refused)
        +0    < icmp echo_request id 7
        +0    > icmp echo_reply id 7
        """);
  }

  @Test
  void aFailureSaysLineExpectedAndSeen() {
    Result result =
        failing(
            SERVER
                + """
                +0    write(4, ..., 500) = 500
                +0    > P. 1:502(501) ack 1
                """);
    assertThat(result.line()).isEqualTo(10);
    assertThat(result.message())
        .contains("+0    > P. 1:502(501) ack 1")
        .contains("expected  > P. 1:502(501) ack 1 at 0.100000")
        .contains("seen      > P. 1:501(500) ack 1 win")
        .contains("differs   length");
  }

  @Test
  void nothingWhereAPacketIsExpectedIsAFailure() {
    assertThat(failing(SERVER + "+.5 > . 1:1(0) ack 1").message())
        .contains("seen      nothing until 0.604000");
  }

  @Test
  void aPacketAtTheWrongTimeIsAFailure() {
    assertThat(
            failing(SERVER + "+0 < P. 1:11(10) ack 1 win 9000\n+.045 > . 1:1(0) ack 11").message())
        .contains("differs   time");
  }

  @Test
  void anUnexpectedPacketBeforeTheLastEventIsAFailure() {
    String script = SERVER + "+0 < P. 1:11(10) ack 1 win 9000\n+1 `true`\n";
    assertThat(failing(script).message()).contains("expected  nothing more");
    assertThat(Script.play("--strict=off\n" + script).passed()).isTrue();
  }

  @Test
  void theResultOfACallIsCompared() {
    assertThat(failing(SERVER + "+0 write(4, ..., 500) = 400").message())
        .contains("expected  = 400", "seen      = 500");
    assertThat(failing(SERVER + "+0 write(4, ..., 500) = -1 EPIPE (Broken pipe)").message())
        .contains("expected  = -1 EPIPE", "seen      = 500");
    assertThat(failing(SERVER + "+0 read(4, ..., 500) = 0").message()).contains("the call waits");
  }

  @Test
  void aBlockingCallThatReturnsAtTheWrongTimeIsAFailure() {
    String read = SERVER + "+0...0.2 read(4, ..., 10) = 10\n";
    assertThat(failing(read + "+.1 < P. 1:11(10) ack 1 win 900").message())
        .contains("the call returns at 0.300000", "it returned 10 at 0.200000");
    assertThat(failing(read + "+.1 < . 1:1(0) ack 1 win 900").message())
        .contains("it does not return");
  }

  @Test
  void numbersOfTheConnectionAreAsserted() {
    Scripts.check(
        SERVER + "+0 %{ assert state == ESTABLISHED\nassert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%");
    assertThat(failing(SERVER + "+0 %{ assert tcpi_snd_cwnd == 11 }%").message())
        .contains("assert tcpi_snd_cwnd == 11: tcpi_snd_cwnd is 10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assert 9 < tcpi_snd_cwnd <= 10 and not tcpi_snd_cwnd == 11, 'cwnd, is %d' % tcpi_snd_cwnd",
        "assert (tcpi_snd_cwnd & 2) != 0 or 1 == 2; assert tcpi_snd_cwnd == 5 * (1 + 1)",
        "assert tcpi_snd_cwnd // 3 == 3 and 10 % 4 == 2 and 1 << 4 == 16 and ~0 == -1 # so it is",
        "assert tcpi_state == TCP_ESTABLISHED, (tcpi_state,\n  tcpi_rto)\nprint(tcpi_rto)",
        "assert abs(tcpi_snd_cwnd - 12) <= max(1, 2), \\\n 'it is'",
        "assert tcpi_rto >= 2e5 and True;",
        "assert tcpi_snd_cwnd == 10; x = tcpi_snd_cwnd + 1; x -= 2; x += 1\nassert x == 10",
      })
  void conditionsAreReadAsPythonReadsThem(String code) {
    Scripts.check(SERVER + "+0 %{ " + code + " }%");
    failing(SERVER + "+0 %{ " + code.replaceFirst("assert .*?[,;#\\n]", "assert 1 > 2;") + " }%");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "assert",
        "assert (1",
        "assert 1 +",
        "assert tcpi_nonsense == 1",
        "assert 1 == 1 1",
        "assert foo(1)",
        "x += 1",
        "assert 'a' == 'a'",
        "assert 1 ? 2"
      })
  void otherCodeIsUnreadable(String code) {
    unreadable(SERVER + "+0 %{ " + code + " }%");
  }

  @Test
  void sysctlsThatTheStackHasAreMappedOthersNoted() {
    Result result =
        Script.play(
            """
            `sysctl -q net.ipv4.tcp_timestamps=0
             sysctl -q net.ipv4.tcp_sack=0
             sysctl -q net.ipv4.tcp_wmem="4096 16384 4194304"
             sysctl -q net.ipv4.tcp_no_such_thing=1`
            0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0    bind(3, ..., ...) = 0
            +0    listen(3, 1) = 0
            +0    < S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1 ecr 0>
            +0    > S. 0:0(0) ack 1 <mss 1460>
            """);
    assertThat(result.passed()).as(result.toString()).isTrue();
    assertThat(result.notes())
        .singleElement()
        .asString()
        .contains("line 1: passed over: sysctl -q net.ipv4.tcp_no_such_thing=1");
  }

  @Test
  void shellLinesThatPrepareAMachineAreNotedAllOthersAreUnreadable() {
    Result result =
        Script.play(
            """
            `../../common/defaults.sh
             ./set_sysctls.py /proc/sys/net/ipv4/tcp_timestamps=0 /proc/sys/net/ipv4/tcp_abc=2
             ethtool -K tun0 tso off gso off > /dev/null 2>&1   # one at a time
             ip tcp_metrics flush all && sysctl -q net.ipv4.tcp_sack=0 net.ipv4.tcp_xyz=3`
            """
                + SERVER
                    .replace("<mss 1000>", "<mss 1000,sackOK,TS val 1 ecr 0>")
                    .replace("<...>", "<mss 1460>")
                + "`/tmp/sysctl_restore_${PPID}.sh`\n");
    assertThat(result.passed()).as(result.toString()).isTrue();
    assertThat(result.notes()).hasSize(6).contains("line 1: passed over: ip tcp_metrics flush all");
    assertThat(unreadable(SERVER + "+0 `sysctl -q net.ipv4.tcp_sack=0`").message())
        .contains("net.ipv4.tcp_sack is changed while the script runs");
    assertThat(unreadable(SERVER + "+0 `nstat | grep -q TcpExtX`").message())
        .contains("the command 'nstat | grep -q TcpExtX' is not supported");
  }

  @Test
  void bytesInSeveralPieces() {
    Scripts.check(
        SERVER
            + """
            +0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 30}, {..., 20}], msg_flags=0}, 0) = 50
            +0 > P. 1:51(50) ack 1
            +0 < P. 1:101(100) ack 51 win 32792
            +0 ioctl(4, SIOCINQ, [100]) = 0
            +0 readv(4, [{..., 10}, {..., 20}], 2) = 30
            +0 recvmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 30}], msg_flags=0,
                 msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=40}]}, 0) = 30
            +0 writev(4, [{..., 1}, {..., 0}], 2) = 1
            +0 > P. 51:52(1) ack 101
            +0 ioctl(4, SIOCOUTQ, [1]) = 0
            """);
  }

  @Test
  void accurateEcnsFlagAndTheExperimentalCookieAreRead() {
    Scripts.check(
        """
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    bind(3, ..., ...) = 0
        +0    listen(3, 1) = 0
        +0    < [noecn] SEWA 0:0(0) win 32792 <mss 1000,FOEXP,nop,nop>
        +0    > [noecn] SE. 0:0(0) ack 1 <...>
        """);
    assertThat(Script.play(SERVER + "+0 > A. 1:1(0) ack 1").verdict())
        .isEqualTo(Verdict.UNSUPPORTED);
  }

  @Test
  void knobsOfTheStackAreSetByTheirNames() {
    Scripts.check(
        """
        // config: timestamps=off windowScale=off sack=off mtu=1000 delayedAck=200ms
        """
            + SERVER.replace("<...>", "<mss 960>")
            + """
            +0    < P. 1:11(10) ack 1 win 9000
            +.2   > . 1:1(0) ack 11
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0 frobnicate(3) = 0",
        "0 socket(..., SOCK_RAW, 0) = 3",
        "0 < Q 0:0(0) win 1",
        "0 < S 0:1(0) win 1",
        "0 < S 0:0(0) win 70000",
        "0 < S 0:0(0) win 1 <frob 1>",
        "0 < S 0:0(0) win 1 <...>",
        "0 < S 0:0(0) win 1 {frob 1}",
        "0 < icmp unreachable nonsense",
        "* < S 0:0(0) win 1",
        "0~1 < S 0:0(0) win 1",
        "1~0 > S 0:0(0)",
        "+1~2 > S 0:0(0)",
        "0 close(9) = 0",
        "0 %{ import tcpi_rto }%",
        "0 `iptables -A INPUT`",
        "--nonsense\n0 `true`",
        "// config: nonsense=1\n0 `true`",
        "// config: timestamps=maybe\n0 `true`",
        "0 socket(..., SOCK_STREAM, 0) = 3\n0 setsockopt(3, SOL_TCP, TCP_FROB, [1], 4) = 0",
        "0 socket(..., SOCK_STREAM, 0) = ",
        "0 socket(..., SOCK_STREAM, 0 = 3",
        "0 \"text\"",
        "what is this"
      })
  void whatIsNotUnderstoodIsUnreadable(String script) {
    assertThat(unreadable(script).line()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 socket(AF_INET6, SOCK_STREAM, 0) = 3",
        "0 < ipv6 ::1 > ::2: S 0:0(0) win 1",
        "--ip_version=ipv6\n0 `true`",
      })
  void whatIsAboutIpv6IsUnsupported(String script) {
    Result result = Script.play(script);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.UNSUPPORTED);
    assertThat(result.passed()).isFalse();
  }

  @Test
  void unreadableSaysTheLine() {
    assertThat(unreadable(SERVER + "+0 frobnicate(3) = 0").toString())
        .isEqualTo("UNREADABLE line 9: the call frobnicate is not supported");
  }

  @Test
  void checkThrowsWhatATestFrameworkUnderstands() {
    assertThatThrownBy(() -> Scripts.check(SERVER + "+0 write(4, ..., 5) = 4"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("FAIL line 9");
  }

  @Test
  void withoutStrictALineMayStandForSegmentsThatFollowOneAnother() {
    String script = SERVER + "+0 write(4, ..., 2500) = 2500\n+0 > P. 1:2001(2000) ack 1\n";
    String lenient = "--strict=off\n";
    assertThat(failing(script).message()).contains("differs   flags, length");
    assertThat(failing(lenient + "--strict_segments\n" + script).message())
        .contains("differs   flags, length");
    script = script.replace("P. 1:2001(2000)", ". 1:2001(2000)");
    assertThat(Script.play(lenient + script).toString()).isEqualTo("PASS");
    assertThat(failing(lenient + script.replace("2001(2000)", "1501(1500)")).message())
        .contains("differs   length");
  }

  @Test
  void errorsThatTheStackNeverSees() {
    Scripts.check(
        SERVER
            + """
            +0 write(4, NULL, 10) = -1 EFAULT (Bad address)
            +0 read(4, NULL, 10) = -1
            +0 read(3, ..., 10) = -1 ENOTCONN (Transport endpoint is not connected)
            +0 write(3, ..., 10) = -1 EPIPE (Broken pipe)
            +0 close(3) = 0
            +0 accept(3, ..., ...) = -1 EBADF (Bad file descriptor)
            +0 close(3) = -1 EBADF (Bad file descriptor)
            +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 close(3) = 0
            """);
  }

  @Test
  void aTimestampMayBeAnything() {
    String script =
        """
        `kldload -n cc_newreno`
        0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
        +0    connect(3, ..., ...) = -1 // EINPROGRESS
        +0    > S 0:0(0) <mss 1460,sackOK,TS val ... ecr 0,nop,wscale 7>
        """;
    assertThat(Script.play(script).toString()).isEqualTo("PASS");
    assertThat(failing("`sysctl -w net.inet.tcp.rfc1323=0`\n" + script).message())
        .contains("differs   options");
    assertThat(unreadable(SERVER + "+0 < . 1:1(0) ack 1 win 9 <TS val ... ecr 0>").message())
        .contains("expected a timestamp");
  }

  @Test
  void anIcmpMessageMayHaveItsQuoteBeforeIt() {
    Scripts.check(
        SERVER
            + """
            +0 write(4, ..., 1000) = 1000
            +0 > P. 1:1001(1000) ack 1
            +0 < [1:1001(1000)] icmp unreachable host_unreachable
            +0 %{ assert soft_error == EHOSTUNREACH }%
            """);
  }
}
