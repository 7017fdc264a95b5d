package microps.core.tcp;

/// The retransmission timeout (RFC 6298): SRTT, RTTVAR and RTO, in nanoseconds.
final class RttEstimator {
  /// G of RFC 6298: what the clock resolves; that of the timestamps, the coarser of the two.
  private static final long GRANULARITY = 1_000_000;

  /// How long the smallest round trip counts.
  private static final long MIN_RTT_LIFE = 30_000_000_000L;

  // in microseconds, for the sake of memory
  private final int minMicros;
  private final int maxMicros;
  private final int marginMicros;
  private long srtt;
  private long rttvar;
  private long rto;
  private long minRtt;
  private long minRttAt;
  private int sampledAt;
  private boolean sampled;

  /// (2.1) until the first measurement, the RTO is `initial`.
  RttEstimator(long initial, long min, long max) {
    this(initial, min, max, 0);
  }

  /// @param margin by how much the RTO exceeds SRTT at least; the clock's granularity in any case
  RttEstimator(long initial, long min, long max, long margin) {
    this.marginMicros = (int) Math.clamp(margin / 1000, GRANULARITY / 1000, Integer.MAX_VALUE);
    this.minMicros = (int) Math.min(min / 1000, Integer.MAX_VALUE);
    this.maxMicros = (int) Math.min(max / 1000, Integer.MAX_VALUE);
    this.rto = initial;
  }

  /// Takes a measurement of a segment that was sent once (Karn), or told by a timestamp.
  void sample(long r) {
    r = Math.max(r, 1);
    if (srtt == 0) {
      // (2.2) first measurement
      srtt = r;
      rttvar = r / 2;
    } else {
      // (2.3) RTTVAR first, from the old SRTT
      rttvar = (3 * rttvar + Math.abs(srtt - r)) / 4;
      srtt = (7 * srtt + r) / 8;
    }
    rto = clamp(srtt + Math.max(marginMicros * 1000L, 4 * rttvar));
  }

  /// Whether the segment that ends here was sent after the last sample was taken: one sample for
  /// each round trip, as RTTVAR would otherwise forget a round trip's changes within it.
  boolean isDue(int end) {
    return !sampled || Seq.after(end, sampledAt);
  }

  /// A sample was taken when SND.NXT was this.
  void sampledAt(int nxt) {
    sampled = true;
    sampledAt = nxt;
  }

  /// The round trip of a segment that was sent once: the smallest of the last seconds is kept.
  void lowest(long r, long now) {
    if (minRtt == 0 || r <= minRtt || now - minRttAt > MIN_RTT_LIFE) {
      minRtt = r;
      minRttAt = now;
    }
  }

  /// The smallest round trip of the last seconds; 0 before the first.
  long minRtt() {
    return minRtt;
  }

  /// (5.5) the timer expired: double.
  void backOff() {
    rto = Math.min(2 * rto, maxMicros * 1000L);
  }

  /// The timer expired for nothing: a round trip took longer than RTO (RFC 4015, section 3.4).
  ///
  /// @param r how long; 0: not known
  void afterSpuriousTimeout(long r) {
    if (r > 0) {
      srtt = Math.max(srtt, r);
      rttvar = Math.max(rttvar, r / 2);
      endBackOff();
    }
  }

  /// (5.7) the timer expired while the SYN waited for its acknowledgment: at least 3 s once data
  /// flows.
  void afterLostSyn() {
    if (srtt == 0) {
      rto = Math.max(rto, 3_000_000_000L);
    }
  }

  /// What was lost was acknowledged: forget the doublings, as the estimate without them still
  /// stands.
  void endBackOff() {
    if (srtt != 0) {
      rto = clamp(srtt + Math.max(marginMicros * 1000L, 4 * rttvar));
    }
  }

  private long clamp(long value) {
    return Math.max(minMicros * 1000L, Math.min(value, maxMicros * 1000L));
  }

  /// RTO
  long rto() {
    return rto;
  }

  /// SRTT; 0 before the first measurement.
  long srtt() {
    return srtt;
  }

  /// RTTVAR
  long rttvar() {
    return rttvar;
  }
}
