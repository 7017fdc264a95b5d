package microps.core.tcp.congestion;

import org.jspecify.annotations.Nullable;

/// What slow starts have in common: the initial window (RFC 6928), how much of an acknowledgment
/// counts (RFC 3465, RFC 9406), and the first one's end without a loss (RFC 9406).
final class SlowStart {
  /// No window is larger; twice that is still an `int`.
  static final int MAX_WINDOW = 1 << 30;

  private final int limit;

  /// Until the first congestion, or until it found the end of slow start.
  private @Nullable HyStartPlusPlus hyStart = new HyStartPlusPlus();

  /// Octets that were in flight at the last timeout and are not acknowledged yet.
  private int afterTimeout;

  /// @param limit L: segments for which one acknowledgment counts at most, unless what follows is
  ///   paced
  SlowStart(int limit) {
    this.limit = limit;
  }

  /// RFC 6928 (1), of the MSS as it is now: a path may have become wider than ten old segments.
  static int initialWindow(int mss) {
    return Math.min(10 * mss, Math.max(2 * mss, 14_600));
  }

  /// A window within what is possible.
  static int clamp(double octets, int mss) {
    return (int) Math.clamp(octets, mss, MAX_WINDOW);
  }

  /// Something was acknowledged in slow start.
  ///
  /// @return the window with which slow start is over; 0: it goes on
  int end(AckSample ack, int window, int mss) {
    HyStartPlusPlus detector = hyStart;
    if (detector == null || !detector.acknowledged(ack)) {
      return 0;
    }
    hyStart = null;
    return Math.min(window, Math.max(initialWindow(mss), detector.window(ack.minRtt)));
  }

  /// The first congestion: HyStart++ is for the slow start before it only (RFC 9406, section 4.2).
  void congested() {
    hyStart = null;
  }

  /// The retransmission timer expired.
  void timedOut(int flight) {
    afterTimeout = flight;
  }

  /// Octets by which an acknowledgment lets a window grow.
  int growth(AckSample ack, int mss) {
    if (afterTimeout > 0) {
      // RFC 3465 2.3: what fills a gap acknowledges what was delivered long ago
      afterTimeout -= Math.min(afterTimeout, ack.acked);
      return Math.min(ack.acked, mss);
    }
    int octets = ack.paced ? ack.acked : (int) Math.min(ack.acked, (long) limit * mss);
    return hyStart == null ? octets : hyStart.growth(octets, ack.paced);
  }
}
