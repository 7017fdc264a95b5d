package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedCongestionTest {
  private static final int MSS = 1000;
  private static final long MINUTE = 60_000_000_000L;

  private final List<Throwable> failures = new ArrayList<>();

  private enum Call {
    MAKE,
    START,
    MSS,
    ACKNOWLEDGED,
    LOSS_DETECTED,
    MARKED,
    TIMED_OUT,
    UNDO,
    RESTART,
    SET_WINDOW,
    SET_THRESHOLD,
    WINDOW,
    THRESHOLD,
    PACING_RATE
  }

  /// Answers what it is told to, and throws where it is told to.
  private static class Scripted implements CongestionControl {
    int window = 50 * GuardedCongestionTest.MSS;
    int threshold = 70 * GuardedCongestionTest.MSS;
    long rate;
    Call fault = Call.MAKE;

    private void at(Call call) {
      if (call == fault) {
        throw new IllegalStateException("fault at " + call);
      }
    }

    @Override
    public void start(int mss, boolean synLost) {
      at(Call.START);
    }

    @Override
    public void mss(int mss) {
      at(Call.MSS);
    }

    @Override
    public void acknowledged(AckSample ack) {
      at(Call.ACKNOWLEDGED);
    }

    @Override
    public void lossDetected(int flight, long now) {
      at(Call.LOSS_DETECTED);
    }

    @Override
    public void congestionExperienced(int flight, long now) {
      at(Call.MARKED);
    }

    @Override
    public void timedOut(int flight, boolean first, long now) {
      at(Call.TIMED_OUT);
    }

    @Override
    public void undo() {
      at(Call.UNDO);
    }

    @Override
    public void restartAfterIdle() {
      at(Call.RESTART);
    }

    @Override
    public void setWindow(int octets) {
      at(Call.SET_WINDOW);
    }

    @Override
    public void setThreshold(int octets) {
      at(Call.SET_THRESHOLD);
    }

    @Override
    public int window() {
      at(Call.WINDOW);
      return window;
    }

    @Override
    public int threshold() {
      at(Call.THRESHOLD);
      return threshold;
    }

    @Override
    public long pacingRate() {
      at(Call.PACING_RATE);
      return rate;
    }
  }

  private GuardedCongestion guard(CongestionAlgorithm.Maker maker) {
    return new GuardedCongestion(
        new CongestionAlgorithm("scripted", maker),
        new SplittableRandom(1),
        new Ecn(),
        (algorithm, cause) -> failures.add(cause));
  }

  private static void all(GuardedCongestion guard) {
    guard.mss(MSS);
    guard.acknowledged(new AckSample());
    guard.lossDetected(20 * MSS, 0);
    guard.undo();
    guard.congestionExperienced(20 * MSS, 0);
    guard.timedOut(20 * MSS, true, 0);
    guard.restartAfterIdle();
    guard.setThreshold(15 * MSS);
    guard.setWindow(7 * MSS);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a user's algorithm that throws, wherever, is replaced by NewReno, and told of once")
  void throwing(Call fault) {
    Scripted scripted = new Scripted();
    GuardedCongestion guard =
        guard(random -> {
          scripted.at(fault);
          scripted.fault = fault;
          return scripted;
        });
    guard.start(MSS, false);
    all(guard);

    assertThat(failures).hasSize(1);
    assertThat(guard.window()).as("NewReno's").isEqualTo(7 * MSS);
    AckSample ack = new AckSample();
    ack.acked = MSS;
    ack.limited = true;
    guard.setThreshold(20 * MSS);
    guard.acknowledged(ack);
    assertThat(guard.window()).isEqualTo(8 * MSS);
  }

  @Test
  @DisplayName("NewReno goes on with the window that the failed algorithm had")
  void goesOn() {
    Scripted scripted = new Scripted();
    GuardedCongestion guard = guard(random -> scripted);
    guard.start(MSS, false);
    scripted.fault = Call.ACKNOWLEDGED;
    guard.acknowledged(new AckSample());
    assertThat(guard.window()).isEqualTo(50 * MSS);
    assertThat(guard.threshold()).isEqualTo(70 * MSS);
  }

  @Test
  @DisplayName("the reduction that an algorithm failed at is NewReno's")
  void reductionHappens() {
    Scripted scripted = new Scripted();
    GuardedCongestion guard = guard(random -> scripted);
    guard.start(MSS, false);
    scripted.fault = Call.TIMED_OUT;
    guard.timedOut(40 * MSS, true, 0);
    assertThat(guard.window()).isEqualTo(MSS);
    assertThat(guard.threshold()).isEqualTo(20 * MSS);
  }

  @Test
  @DisplayName("the threshold that an algorithm failed at is NewReno's")
  void thresholdIsSet() {
    Scripted scripted = new Scripted();
    GuardedCongestion guard = guard(random -> scripted);
    guard.start(MSS, false);
    scripted.fault = Call.SET_THRESHOLD;
    guard.setThreshold(33 * MSS);
    assertThat(guard.threshold()).isEqualTo(33 * MSS);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000",
    "-1, 1000",
    "-2147483648, 1000",
    "1, 1000",
    "2147483647, 1073741824",
    "5000, 5000"
  })
  @DisplayName("a window is at least one segment, and at most 1 GiB, whatever an algorithm says")
  void nonsense(int answer, int window) {
    Scripted scripted = new Scripted();
    scripted.window = answer;
    scripted.threshold = answer;
    scripted.rate = answer;
    GuardedCongestion guard = guard(random -> scripted);
    guard.start(MSS, false);
    assertThat(guard.window()).isEqualTo(window);
    assertThat(guard.threshold()).isGreaterThanOrEqualTo(MSS);
    assertThat(guard.pacingRate()).isNotNegative();
    assertThat(failures).isEmpty();
  }

  private GuardedCongestion large(boolean paced) {
    GuardedCongestion guard = guard(CongestionAlgorithm.NEW_RENO.maker());
    guard.start(MSS, false);
    guard.setPaced(paced);
    AckSample ack = new AckSample();
    for (int i = 1; i <= 30; i++) {
      ack.now = i * 100_000_000L;
      ack.smoothedRtt = 100_000_000L;
      ack.acked = 20 * MSS;
      ack.limited = true;
      guard.acknowledged(ack);
    }
    guard.setWindow(100 * MSS);
    guard.setThreshold(60 * MSS);
    return guard;
  }

  @Test
  @DisplayName("RFC 5681 4.1: after idle, the initial window, where segments are not paced")
  void restartsUnpaced() {
    GuardedCongestion guard = large(false);
    guard.resume(4_000_000_000L);
    assertThat(guard.window()).isEqualTo(10 * MSS);
  }

  @Test
  @DisplayName("RFC 7661 4.4: after idle, the window is kept for five minutes")
  void keepsWindow() {
    GuardedCongestion guard = large(true);
    guard.resume(4 * MINUTE);
    assertThat(guard.window()).isEqualTo(100 * MSS);
    assertThat(guard.threshold()).isEqualTo(60 * MSS);
  }

  @ParameterizedTest
  @CsvSource({"6, 50", "11, 25", "16, 12", "21, 10", "10000, 10"})
  @DisplayName("RFC 7661 4.4.4: each five minutes halve it, to no less than IW; ssthresh is 3/4")
  void halves(int minutes, int segments) {
    GuardedCongestion guard = large(true);
    guard.resume(minutes * MINUTE);
    assertThat(guard.window() / MSS).isEqualTo(segments);
    assertThat(guard.threshold()).isEqualTo(75 * MSS);
  }
}
