package microps.core.tcp.congestion;

/// When slow start has found the path's limit before the path's queue is full: HyStart++ (RFC
/// 9406). Round trips that are longer than those of the round before lead to Conservative Slow
/// Start (CSS); rounds of that lead to congestion avoidance, unless the round trips became short
/// again.
///
/// Where what is sent is paced, a window arrives in the course of a good part of its round trip:
/// its first segments find no queue, its last ones the queue that the next, doubled round fills.
/// The RFC's numbers are for bursts; for what is paced there are others, and a path with as much of
/// a queue as it holds itself loses nothing at the end of slow start.
final class HyStartPlusPlus {
  /// L, for senders that do not pace (section 4.3).
  static final int LIMIT = 8;

  private static final long MIN_RTT_THRESH = 4_000_000;
  private static final long MAX_RTT_THRESH = 16_000_000;
  private static final int MIN_RTT_DIVISOR = 8;
  private static final int N_RTT_SAMPLE = 8;
  private static final int CSS_GROWTH_DIVISOR = 4;
  private static final int CSS_ROUNDS = 5;

  // Deviation: (4.3) says 4 ms, an eighth of a round trip, and five rounds, where it is paced too.
  // By then the window is more than twice what the path holds. What a smaller delay mistakes for a
  // queue costs a round without growth.
  private static final long PACED_MIN_RTT_THRESH = 1_000_000;
  private static final int PACED_RTT_DIVISOR = 16;
  private static final int PACED_CSS_ROUNDS = 2;

  /// How many times what the path holds remains of a window when slow start is over.
  private static final double REST = 1.5;

  private static final double SECOND = 1e9;
  private static final long INFINITY = Long.MAX_VALUE;

  private long lastRoundMinRtt = INFINITY;
  private long currentRoundMinRtt = INFINITY;
  private long cssBaselineMinRtt = INFINITY;
  private int rttSamples;
  private int cssRounds;
  private boolean css;

  /// The shortest round trip of a part of a round, and when the part began.
  private long partMinRtt;

  private long partBegan;

  private long cssBegan;

  /// The fastest delivery of CSS where it is paced, in octets in a second; 0: unknown.
  private long cssRate;

  /// Whether this is Conservative Slow Start.
  boolean isConservative() {
    return css;
  }

  /// How much the window grows where slow start would let it grow by `octets`.
  int growth(int octets, boolean paced) {
    if (!css) {
      return octets;
    }
    // Twice what the path holds may be under way: CSS is to find out, not to fill the queue (4.3
    // bounds the divisor from below only).
    return paced ? 0 : octets / CSS_GROWTH_DIVISOR;
  }

  /// @return whether slow start is over
  boolean acknowledged(AckSample ack) {
    if (ack.roundStart && roundBegins(ack.paced)) {
      return true;
    }
    if (ack.rtt > 0) {
      currentRoundMinRtt = Math.min(currentRoundMinRtt, ack.rtt);
      if (ack.paced) {
        partOfRound(ack);
      } else if (++rttSamples >= N_RTT_SAMPLE) {
        judge(currentRoundMinRtt, threshold(MIN_RTT_DIVISOR, MIN_RTT_THRESH), ack.now);
      }
    }
    return false;
  }

  // Deviation: (4.2) compares the shortest round trip of all of a round; here of each sixteenth of
  // a
  // round trip, of at least N_RTT_SAMPLE samples.
  private void partOfRound(AckSample ack) {
    if (css && !ack.applicationLimited) {
      cssRate = Math.max(cssRate, ack.deliveryRate);
    }
    if (css && ack.now - ack.rtt < cssBegan) {
      return; // it was sent before, and says nothing of CSS
    }
    if (rttSamples == 0) {
      partBegan = ack.now;
      partMinRtt = INFINITY;
    }
    partMinRtt = Math.min(partMinRtt, ack.rtt);
    if (++rttSamples >= N_RTT_SAMPLE && ack.now - partBegan >= partMinRtt / PACED_RTT_DIVISOR) {
      rttSamples = 0;
      judge(partMinRtt, threshold(PACED_RTT_DIVISOR, PACED_MIN_RTT_THRESH), ack.now);
    }
  }

  private void judge(long minRtt, long threshold, long now) {
    if (css) {
      if (minRtt < cssBaselineMinRtt) {
        css = false; // the delay was not a queue's: slow start goes on
        cssBaselineMinRtt = INFINITY;
      }
    } else if (lastRoundMinRtt != INFINITY && minRtt - lastRoundMinRtt >= threshold) {
      css = true;
      cssBaselineMinRtt = minRtt;
      cssBegan = now;
      cssRounds = 0;
      cssRate = 0;
    }
  }

  /// @return whether the last round of CSS is over
  private boolean roundBegins(boolean paced) {
    lastRoundMinRtt = currentRoundMinRtt;
    currentRoundMinRtt = INFINITY;
    rttSamples = 0;
    // the round in which CSS began counts, though it was only a part of one
    return css && ++cssRounds >= (paced ? PACED_CSS_ROUNDS : CSS_ROUNDS);
  }

  private long threshold(int divisor, long least) {
    return Math.clamp(lastRoundMinRtt / divisor, least, MAX_RTT_THRESH);
  }

  /// The window that is enough where slow start is over: what the path holds, and half of that in
  /// its queue.
  ///
  /// @param minRtt the shortest round trip of late
  // Deviation: (4.2) leaves cwnd as it is. What lies in a queue all the time delays everybody, and
  // the next that comes finds it full.
  int window(long minRtt) {
    double octets = REST * cssRate * (minRtt / SECOND);
    return octets > 0 ? (int) Math.min(octets, SlowStart.MAX_WINDOW) : SlowStart.MAX_WINDOW;
  }
}
