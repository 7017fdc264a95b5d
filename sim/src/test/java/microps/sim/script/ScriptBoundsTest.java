package microps.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import microps.sim.script.Script.Result;
import microps.sim.script.Script.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A script costs no more time and memory than is worth waiting for.
class ScriptBoundsTest {
  private static final String CLIENT =
      """
      0     socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
      +0    fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
      +0    connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
      +0    > S 0:0(0) <...>
      """;

  private static final String ESTABLISHED =
      CLIENT + "+.1 < S. 0:0(0) ack 1 win 60000 <mss 1000>\n+0 > . 1:1(0) ack 1\n";

  @Test
  void soManyTimersAndNoMore() {
    String often = "// config: strict=off initialRto=1ms minRto=1ms maxRto=1ms synTimeout=1000s\n";
    Result result = Script.play(often + CLIENT + "+99 %{ assert state == SYN_SENT }%\n");
    assertThat(result.toString()).isEqualTo("PASS");
    result = Script.play(often + CLIENT + "+101 %{ assert state == SYN_SENT }%\n");
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.message()).contains("there is no end: 100000 timers expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"write(3, ..., N)", "read(3, ..., N)", "writev(3, [{..., N}], 1)"})
  void aCallMovesSoManyOctetsAndNoMore(String call) {
    for (String count : new String[] {"67108865", "-1"}) {
      Result result = Script.play(ESTABLISHED + "+0 " + call.replace("N", count) + " = 1\n");
      assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.UNREADABLE);
      assertThat(result.message()).contains("a count is 0 to 67108864, not " + count);
    }
    Result most = Script.play(ESTABLISHED + "+0 " + call.replace("N", "67108864") + " = 1\n");
    assertThat(most.verdict()).as(most.toString()).isEqualTo(Verdict.FAIL);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 65, 1_000_000, Integer.MAX_VALUE})
  void aDescriptorMayBeOfAnyNumber(int number) {
    Scripts.check(ESTABLISHED.replace("3", "" + number) + "+0 %{ assert tcpi_snd_mss == 1000 }%");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2", "2147483648", "4294967299"})
  void orOfNone(String number) {
    Result result = Script.play("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = " + number);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.FAIL);
  }
}
