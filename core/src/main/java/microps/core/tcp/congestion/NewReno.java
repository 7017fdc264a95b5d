package microps.core.tcp.congestion;

/// Slow start and congestion avoidance of RFC 5681.
public final class NewReno implements CongestionControl {
  private static final int MAX_WINDOW = 1 << 30;

  private int mss;
  private int cwnd;
  private int ssthresh = Integer.MAX_VALUE;
  private int credit;
  private int windowBefore;
  private int thresholdBefore;

  @Override
  public void start(int mss, boolean synLost) {
    this.mss = mss;
    cwnd = synLost ? mss : initial();
    ssthresh = Integer.MAX_VALUE; // a lost SYN says nothing of the path (3.1)
  }

  @Override
  public void mss(int mss) {
    this.mss = mss;
    cwnd = Math.max(cwnd, mss);
  }

  @Override
  public void acknowledged(AckSample ack) {
    if (!ack.limited || ack.recovering) {
      return;
    }
    int octets = ack.acked;
    if (cwnd < ssthresh) {
      // (2) slow start
      cwnd += Math.min(octets, mss);
    } else {
      // (3) congestion avoidance: one MSS for each window of acknowledged octets
      credit += octets;
      if (credit >= cwnd) {
        credit -= cwnd;
        cwnd += mss;
      }
    }
    cwnd = Math.min(cwnd, MAX_WINDOW);
  }

  @Override
  public void lossDetected(int flight, long now) {
    windowBefore = cwnd;
    thresholdBefore = ssthresh;
    // (4)
    ssthresh = Math.max(flight / 2, 2 * mss);
    credit = 0;
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    if (first) {
      lossDetected(flight, now);
    }
    cwnd = mss;
    credit = 0;
  }

  @Override
  public void undo() {
    // RFC 4015 3.2
    cwnd = Math.max(cwnd, windowBefore);
    ssthresh = Math.max(ssthresh, thresholdBefore);
  }

  @Override
  public void restartAfterIdle() {
    cwnd = Math.min(cwnd, initial());
  }

  /// RFC 6928 (1), of the MSS as it is now: a path may have become wider than ten old segments.
  private int initial() {
    return Math.min(10 * mss, Math.max(2 * mss, 14_600));
  }

  @Override
  public void setWindow(int octets) {
    cwnd = Math.max(mss, Math.min(octets, MAX_WINDOW));
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
