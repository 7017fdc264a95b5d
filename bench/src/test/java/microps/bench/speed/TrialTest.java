package microps.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import microps.bench.peer.Mark;
import microps.bench.speed.HostsTrial.Result;
import org.junit.jupiter.api.Test;

/// What trials take of answers.
class TrialTest {
  private static final Mark MARK = new Mark(2_000_000_000L, 5_000_000_000L, 0, 4_000, 8_000, 400);

  @Test
  void aPingsAverageIsInMicroseconds() throws Exception {
    String printed =
        """
        PING 192.0.2.2 (192.0.2.2) 56(84) bytes of data.

        --- 192.0.2.2 ping statistics ---
        40 packets transmitted, 40 received, 0% packet loss, time 999ms
        rtt min/avg/max/mdev = 0.010/0.041/0.300/0.012 ms, ipg/ewma 0.050/0.040 ms
        """;
    assertThat(PingTrial.sample(printed, MARK)).isEqualTo(new Sample(41, 200, 10));
    assertThatThrownBy(() -> PingTrial.sample("ping: socket: Operation not permitted\n", MARK))
        .hasMessage("ping says: ping: socket: Operation not permitted");
  }

  @Test
  void resultsOfTwoHosts() {
    assertThat(Result.BITS.sample(MARK).value()).isEqualTo(20);
    assertThat(Result.OPERATIONS.sample(MARK)).isEqualTo(new Sample(2, 2, 0.1));
    assertThat(Result.COUNT.sample(MARK).value()).isEqualTo(4000);
    assertThat(Result.HEAP.sample(MARK).value()).isEqualTo(5e9);
    assertThat(Result.HEAP.sample(MARK).cpu()).isNaN();
  }

  @Test
  void aProgramThatIsMissingIsNamedWithItsPackage() {
    assertThat(Programs.missing("no-such-program", "no-such-package"))
        .isEqualTo("no-such-program is not installed: apt-get install no-such-package");
    assertThat(Programs.missing("sh", "dash")).isNull();
  }

  @Test
  void theListSaysWhatIsWanted() {
    assertThat(SpeedFigures.list().lines())
        .anySatisfy(line -> assertThat(line).matches("bulk-in +0.8x +0.55x +Gb/s .*"))
        .anySatisfy(line -> assertThat(line).matches("garbage-in +<= 0 +<= 10 +MB/GB .*"))
        .anySatisfy(line -> assertThat(line).matches("many +>= 1,000,000 +>= 100,000 .*"))
        .anySatisfy(line -> assertThat(line).matches("many-setup +- +- +1000/s .*"));
  }
}
