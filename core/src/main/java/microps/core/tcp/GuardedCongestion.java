package microps.core.tcp;

import java.util.random.RandomGenerator;
import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.tcp.congestion.CongestionControl;
import org.jspecify.annotations.Nullable;

/// The congestion control of one connection, whoever wrote it: what it answers is brought within
/// bounds, and one that throws is replaced by NewReno, which goes on from where it was. Windows of
/// which little is used are kept honest (RFC 7661).
final class GuardedCongestion implements CongestionControl {

  /// One of the calls of [CongestionControl]. What it is about comes as arguments: an event
  /// captures nothing, so that an acknowledgment allocates nothing.
  private interface Event<T extends @Nullable Object> {
    void tell(CongestionControl algorithm, T what, int octets, long now);
  }

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

  /// Tells the algorithm of an event, and reads its answers. Where it throws, NewReno takes its
  /// place, and is told instead.
  private <T extends @Nullable Object> void tell(Event<T> event, T what, int octets, long now) {
    try {
      event.tell(algorithm, what, octets, now);
    } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError e) {
      replace(e);
      event.tell(algorithm, what, octets, now);
    }
    read();
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
    tell((to, lost, octets, at) -> to.start(octets, lost), synLost, newMss, 0);
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
    tell((to, none, octets, at) -> to.mss(octets), null, newMss, 0);
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
    tell((to, sample, octets, at) -> to.acknowledged(sample), ack, 0, ack.now);
  }

  @Override
  public void lossDetected(int flight, long now) {
    int proven = validation.lossDetected(flight, window, now);
    tell((to, none, octets, at) -> to.lossDetected(octets, at), null, proven, now);
    ecn.reduced();
  }

  @Override
  public void congestionExperienced(int flight, long now) {
    int proven = validation.lossDetected(flight, window, now);
    tell((to, none, octets, at) -> to.congestionExperienced(octets, at), null, proven, now);
    ecn.reduced();
  }

  @Override
  public void timedOut(int flight, boolean first, long now) {
    validation.timedOut();
    tell((to, isFirst, octets, at) -> to.timedOut(octets, isFirst, at), first, flight, now);
    ecn.reduced();
  }

  @Override
  public void undo() {
    tell((to, none, octets, at) -> to.undo(), null, 0, 0);
  }

  @Override
  public void restartAfterIdle() {
    tell((to, none, octets, at) -> to.restartAfterIdle(), null, 0, 0);
  }

  @Override
  public void setWindow(int octets) {
    tell((to, none, n, at) -> to.setWindow(n), null, octets, 0);
  }

  @Override
  public void setThreshold(int octets) {
    tell((to, none, n, at) -> to.setThreshold(n), null, octets, 0);
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
