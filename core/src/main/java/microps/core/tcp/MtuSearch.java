package microps.core.tcp;

/// Finds out what a path carries that swallows large segments without a word, because ICMP is
/// filtered on it (RFC 4821; RFC 2923, section 2.1). Made when such a black hole is suspected.
///
/// Sizes are those of an MSS: octets of options and text. When a large segment times out again and
/// again, the size goes down in steps. Once data is acknowledged, larger segments are tried, one at
/// a time, among ordinary ones: first the old size, since it may have been an outage of the path
/// and no black hole; then by halves (section 7.3).
final class MtuSearch {
  /// Sizes at or below this are not suspected (RFC 4821, section 7.2: 1024).
  static final int BASE = 1024;

  /// The step after [#BASE], which every path carries.
  static final int FLOOR = Sender.DEFAULT_MSS;

  /// RFC 4821, section 7.3: the search ends where what could be gained is not worth it.
  static final int CLOSE_ENOUGH = 32;

  /// The path may have become better (RFC 1191, section 6.3: ten minutes).
  static final long AGAIN = 600_000_000_000L;

  private final int full;
  private int size;
  private int tooLarge;
  private long next;
  private boolean probing;
  private int probeSize;
  private int probeStart;
  private int probeEnd;

  /// @param full the size that was used before
  MtuSearch(int full) {
    this.full = full;
    size = full;
    tooLarge = full + 1;
  }

  /// The size of ordinary segments.
  int size() {
    return size;
  }

  /// Whether the old size is used again: the search is of no more use.
  boolean isOver() {
    return size >= full && !probing;
  }

  /// A large segment timed out again.
  ///
  /// @return whether the size went down
  boolean timedOut() {
    if (size <= FLOOR) {
      return false;
    }
    size = size > BASE ? BASE : FLOOR;
    tooLarge = full + 1;
    probing = false;
    return true;
  }

  /// The size of the probe that is due, or 0.
  int due(long now) {
    if (probing) {
      return 0;
    }
    if (tooLarge > full) {
      return full; // never tried since the timeout
    }
    if (tooLarge - size > CLOSE_ENOUGH) {
      return size + tooLarge >>> 1;
    }
    return now - next >= 0 ? full : 0;
  }

  /// A probe was sent.
  ///
  /// @param probed its size
  /// @param start its first octet
  /// @param end the octet after its last
  void sent(int probed, int start, int end) {
    probing = true;
    probeSize = probed;
    probeStart = start;
    probeEnd = end;
  }

  /// What came of the probe, when a segment has arrived.
  ///
  /// @param una SND.UNA
  /// @param recovering whether what is at SND.UNA is taken for lost
  /// @return whether the size went up
  boolean looked(int una, boolean recovering, long now) {
    if (!probing) {
      return false;
    }
    if (Seq.afterOrAt(una, probeEnd)) {
      probing = false;
      size = probeSize;
      return true;
    }
    if (recovering && Seq.afterOrAt(una, probeStart)) {
      lost(now);
    }
    return false;
  }

  /// The probe was lost.
  void lost(long now) {
    if (probing) {
      probing = false;
      tooLarge = probeSize;
      next = now + AGAIN;
    }
  }
}
