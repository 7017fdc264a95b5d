package microps.core.tcp.congestion;

/// Slow start and congestion avoidance of RFC 5681, counting octets (RFC 3465), with HyStart++ (RFC
/// 9406) for its first slow start.
public final class NewReno implements CongestionControl {
  // Deviation: L is 2 only where what follows is not paced; RFC 9406, section 4.3, has none then.
  private final SlowStart slowStart = new SlowStart(2);

  private int mss;
  private int cwnd;
  private int ssthresh = Integer.MAX_VALUE;
  private int credit;
  private int windowBefore;
  private int thresholdBefore;

  @Override
  public void start(int mss, boolean synLost) {
    this.mss = mss;
    cwnd = synLost ? mss : SlowStart.initialWindow(mss);
    ssthresh = Integer.MAX_VALUE; // a lost SYN says nothing of the path (3.1)
  }

  @Override
  public void mss(int mss) {
    this.mss = mss;
    cwnd = Math.max(cwnd, mss);
  }

  @Override
  public void acknowledged(AckSample ack) {
    if (ack.recovering || ack.ecnEcho) {
      return;
    }
    int octets = ack.acked;
    if (cwnd < ssthresh) {
      octets = slowStart(ack);
    }
    if (!ack.limited) {
      return;
    }
    if (octets > 0 && cwnd >= ssthresh) {
      // (3) congestion avoidance: one MSS for each window of acknowledged octets
      credit += Math.min(octets, cwnd);
      if (credit >= cwnd) {
        credit -= cwnd;
        cwnd = SlowStart.clamp((double) cwnd + mss, mss);
      }
    }
  }

  /// (2) slow start
  ///
  /// @return octets that are left for congestion avoidance
  private int slowStart(AckSample ack) {
    int end = slowStart.end(ack, cwnd, mss);
    if (end > 0) {
      cwnd = end;
      ssthresh = end;
      return ack.acked;
    }
    if (!ack.limited) {
      return 0;
    }
    int grown = slowStart.growth(ack, mss);
    int room = ssthresh - cwnd;
    cwnd = SlowStart.clamp((double) cwnd + Math.min(grown, room), mss);
    return grown - room;
  }

  @Override
  public void lossDetected(int flight, long now) {
    windowBefore = cwnd;
    thresholdBefore = ssthresh;
    // (4)
    ssthresh = Math.max(flight / 2, 2 * mss);
    slowStart.congested();
    credit = 0;
  }

  @Override
  public void congestionExperienced(int flight, long now) {
    lossDetected(flight, now);
    setWindow(flight / 2); // one segment is enough, where ssthresh is two
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    if (first) {
      lossDetected(flight, now);
    }
    slowStart.timedOut(flight);
    cwnd = mss;
    credit = 0;
  }

  @Override
  public void undo() {
    // RFC 4015 3.2
    slowStart.timedOut(0);
    cwnd = Math.max(cwnd, windowBefore);
    ssthresh = Math.max(ssthresh, thresholdBefore);
  }

  @Override
  public void restartAfterIdle() {
    cwnd = Math.min(cwnd, SlowStart.initialWindow(mss));
  }

  @Override
  public void setWindow(int octets) {
    cwnd = SlowStart.clamp(octets, mss);
  }

  @Override
  public void setThreshold(int octets) {
    ssthresh = octets;
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
