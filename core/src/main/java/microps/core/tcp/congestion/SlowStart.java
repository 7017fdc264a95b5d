package microps.core.tcp.congestion;

/// What slow starts have in common: the initial window (RFC 6928), and how much of an
/// acknowledgment counts (RFC 3465, RFC 9406).
final class SlowStart {
  /// No window is larger; twice that is still an `int`.
  static final int MAX_WINDOW = 1 << 30;

  private final int limit;

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
    return ack.paced ? ack.acked : (int) Math.min(ack.acked, (long) limit * mss);
  }
}
