package microps.core.tcp.congestion;

/// When slow start has found the path's limit before the path's queue is full: HyStart++ (RFC
/// 9406). A round whose round trips are longer than those of the round before leads to Conservative
/// Slow Start (CSS); five rounds of that lead to congestion avoidance, unless the round trips
/// became short again.
final class HyStartPlusPlus {
  /// L, for senders that do not pace (section 4.3).
  static final int LIMIT = 8;

  private static final long MIN_RTT_THRESH = 4_000_000;
  private static final long MAX_RTT_THRESH = 16_000_000;
  private static final int MIN_RTT_DIVISOR = 8;
  private static final int N_RTT_SAMPLE = 8;
  private static final int CSS_GROWTH_DIVISOR = 4;
  private static final int CSS_ROUNDS = 5;
  private static final long INFINITY = Long.MAX_VALUE;

  private long lastRoundMinRtt = INFINITY;
  private long currentRoundMinRtt = INFINITY;
  private long cssBaselineMinRtt = INFINITY;
  private int rttSamples;
  private int cssRounds;
  private boolean css;

  /// Whether this is Conservative Slow Start.
  boolean isConservative() {
    return css;
  }

  /// How much the window grows where slow start would let it grow by `octets`.
  int growth(int octets) {
    return css ? octets / CSS_GROWTH_DIVISOR : octets;
  }

  /// @return whether slow start is over
  boolean acknowledged(AckSample ack) {
    if (ack.roundStart && roundBegins()) {
      return true;
    }
    if (ack.rtt > 0) {
      currentRoundMinRtt = Math.min(currentRoundMinRtt, ack.rtt);
      rttSamples++;
    }
    if (rttSamples < N_RTT_SAMPLE) {
      return false;
    }
    if (css) {
      if (currentRoundMinRtt < cssBaselineMinRtt) {
        css = false; // the delay was not a queue's: slow start goes on
        cssBaselineMinRtt = INFINITY;
      }
    } else if (lastRoundMinRtt != INFINITY
        && currentRoundMinRtt - lastRoundMinRtt >= threshold(lastRoundMinRtt)) {
      css = true;
      cssBaselineMinRtt = currentRoundMinRtt;
      cssRounds = 0;
    }
    return false;
  }

  /// @return whether the last round of CSS is over
  private boolean roundBegins() {
    lastRoundMinRtt = currentRoundMinRtt;
    currentRoundMinRtt = INFINITY;
    rttSamples = 0;
    // the round in which CSS began counts, though it was only a part of one
    return css && ++cssRounds >= CSS_ROUNDS;
  }

  private static long threshold(long rtt) {
    return Math.clamp(rtt / MIN_RTT_DIVISOR, MIN_RTT_THRESH, MAX_RTT_THRESH);
  }
}
