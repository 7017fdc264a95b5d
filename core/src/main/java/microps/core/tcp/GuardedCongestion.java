package microps.core.tcp;

import java.util.random.RandomGenerator;
import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;

/// The congestion control of one connection, whoever wrote it: what it answers is brought within
/// bounds, and one that throws is replaced by NewReno, which goes on from where it was. Windows of
/// which little is used are kept honest (RFC 7661).
final class GuardedCongestion implements CongestionControl {

  /// Learns that an algorithm threw.
  interface Failure {
    void failed(CongestionAlgorithm algorithm, Throwable cause);
  }

  static final int MAX_WINDOW = 1 << 30;

  private final CongestionAlgorithm name;
  private final RandomGenerator random;
  private final Failure failure;
  private final Ecn ecn;
  private final WindowValidation validation = new WindowValidation();
  private CongestionControl algorithm;
  private int mss = 1;
  private int window = 1;
  private int first;
  private int threshold = Integer.MAX_VALUE;
  private long pacingRate;
  private boolean controlsRecovery;
  private boolean paced;

  GuardedCongestion(CongestionAlgorithm name, RandomGenerator random, Ecn ecn, Failure failure) {
    this.name = name;
    this.random = random;
    this.ecn = ecn;
    this.failure = failure;
    algorithm = make();
  }

  @SuppressWarnings("ConstantValue") // a user's maker may return null
  private CongestionControl make() {
    try {
      CongestionControl made = name.maker().make(random);
      if (made != null) {
        return made;
      }
      throw new NullPointerException("the maker of '" + name + "' returned null");
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      failure.failed(name, e);
      return CongestionAlgorithm.NEW_RENO.maker().make(random);
    }
  }

  /// Goes on with NewReno.
  private void replace(Throwable cause) {
    failure.failed(name, cause);
    algorithm = CongestionAlgorithm.NEW_RENO.maker().make(random);
    algorithm.start(mss, false);
    algorithm.setThreshold(threshold);
    algorithm.setWindow(window);
  }

  /// Reads the answers, within bounds.
  private void read() {
    try {
      int answer = algorithm.window();
      int ssthresh = algorithm.threshold();
      long rate = algorithm.pacingRate();
      controlsRecovery = algorithm.controlsRecovery();
      window = Math.clamp(answer, mss, Math.max(mss, MAX_WINDOW));
      threshold = Math.max(mss, ssthresh);
      pacingRate = Math.max(0, rate);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      pacingRate = 0;
      controlsRecovery = false;
    }
  }

  // Events

  @Override
  public void start(int newMss, boolean synLost) {
    mss = newMss;
    try {
      algorithm.start(newMss, synLost);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      algorithm.start(newMss, synLost);
    }
    read();
    first = window;
  }

  /// Whether it is one of ours: what a user's own has learnt is not for us to forget.
  boolean isBuiltIn() {
    return CongestionAlgorithm.BUILT_IN.contains(name);
  }

  /// Whether one that is started anew would say the same: nothing was learnt yet.
  boolean isFresh() {
    return window == first && threshold == Integer.MAX_VALUE && isBuiltIn();
  }

  /// The window of a connection that begins (RFC 6928).
  static int firstWindow(int mss, boolean synLost) {
    return synLost ? mss : Math.min(10 * mss, Math.max(2 * mss, 14_600));
  }

  @Override
  public void mss(int newMss) {
    mss = newMss;
    try {
      algorithm.mss(newMss);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
    }
    read();
  }

  @Override
  public void acknowledged(AckSample ack) {
    ack.paced = paced;
    int reduced = validation.acknowledged(ack, window, mss);
    if (reduced > 0) {
      limit(reduced);
    } else {
      expire(ack.now);
    }
    try {
      algorithm.acknowledged(ack);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
    }
    read();
  }

  @Override
  public void lossDetected(int flight, long now) {
    int proven = validation.lossDetected(flight, window, now);
    try {
      algorithm.lossDetected(proven, now);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      algorithm.lossDetected(proven, now);
    }
    ecn.reduced();
    read();
  }

  @Override
  public void congestionExperienced(int flight, long now) {
    int proven = validation.lossDetected(flight, window, now);
    try {
      algorithm.congestionExperienced(proven, now);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      algorithm.congestionExperienced(proven, now);
    }
    ecn.reduced();
    read();
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    validation.timedOut();
    try {
      algorithm.timedOut(flight, first, now);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      algorithm.timedOut(flight, first, now);
    }
    ecn.reduced();
    read();
  }

  @Override
  public void undo() {
    try {
      algorithm.undo();
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
    }
    read();
  }

  @Override
  public void restartAfterIdle() {
    try {
      algorithm.restartAfterIdle();
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
    }
    read();
  }

  @Override
  public void setWindow(int octets) {
    try {
      algorithm.setWindow(octets);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      algorithm.setWindow(octets);
    }
    read();
  }

  @Override
  public void setThreshold(int octets) {
    try {
      algorithm.setThreshold(octets);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
    }
    read();
  }

  /// Sending begins again after an idle time longer than the RTO. Where segments are paced, what is
  /// left of the window is no burst, and RFC 7661 says how long it is good; otherwise RFC 5681,
  /// section 4.1.
  void resume(long now) {
    if (!paced) {
      restartAfterIdle();
    } else {
      validation.idle(window, now);
      expire(now);
    }
  }

  /// RFC 7661 4.4.4: what was not used for five minutes is halved.
  private void expire(long now) {
    while (!controlsRecovery && validation.expires(now)) {
      setThreshold(Math.max(threshold, (int) (window * 3L / 4)));
      int initial = firstWindow(mss, false);
      if (window > initial) {
        setWindow(Math.max(window / 2, initial));
      }
    }
  }

  private void limit(int octets) {
    if (!controlsRecovery && octets < window) {
      setWindow(octets);
    }
  }

  /// Whether what is sent is paced.
  void setPaced(boolean value) {
    paced = value;
  }

  // Answers

  @Override
  public boolean controlsRecovery() {
    return controlsRecovery;
  }

  @Override
  public long pacingRate() {
    return pacingRate;
  }

  @Override
  public int window() {
    return window;
  }

  @Override
  public int threshold() {
    return threshold;
  }
}
