package microps.core.tcp.congestion;

import java.util.random.RandomGenerator;

/// BBR version 3 (draft-ietf-ccwg-bbr), without its answer to ECN, which the draft leaves open:
/// sends at the bandwidth that the path has shown, with a little more in flight than its round trip
/// without a queue holds. Losses bound it only as far as they are more than two of a hundred behind
/// a queue, or one of ten without.
///
/// It needs pacing: where that is off, it is a window alone.
public final class Bbr implements CongestionControl {

  /// Section 3.3.
  enum State {
    STARTUP(2.77, 2),
    DRAIN(0.5, 2),
    PROBE_BW_DOWN(0.9, 2),
    PROBE_BW_CRUISE(1, 2),
    PROBE_BW_REFILL(1, 2),
    PROBE_BW_UP(1.25, 2.25),
    PROBE_RTT(1, 0.5);

    final double pacingGain;
    final double windowGain;

    State(double pacingGain, double windowGain) {
      this.pacingGain = pacingGain;
      this.windowGain = windowGain;
    }

    /// Whether it looks for more bandwidth.
    boolean isProbing() {
      return switch (this) {
        case STARTUP, PROBE_BW_REFILL, PROBE_BW_UP -> true;
        case DRAIN, PROBE_BW_DOWN, PROBE_BW_CRUISE, PROBE_RTT -> false;
      };
    }
  }

  private static final long SECOND = 1_000_000_000L;
  private static final long PROBE_RTT_DURATION = SECOND / 5;
  private static final double HEADROOM = 0.85;
  private static final int MIN_PIPE_SEGMENTS = 4;
  private static final int STARTUP_LOSSES = 6;

  // Deviation: the draft's Startup has twice what the path holds under way until three rounds show
  // that the bandwidth does not grow; with bursts on top, that is more than a queue of what the
  // path holds takes. While round trips show a queue, a little more than the path holds is enough
  // to see whether there is more bandwidth.
  private static final double QUEUED_GAIN = 1.2;
  private static final int MAX_RENO_ROUNDS = 63;

  private final RandomGenerator random;
  private final BbrModel model = new BbrModel();
  private State state = State.STARTUP;
  private int mss;
  private int cwnd;
  private int priorCwnd;
  private long pacingRate;

  // The cycle of ProbeBW
  private long phaseBegan;
  private long probeWait;
  private boolean samplesCount;
  private int upRounds;
  private long upAcked;
  private long upStep;

  // ProbeRTT
  private long probeRttDoneAt;
  private boolean probeRttRoundDone;

