package microps.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microps.sim.script.Script.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever stands in a script, playing it ends with a verdict and, where it did not pass, a line.
class MutatedScriptTest {
  private static final Pattern TOKEN = Pattern.compile("\\s+|\\w+|.", Pattern.DOTALL);
  private static final int RUNS = 100;

  private static final String SCRIPT =
      """
      // config: mtu=1400 tcp_ts_tick_usecs=1000 isn=7
      --tolerance_usecs=5000
      `./defaults.sh
      sysctl -q net.ipv4.tcp_rmem="4096 131072 $((32*1024*1024))" net.ipv4.tcp_ecn=1`
      0     socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3
      +0    setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=3}, 8) = 0
      +0    bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.168.0.1")}, ...) = 0
      +0    listen(3, 1) = 0
      +0    < 40000 > 80 SEW 0:0(0) win 32792 <mss 1000,sackOK,TS val 10 ecr 0,nop,wscale 7,FO>
      +0    > 80 > 40000 SE. 0:0(0) ack 1 <mss 1360,sackOK,TS val 10 ecr 10,nop,wscale 10>
      +.1   < [ect0] . 1:1(0) ack 1 win 257 <nop,nop,TS val 20 ecr 10>
      +0    accept4(3, ..., ..., SOCK_NONBLOCK) = 4
      +0    setsockopt(4, SOL_TCP, TCP_CONGESTION, "reno", 4) = 0
      +0    sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 30}, {..., 20}], msg_flags=0}, 0) = 50
      +.0~+.2 > P. 1:51(50) ack 1 <...>
      +0...0.1 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 500) = 1
      +.1   < P. 1:101(100) ack 51 win 257 urg 3 <nop,nop,TS val 30 ecr 10> {checksum bad}
      +0    < P. 1:101(100) ack 51 win 257 <nop,nop,TS val 30 ecr 10,nop,nop,sack 1:2>
      *     > . 51:51(0) ack 101 <...>
      +0    ioctl(4, SIOCINQ, [100]) = 0
      +0    recvmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 100}], msg_flags=0,
                 msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=0}]}, 0) = 100
      +0    %{ x = 2; assert 1 < tcpi_snd_cwnd <= 10 * x, tcpi_snd_cwnd }%
      +0    < [1:51(50)] icmp unreachable frag_needed mtu 600
      +0    fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0
      +0    shutdown(4, SHUT_WR) = 0
      +0    close(4) = 0
      """;

  private static final String[] PIECES = {
    "",
    "0",
    "-1",
    "1",
    "65536",
    "4294967295",
    "99999999999999999999",
    "...",
    "~",
    "+",
    "*",
    "=",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "|",
    ",",
    "\"",
    "`",
    "%{",
    "}%",
    "//",
    "/*",
    "nop",
    "4",
    "NULL",
    "close",
    "0x",
    ".",
    "~+",
    "\n",
    " ",
    "é",
    "TFO_COOKIE",
    "\\"
  };

  private static String mutate(String text, SplittableRandom random) {
    List<String> tokens = new ArrayList<>();
    Matcher m = TOKEN.matcher(text);
    while (m.find()) {
      tokens.add(m.group());
    }
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(tokens.size());
      String other =
          random.nextBoolean()
              ? PIECES[random.nextInt(PIECES.length)]
              : tokens.get(random.nextInt(tokens.size()));
      switch (random.nextInt(3)) {
        case 0 -> tokens.set(at, other);
        case 1 -> tokens.add(at, other);
        default -> tokens.remove(at);
      }
    }
    return String.join("", tokens);
  }

  @Test
  void asItIsItComesTrue() {
    assertThat(Script.play(SCRIPT, PlayOptions.DEFAULT.with(Profile.LINUX)).toString())
        .isEqualTo("PASS");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void itEndsWithAVerdict(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Profile[] profiles = Profile.values();
    for (int run = 0; run < RUNS; run++) {
      String script = mutate(SCRIPT, random);
      PlayOptions options = PlayOptions.DEFAULT.with(profiles[run % 2]);
      Result result;
      try {
        result = Script.play(script, options);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", run " + run + ":\n" + script, e);
      }
      assertThat(result.passed() || result.line() > 0).as(script).isTrue();
      assertThat(result.message()).as(script).doesNotContain("the stack threw");
    }
  }
}
