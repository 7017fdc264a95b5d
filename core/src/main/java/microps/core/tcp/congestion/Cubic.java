package microps.core.tcp.congestion;

import org.jspecify.annotations.Nullable;

/// CUBIC (RFC 9438), with HyStart++ (RFC 9406) for its first slow start. The default.
///
/// Windows are octets, where the RFC has segments: C is C times the MSS then. What grows is kept in
/// floating point, which no window and no idle day overflows.
public final class Cubic implements CongestionControl {
  /// Section 5: how fast it probes, in segments for each cubed second.
  private static final double C = 0.4;

  /// Section 4.6: what remains after congestion.
  private static final double BETA = 0.7;

  /// Section 4.3: as much growth as is fair to Reno with that beta.
  private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final SlowStart slowStart = new SlowStart(HyStartPlusPlus.LIMIT);

  private int mss;
  private int cwnd;
  private int ssthresh = Integer.MAX_VALUE;

  /// What is not a whole octet of cwnd yet.
  private double fraction;

  private double wMax;
  private double wEst;
  private double k;
  private int cwndPrior;

  /// Whether the stage of congestion avoidance has begun: its K and W_est are known.
  private boolean inStage;

  /// Whether the next stage begins on the plateau (sections 4.8 and 4.10): after a timeout, or out
  /// of slow start without congestion.
  private boolean onPlateau = true;

  /// t: nanoseconds of this stage in which the window limited the sender (section 4.2).
  private long elapsed;

  private long lastAck = UNKNOWN;
  private @Nullable Before before;

  /// What sections 4.9.1 and 4.9.2 restore.
  private record Before(
      int cwnd,
      int ssthresh,
      double wMax,
      double wEst,
      double k,
      int cwndPrior,
      boolean inStage,
      boolean onPlateau,
      long elapsed) {}

  @Override
  public void start(int mss, boolean synLost) {
    this.mss = mss;
    cwnd = synLost ? mss : SlowStart.initialWindow(mss);
    ssthresh = Integer.MAX_VALUE;
  }

  @Override
  public void mss(int mss) {
    this.mss = mss;
    cwnd = Math.max(cwnd, mss);
    inStage = false; // K was one of other segments
  }

  @Override
  public void acknowledged(AckSample ack) {
    if (ack.recovering || ack.ecnEcho) {
      lastAck = ack.now;
    } else if (cwnd < ssthresh) {
      slowStart(ack);
    } else {
      avoidCongestion(ack, ack.acked);
    }
  }

  private void slowStart(AckSample ack) {
    int end = slowStart.end(ack, cwnd, mss);
    if (end > 0) {
      cwnd = end;
      ssthresh = end;
      avoidCongestion(ack, ack.acked);
      return;
    }
    lastAck = ack.now;
    if (!ack.limited) {
      return;
    }
    int grown = slowStart.growth(ack, mss);
    int room = ssthresh - cwnd;
    cwnd = SlowStart.clamp((double) cwnd + Math.min(grown, room), mss);
    if (grown > room) {
      avoidCongestion(ack, grown - room);
    }
  }

  private void avoidCongestion(AckSample ack, int octets) {
    if (!inStage) {
      beginStage();
    } else if (ack.limited && lastAck != UNKNOWN) {
      // 4.2: t does not go on while the user limits the sender; nor does it while all is idle
      elapsed += Math.clamp(ack.now - lastAck, 0, Math.max(ack.smoothedRtt, 1));
    }
    lastAck = ack.now;
    if (!ack.limited) {
      return;
    }
    double share = Math.min(1, (double) octets / cwnd);
    // 4.3, figure 4
    wEst += (wEst >= cwndPrior ? 1 : ALPHA) * mss * share;
    if (window(elapsed) < wEst) {
      grow(Math.min(wEst - cwnd - fraction, octets)); // the Reno-friendly region
    } else {
      // 4.4 concave, 4.5 convex
      double target = Math.clamp(window(elapsed + ack.smoothedRtt), cwnd, 1.5 * cwnd);
      grow((target - cwnd) * share);
    }
  }

  private void beginStage() {
    inStage = true;
    elapsed = 0;
    fraction = 0;
    wEst = cwnd;
    if (onPlateau || wMax <= cwnd) {
      onPlateau = false;
      wMax = cwnd;
      k = 0;
    } else {
      k = StrictMath.cbrt((wMax - cwnd) / (C * mss)); // figure 2
    }
  }

  /// W_cubic, figure 1.
  private double window(long nanoseconds) {
    double t = nanoseconds / 1e9 - k;
    return C * mss * t * t * t + wMax;
  }

  private void grow(double octets) {
    if (octets > 0) {
      double sum = cwnd + fraction + octets;
      cwnd = SlowStart.clamp(sum, mss);
      fraction = cwnd < SlowStart.MAX_WINDOW ? sum - cwnd : 0;
    }
  }

  @Override
  public void lossDetected(int flight, long now) {
    before = new Before(cwnd, ssthresh, wMax, wEst, k, cwndPrior, inStage, onPlateau, elapsed);
    // 4.7 fast convergence: a window that did not get as far as the one before makes room
    wMax = cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd;
    cwndPrior = cwnd;
    ssthresh = SlowStart.clamp(Math.max(Math.rint(flight * BETA), 2.0 * mss), mss); // 4.6
    slowStart.congested();
    inStage = false;
    onPlateau = false;
  }

  @Override
  public void congestionExperienced(int flight, long now) {
    lossDetected(flight, now);
    setWindow((int) Math.rint(flight * BETA)); // one segment is enough, where ssthresh is two
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    if (first) {
      lossDetected(flight, now);
    }
    slowStart.timedOut(flight);
    cwnd = mss;
    fraction = 0;
    inStage = false;
    onPlateau = true; // 4.8
  }

  @Override
  public void undo() {
    Before b = before;
    if (b == null) {
      return;
    }
    before = null;
    slowStart.timedOut(0);
    cwnd = Math.max(cwnd, b.cwnd);
    ssthresh = Math.max(ssthresh, b.ssthresh);
    wMax = b.wMax;
    wEst = b.wEst;
    k = b.k;
    cwndPrior = b.cwndPrior;
    inStage = b.inStage;
    onPlateau = b.onPlateau;
    elapsed = b.elapsed;
    lastAck = UNKNOWN;
  }

  @Override
  public void restartAfterIdle() {
    cwnd = Math.min(cwnd, SlowStart.initialWindow(mss));
    inStage = false;
  }

  @Override
  public void setWindow(int octets) {
    cwnd = SlowStart.clamp(octets, mss);
    fraction = 0;
  }

  @Override
  public void setThreshold(int octets) {
    ssthresh = octets;
    inStage = false;
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