  /// @param random when connections probe, so that they do not all do so at once
  public Bbr(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public void start(int mss, boolean synLost) {
    this.mss = mss;
    cwnd = synLost ? mss : SlowStart.initialWindow(mss);
  }

  @Override
  public void mss(int mss) {
    this.mss = mss;
    cwnd = Math.max(cwnd, mss);
  }

  @Override
  public void acknowledged(AckSample ack) {
    model.update(ack, cwnd, mss, state.isProbing());
    checkStartupDone(ack);
    if (state == State.DRAIN && ack.inFlight <= inflight(1)) {
      probeDown(ack);
    }
    adaptLongTerm(ack);
    cycle(ack);
    checkProbeRtt(ack);
    model.advance(ack);
    setPacingRate(ack);
    setWindow(ack);
  }

  State state() {
    return state;
  }

  private double minPipe() {
    return (double) MIN_PIPE_SEGMENTS * mss;
  }

  /// What is in flight at a gain; room for three bursts on top, that no device waits.
  private double inflight(double gain) {
    double bdp = model.bdp(model.maxBw(), gain);
    double burst = Math.max(Math.min(pacingRate / 1000.0, 1 << 16), 2.0 * mss);
    return Math.max(bdp, minPipe()) + 3 * Math.min(burst, bdp / 10);
  }

  private double withHeadroom() {
    return model.inflightLongTerm == BbrModel.UNKNOWN
        ? Double.MAX_VALUE
        : Math.max(model.inflightLongTerm * HEADROOM, minPipe());
  }

  // Startup, section 5.3.1

  private void checkStartupDone(AckSample ack) {
    if (state != State.STARTUP) {
      return;
    }
    if (model.roundStart
        && model.lostInRound >= (long) STARTUP_LOSSES * mss
        && model.isLossTooHigh(mss, 2)) {
      model.fullBwReached = true;
      double bdp = model.bdp(model.maxBw(), 1);
      model.inflightLongTerm = (long) Math.max(bdp, ack.inFlight);
    }
    if (model.fullBwReached) {
      state = State.DRAIN;
    }
  }

  // ProbeBW, section 5.3.3

  private void probeDown(AckSample ack) {
    state = State.PROBE_BW_DOWN;
    phaseBegan = ack.now;
    model.roundsSinceProbe = random.nextInt(2);
    probeWait = 2 * SECOND + random.nextLong(SECOND);
    model.startRound(ack.inFlight);
  }

  private void cycle(AckSample ack) {
    switch (state) {
      case PROBE_BW_DOWN -> {
        if (!refillIfTime(ack) && ack.inFlight <= withHeadroom() && ack.inFlight <= inflight(1)) {
          state = State.PROBE_BW_CRUISE;
        }
      }
      case PROBE_BW_CRUISE -> refillIfTime(ack);
      case PROBE_BW_REFILL -> {
        if (model.roundStart) {
          samplesCount = true;
          state = State.PROBE_BW_UP;
          model.startRound(ack.inFlight);
          model.resetFullBw(ack.deliveryRate);
          raiseSlope();
        }
      }
      case PROBE_BW_UP -> {
        if (ack.limited && cwnd >= model.inflightLongTerm) {
          model.resetFullBw(ack.deliveryRate);
        } else if (model.fullBwNow) {
          probeDown(ack);
        }
      }
      case STARTUP, DRAIN, PROBE_RTT -> {}
    }
  }

  /// Section 5.3.3.6: after two or three seconds, or as many rounds as Reno would need to grow by
  /// what the flow has in flight.
  private boolean refillIfTime(AckSample ack) {
    double target = Math.min(model.bdp(model.bw(), 1), cwnd);
    double renoRounds = Math.min(target / mss, MAX_RENO_ROUNDS);
    if (ack.now - phaseBegan <= probeWait && model.roundsSinceProbe < renoRounds) {
      return false;
    }
    model.resetShortTerm();
    upRounds = 0;
    upAcked = 0;
    state = State.PROBE_BW_REFILL;
    model.startRound(ack.inFlight);
    return true;
  }

  private void raiseSlope() {
    long growth = (long) mss << upRounds;
    upRounds = Math.min(upRounds + 1, 30);
    upStep = Math.max(cwnd / growth, 1) * mss;
  }

  /// Section 5.3.3.5 and following: the most that may be in flight in the long run.
  private void adaptLongTerm(AckSample ack) {
    if (!model.fullBwReached) {
      return;
    }
    if (ack.lost > 0 && model.isLossTooHigh(mss, 2)) {
      if (samplesCount) {
        samplesCount = false;
        if (!ack.applicationLimited) {
          double target = Math.min(model.bdp(model.bw(), 1), cwnd);
          // Deviation: what was in flight is cut too, or flows that fill a queue together never
          // become equal. It is the most of two rounds that was: ProbeRTT may have begun since.
          model.inflightLongTerm = (long) (Math.max(model.peakInFlight(), target) * BbrModel.BETA);
        }
        if (state == State.PROBE_BW_UP) {
          probeDown(ack);
        }
      }
      return;
    }
    if (model.inflightLongTerm == BbrModel.UNKNOWN) {
      return;
    }
    model.inflightLongTerm = Math.max(model.inflightLongTerm, ack.inFlightBefore);
    if (state == State.PROBE_BW_UP && ack.limited && cwnd >= model.inflightLongTerm) {
      upAcked += ack.delivered;
      if (upAcked >= upStep) {
        long steps = upAcked / upStep;
        upAcked -= steps * upStep;
        model.inflightLongTerm += steps * mss;
      }
      if (model.roundStart) {
        raiseSlope();
      }
    }
  }

  // ProbeRTT, section 5.3.4

  private double probeRttWindow() {
    return Math.max(model.bdp(model.bw(), State.PROBE_RTT.windowGain), minPipe());
  }

  private void checkProbeRtt(AckSample ack) {
    if (state != State.PROBE_RTT && model.probeRttExpired) {
      saveWindow();
      state = State.PROBE_RTT;
      probeRttDoneAt = 0;
      model.startRound(ack.inFlight);
    }
    if (state != State.PROBE_RTT) {
      return;
    }
    if (probeRttDoneAt == 0) {
      if (ack.inFlight <= probeRttWindow()) {
        probeRttDoneAt = ack.now + PROBE_RTT_DURATION;
        probeRttRoundDone = false;
        model.startRound(ack.inFlight);
      }
      return;
    }
    probeRttRoundDone |= model.roundStart;
    if (probeRttRoundDone && ack.now > probeRttDoneAt) {
      model.probedRtt(ack.now);
      cwnd = Math.max(cwnd, priorCwnd);
      model.resetShortTerm();
      if (model.fullBwReached) {
        probeDown(ack);
        state = State.PROBE_BW_CRUISE;
      } else {
        state = State.STARTUP;
      }
    }
  }

  private void saveWindow() {
    priorCwnd = state == State.PROBE_RTT ? Math.max(priorCwnd, cwnd) : cwnd;
  }

  // What follows, section 5.6

  private void setPacingRate(AckSample ack) {
    long bandwidth = model.bw();
    if (bandwidth == 0) {
      if (pacingRate == 0 && ack.smoothedRtt > 0) {
        pacingRate = (long) (state.pacingGain * cwnd * SECOND / ack.smoothedRtt);
      }
      return;
    }
    // Deviation: the draft paces a hundredth slower. With a memory of some rounds that would be a
    // hundredth of a hundredth again and again, until the next probe.
    long rate = (long) Math.max(1, state.pacingGain * bandwidth);
    if (model.fullBwReached || rate > pacingRate) {
      pacingRate = rate;
    }
  }

  private void setWindow(AckSample ack) {
    boolean careful = state == State.STARTUP && model.isQueueSeen();
    double most = inflight(careful ? QUEUED_GAIN : state.windowGain) + model.extraAcked();
    if (state == State.PROBE_BW_UP) {
      most += 2.0 * mss;
    }
    double window = cwnd;
    if (model.fullBwReached) {
      window = Math.min(window + ack.delivered, most);
    } else if (careful) {
      window = Math.min(window + ack.delivered, Math.max(most, SlowStart.initialWindow(mss)));
    } else if (window < most || model.delivered() < SlowStart.initialWindow(mss)) {
      window += ack.delivered;
    }
    window = Math.max(window, minPipe());
    if (state == State.PROBE_RTT) {
      window = Math.min(window, probeRttWindow());
    }
    cwnd = SlowStart.clamp(Math.min(window, cap()), mss);
  }

  /// Section 5.6.4.7: what losses allow.
  private double cap() {
    double cap =
        switch (state) {
          case PROBE_BW_DOWN, PROBE_BW_REFILL, PROBE_BW_UP -> model.inflightLongTerm;
          case PROBE_BW_CRUISE, PROBE_RTT -> withHeadroom();
          case STARTUP, DRAIN -> Double.MAX_VALUE;
        };
    return Math.max(Math.min(cap, model.inflightShortTerm), minPipe());
  }

  @Override
  public void lossDetected(int flight, long now) {
    saveWindow(); // what was lost is in the samples
  }

  @Override
  public void congestionExperienced(int flight, long now) {
    // Deviation: the draft says nothing of marks; they count as much as losses that are too many
    saveWindow();
    model.inflightLongTerm =
        (long) Math.max(Math.min(model.inflightLongTerm, flight) * BbrModel.BETA, minPipe());
    cwnd = SlowStart.clamp(Math.min(cwnd, cap()), mss);
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    if (first) {
      saveWindow();
    }
    cwnd = mss;
  }

  @Override
  public void undo() {
    cwnd = Math.max(cwnd, priorCwnd);
    model.resetShortTerm();
  }

  @Override
  public void restartAfterIdle() {
    // the rate stays, and segments leave at it
  }

  @Override
  public void setWindow(int octets) {
    cwnd = SlowStart.clamp(octets, mss);
  }

  @Override
  public boolean controlsRecovery() {
    return true;
  }

  @Override
  public long pacingRate() {
    return pacingRate;
  }

  @Override
  public int window() {
    return cwnd;
  }

  @Override
  public int threshold() {
    return Integer.MAX_VALUE;
  }
}
