package microps.sim.goodput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.Network;
import microps.sim.QueueStats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrialTest {
  private static final QueueStats NO_QUEUE = new QueueStats(0, 0, 0, 0, 0, 0, 0);
  private static final Trial TRIAL =
      Trial.of(CongestionAlgorithm.BUILT_IN.getFirst()).bytes(600_000).loss(0.02);

  @Test
  void theSameTrialHasTheSameOutcome() {
    Outcome one = TRIAL.run();
    assertThat(one).isEqualTo(TRIAL.run());
    assertThat(one.complete()).isTrue();
    assertThat(one.retransmits()).isPositive();
    assertThat(one.longestUnexplained()).isZero();
    assertThat(TRIAL.seed(2).run().goodput()).isNotEqualTo(one.goodput());
  }

  @Test
  void theBufferOrTheRateLimitsThePath() {
    assertThat(TRIAL.loss(0).capacity()).isEqualTo(12_500_000.0 * 1448 / 1500);
    assertThat(TRIAL.capacity()).isCloseTo(0.98 * 12_066_666, within(1.0));
    assertThat(TRIAL.loss(0).buffer(32_768).roundTrip(100).capacity())
        .isCloseTo(327_680, within(0.1));
    assertThat(TRIAL.loss(0).buffer(10_000).roundTrip(100).flows(3).capacity())
        .isCloseTo(300_000, within(0.1));
  }

  @Test
  void whatIsMeasuredBeginsAfterTheWarmUp() {
    Outcome all = TRIAL.loss(0).bytes(Long.MAX_VALUE).time(0, 2).run();
    Outcome later = TRIAL.loss(0).bytes(Long.MAX_VALUE).time(1, 2).run();
    assertThat(later.duration()).isEqualTo(Network.seconds(1));
    assertThat(later.complete()).isFalse();
    assertThat(later.goodput()).isGreaterThan(all.goodput());
    // what lay behind a gap when measuring began is read within it
    assertThat(later.share()).isBetween(0.5, 1.3);
  }

  @Test
  void flowsShareThePath() {
    Outcome o = TRIAL.loss(0).flows(4).run();
    assertThat(o.goodputs()).hasSize(4);
    assertThat(o.complete()).isTrue();
    assertThat(o.fairness()).isBetween(0.25, 1.0);
  }

  @ParameterizedTest(name = "a queue of {0} of the path, {1} flows: at most {2} sent again")
  @CsvSource({"0.02, 1, 0.06", "0.02, 8, 0.12", "0.1, 1, 0.04", "0.1, 8, 0.04", "0.2, 8, 0.04"})
  void bbrLosesLittleInShortQueues(double products, int flows, double most) {
    Outcome o =
        Trial.of(CongestionAlgorithm.BBR)
            .queueOf(products)
            .flows(flows)
            .bytes(Long.MAX_VALUE)
            .time(5, 15)
            .run();
    double sent = o.goodput() * o.duration() / 1e9 / Trial.TEXT;
    assertThat(o.share()).isGreaterThan(0.85);
    assertThat(o.retransmits() / sent).isLessThan(most);
  }

  @Test
  void jainsIndex() {
    assertThat(outcome(2.0, 2.0, 2.0).fairness()).isCloseTo(1, within(1e-9));
    assertThat(outcome(8.0, 0.0, 0.0, 0.0).fairness()).isCloseTo(0.25, within(1e-9));
    assertThat(outcome(1.0, 3.0).fairness()).isCloseTo(0.8, within(1e-9));
  }

  private static Outcome outcome(Double... goodputs) {
    return new Outcome(TRIAL, List.of(goodputs), true, 1, 0, NO_QUEUE, 0, 0);
  }

  @Test
  void aSilenceThatNoTimerExplainsIsSeen() {
    StallWatch watch = TRIAL.lab().stallWatch();
    long ms = Network.millis(1);
    watch.moved(0, 200 * ms);
    watch.moved(200 * ms, 400 * ms); // the timer
    watch.moved(300 * ms, Long.MAX_VALUE); // nothing to send
    watch.moved(9_000 * ms, 200 * ms);
    assertThat(watch.longestUnexplained()).isZero();
    watch.moved(9_300 * ms, 200 * ms);
    assertThat(watch.longestUnexplained()).isEqualTo(99 * ms);
  }

  @Test
  void aTrajectoryIsATable() {
    Trial.Lab lab = TRIAL.lab();
    Trajectory[] t = new Trajectory[1];
    lab.whenBegun(() ->
        t[0] =
            Trajectory.of(
                lab.network(), lab.transfers().getFirst().client().socket(), Network.millis(50)));
    lab.run();
    assertThat(t[0].toString().lines().count()).isGreaterThan(5);
    assertThat(t[0].toString()).startsWith("      s state").contains("SYN_SENT");
  }
}
