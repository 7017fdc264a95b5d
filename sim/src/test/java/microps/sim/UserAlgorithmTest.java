package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import microps.core.basis.Counter;
import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;
import microps.sim.TcpEnd.Plan;
import microps.sim.goodput.FixedWindow;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A congestion control that a user supplies.
class UserAlgorithmTest {

  /// The example: half a window more for each round trip, a quarter less for each loss.
  static final class Mine implements CongestionControl {
    private int mss;
    private int cwnd;
    private int ssthresh = Integer.MAX_VALUE;

    @Override
    public void start(int mss, boolean synLost) {
      this.mss = mss;
      cwnd = 10 * mss;
    }

    @Override
    public void mss(int mss) {
      this.mss = mss;
    }

    @Override
    public void acknowledged(AckSample ack) {
      if (ack.limited && !ack.recovering) {
        cwnd += ack.acked / 2;
      }
    }

    @Override
    public void lossDetected(int flight, long now) {
      ssthresh = Math.max(flight / 4 * 3, 2 * mss); // recovery brings the window there
    }

    @Override
    public void timedOut(int flight, boolean first, long now) {
      lossDetected(flight, now);
      cwnd = mss;
    }

    @Override
    public void undo() {
      cwnd = Math.max(cwnd, ssthresh / 3 * 4);
    }

    @Override
    public void restartAfterIdle() {
      cwnd = Math.min(cwnd, 10 * mss);
    }

    @Override
    public void setWindow(int octets) {
      cwnd = octets;
    }

    @Override
    public int window() {
      return cwnd;
    }

    @Override
    public int threshold() {
      return ssthresh;
    }
  }

  private static SimHost transfer(CongestionAlgorithm algorithm) {
    Network network = new Network(1);
    SimHost a = network.host("a", s -> s.with(s.tcp().with(t -> t.congestion = algorithm)));
    SimHost b = network.host("b");
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(Faults.NONE.rate(10_000_000).delay(Network.millis(10)).queue(30_000).loss(0.01));
    Transfer.from(a)
        .to(b, 7)
        .client(Plan.send(2_000_000))
        .start()
        .run(Network.seconds(100))
        .check();
    assertThat(network.runUntilQuiet(Network.seconds(3600))).isTrue();
    network.checkAtRest();
    return a;
  }

  @Test
  @DisplayName("congestion control by the user: an algorithm of one's own carries a transfer")
  void example() {
    SimHost a = transfer(new CongestionAlgorithm("mine", random -> new Mine()));
    assertThat(a.stack().counters().of(Counter.TCP_CONGESTION_CONTROL_FAILED)).isZero();
  }

  @Test
  @DisplayName("congestion control by the user: one that throws is replaced, the transfer goes on")
  void throwing() {
    CongestionControl thrower =
        new FixedWindow(0) {
          @Override
          public void lossDetected(int flight, long now) {
            throw new UnsupportedOperationException("what losses?");
          }
        };
    SimHost a = transfer(new CongestionAlgorithm("thrower", random -> thrower));
    assertThat(a.stack().counters().of(Counter.TCP_CONGESTION_CONTROL_FAILED)).isEqualTo(1);
  }

  @Test
  @DisplayName("congestion control by the user: a window of nothing sends one segment at a time")
  void nothing() {
    transfer(new CongestionAlgorithm("nothing", random -> new FixedWindow(0)));
  }

  static final List<CongestionAlgorithm> builtIn = CongestionAlgorithm.BUILT_IN;

  @ParameterizedTest
  @FieldSource("builtIn")
  @DisplayName("congestion control: a path that marks (RFC 3168) is not made to drop")
  void marks(CongestionAlgorithm algorithm) {
    Network network = new Network(1);
    SimHost a = network.host("a", s -> s.with(s.tcp().with(t -> t.congestion = algorithm)));
    SimHost b = network.host("b");
    network
        .wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
        .faults(
            Faults.NONE
                .rate(20_000_000)
                .delay(Network.millis(10))
                .queue(new SimQueue.MarkAbove(200_000, 20_000)));
    Transfer.from(a).to(b, 7).client(Plan.send(5_000_000)).start().run(Network.seconds(10)).check();
    assertThat(a.stack().counters().of(Counter.TCP_ECN_REDUCTIONS)).isPositive();
    assertThat(a.stack().counters().of(Counter.TCP_RETRANSMITS)).isZero();
  }
}
