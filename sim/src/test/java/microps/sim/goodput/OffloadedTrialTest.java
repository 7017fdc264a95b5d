package microps.sim.goodput;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import microps.core.basis.Counter;
import microps.core.device.Offloads;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.WireTap.Fate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Super-segments, cut by the sender's interface, on paths of all kinds.
class OffloadedTrialTest {
  private static final int FRAME = 1500;

  private static Trial trial(String algorithm, double rate, double rtt, double loss, double queue) {
    CongestionAlgorithm chosen =
        CongestionAlgorithm.BUILT_IN.stream()
            .filter(a -> a.toString().equals(algorithm))
            .findFirst()
            .orElseThrow();
    return Trial.of(chosen)
        .rate((long) (rate * 1e6))
        .roundTrip(rtt)
        .loss(loss)
        .queueOf(queue)
        .bytes((long) (rate * 1e6));
  }

  /// What left at one moment at most, in bytes, and how many super-segments there were.
  private record Bursts(long longest, long supers, Outcome outcome) {}

  private static Bursts run(Trial trial, Offloads offloads) {
    Trial.Lab lab = trial.lab(offloads);
    long[] burst = new long[2]; // when, how much
    long[] longest = new long[1];
    int initial = 10 * FRAME;
    long[] sent = new long[1];
    lab.wire()
        .add((wire, from, fate, frame, now) -> {
          if (fate != Fate.SENT || from != wire.one()) {
            return;
          }
          sent[0] += frame.length();
          if (sent[0] <= 2 * initial) {
            return; // the initial window may leave at once (RFC 6928)
          }
          burst[1] = burst[0] == now ? burst[1] + frame.length() : frame.length();
          burst[0] = now;
          longest[0] = Math.max(longest[0], burst[1]);
        });
    Outcome outcome = lab.run();
    long supers = lab.sender().stack().counters().of(Counter.TCP_SUPER_SEGMENTS_SENT);
    return new Bursts(longest[0], supers, outcome);
  }

  @ParameterizedTest
  @CsvSource({
    // Mb/s, ms, loss, queue in products of them
    "cubic, 1, 100, 0, 1",
    "cubic, 10, 50, 0, 1",
    "cubic, 10, 50, 0.01, 1",
    "cubic, 100, 20, 0, 0.5",
    "cubic, 100, 20, 0.001, 1",
    "newreno, 10, 50, 0.001, 1",
    "bbr, 10, 50, 0, 1",
    "bbr, 100, 20, 0.01, 1"
  })
  @DisplayName("super-segments cost no goodput, and no more is sent again for them")
  void goodput(String algorithm, double rate, double rtt, double loss, double queue) {
    Trial trial = trial(algorithm, rate, rtt, loss, queue);
    Bursts plain = run(trial, Offloads.NONE);
    Bursts offloaded = run(trial, Offloads.FULL);
    String both = String.format(Locale.ROOT, "%s%n%s", plain, offloaded);
    assertThat(offloaded.supers).as(both).isPositive();
    assertThat(offloaded.outcome.goodput()).as(both).isGreaterThan(0.93 * plain.outcome.goodput());
  }

  @ParameterizedTest
  @CsvSource({"cubic, 1, 100", "cubic, 10, 50", "newreno, 2, 40", "bbr, 5, 30"})
  @DisplayName("pacing: on a slow path a super-segment is two segments, not 64 KiB")
  void noBursts(String algorithm, double rate, double rtt) {
    Bursts offloaded = run(trial(algorithm, rate, rtt, 0, 2), Offloads.FULL);
    assertThat(offloaded.supers).isPositive();
    // two segments, and what a timer that came when the last had left makes of it
    assertThat(offloaded.longest).as(offloaded.toString()).isLessThanOrEqualTo(4 * FRAME);
  }
}
