package microps.core.tcp;

/// When the next segment may leave, so that a window is spread over its round trip instead of being
/// a burst: a bucket of octets that fills at the pacing rate. It holds a millisecond's worth, and
/// at least two segments, so that a timer runs at most once a millisecond.
///
/// Rates are octets in a second.
final class Pacer {
  /// What leaves at once is what a slice of time has room for.
  static final long SLICE = 1_000_000;

  /// No burst is larger, however fast the path.
  static final int MAX_QUANTUM = 1 << 16;

  /// A shorter round trip is not worth a timer.
  static final long SHORT_ROUND_TRIP = SLICE;

  /// How late a timer may be without costing throughput.
  private static final long LATENESS = 10 * SLICE;

  /// With each of these in the round trip, what a burst has beyond a slice is halved.
  private static final long SHORTER = 1 << 19;

  private static final double SECOND = 1e9;

  private long rate;

  /// Octets that may leave without regard to the rate: the initial window.
  private int free;

  /// Octets that may leave now; what was sent beyond is a debt.
  private double credit;

  private long creditAt;
  private long waitsUntil;

  /// The connection begins.
  void start(int initialWindow, long now) {
    free = initialWindow;
    creditAt = now;
  }

  /// The rate that windows and round trips suggest: as Linux, twice the window in a round trip
  /// while the window may double, else 1.2 times.
  ///
  /// @param limit the user's, or 0
  /// @return 0: as fast as it goes
  static long rateFor(int window, int threshold, long smoothedRtt, long algorithmRate, long limit) {
    long rate = algorithmRate;
    if (rate <= 0 && smoothedRtt >= SHORT_ROUND_TRIP) {
      double gain = window < threshold / 2 ? 2 : 1.2;
      rate = Math.max(1, (long) (gain * window * SECOND / smoothedRtt));
    }
    return limit > 0 && (rate <= 0 || rate > limit) ? limit : rate;
  }

  /// Sets the rate; 0: as fast as it goes.
  void setRate(long octetsPerSecond) {
    if (credit < 0 && octetsPerSecond < rate) {
      credit *= (double) octetsPerSecond / rate; // a debt is a time to wait, and stays one
    }
    rate = octetsPerSecond;
  }

  /// The rate; 0: as fast as it goes.
  long rate() {
    return rate;
  }

  /// How much may leave as one burst: what a device cuts into segments should be no longer.
  int quantum(int mss) {
    if (rate == 0) {
      return MAX_QUANTUM;
    }
    double slice = rate * (SLICE / SECOND);
    return (int) Math.max(Math.min(slice, MAX_QUANTUM), 2.0 * mss);
  }

  /// How long a super-segment may be. As Linux (`tcp_tso_autosize`): a slice, and on paths of a few
  /// milliseconds more, which spares work where queues are short.
  ///
  /// @param minRtt in nanoseconds; 0: not known
  int burst(int mss, long minRtt) {
    int beyond = minRtt > 0 ? MAX_QUANTUM >> (int) Math.min(minRtt / SHORTER, 31) : 0;
    return Math.min(quantum(mss) + beyond, MAX_QUANTUM);
  }

  /// Whether a segment may leave now.
  boolean mayLeave(int mss, long now) {
    if (rate == 0 || free > 0) {
      return true;
    }
    refill(mss, now);
    return credit > 0;
  }

  private void refill(int mss, long now) {
    double most = quantum(mss);
    if (waitsUntil != 0 && now > waitsUntil) {
      most += rate * (Math.min(now - waitsUntil, LATENESS) / SECOND);
    }
    waitsUntil = 0;
    double grown = credit + rate * ((now - creditAt) / SECOND);
    credit = Math.max(credit, Math.min(most, grown));
    creditAt = now;
  }

  /// When a segment may leave that may not leave now.
  ///
  /// @param wanted octets that wait
  long nextAt(int mss, int wanted) {
    double lacks = Math.min(wanted, quantum(mss)) - credit;
    waitsUntil = creditAt + Math.max(1, (long) Math.ceil(lacks * SECOND / rate));
    return waitsUntil;
  }

  /// A segment has left.
  void left(int octets) {
    if (free > 0) {
      free -= Math.min(free, octets);
    } else if (rate != 0) {
      credit -= octets;
    }
  }
}
