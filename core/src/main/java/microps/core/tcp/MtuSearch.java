package microps.core.tcp;

/// Finds out what a path carries that swallows large segments without a word, because ICMP is
/// filtered on it (RFC 4821; RFC 2923, section 2.1). Made when such a black hole is suspected.
///
/// Sizes are those of an MSS: octets of options and text. When a large segment times out again and
/// again, the size goes down in steps. Once data is acknowledged, larger segments are tried, one at
/// a time. First the old size, and soon: many losses look the same as a black hole, and small
/// segments are the wrong answer to them. Each failure makes the next attempt four times as late.
/// Where there is room for a probe among ordinary segments, so that its loss costs no timeout, by
/// halves (section 7.3).
final class MtuSearch {
  /// Sizes at or below this are not suspected (RFC 4821, section 7.2: 1024).
  static final int BASE = 1024;

  /// The step after [#BASE], which every path carries.
  static final int FLOOR = Sender.DEFAULT_MSS;

  /// RFC 4821, section 7.3: the search ends where what could be gained is not worth it.
  static final int CLOSE_ENOUGH = 32;

  /// How many attempts with the old size before the search by halves.
  private static final int ATTEMPTS = 2;

  /// At most so many acknowledgments between two attempts: 4^4.
  private static final int RAREST = 4;

  /// The path may have become better (RFC 1191, section 6.3: ten minutes).
  static final long AGAIN = 600_000_000_000L;

  private final int full;
  private int size;
  private int tooLarge;
  private long next;
  private int failures;
  private int acknowledgments;
  private int una;
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
    failures = 0;
    acknowledgments = 0;
    return true;
  }

  /// The size of the probe that is due, or 0.
  ///
  /// @param amongOthers whether ordinary segments would follow it, so that its loss is soon known
  int due(boolean amongOthers, long now) {
    if (probing || acknowledgments == 0) {
      return 0;
    }
    if (tooLarge <= size + CLOSE_ENOUGH) {
      return now - next >= 0 ? full : 0;
    }
    if (amongOthers) {
      return failures < ATTEMPTS ? full : size + tooLarge >>> 1;
    }
    boolean late = acknowledgments >= 1 << 2 * Math.min(failures, RAREST);
    return late && tooLarge >= full ? full : 0;
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
  /// @param newUna SND.UNA
  /// @param recovering whether what is at SND.UNA is taken for lost, and not the probe alone
  /// @return whether the size went up
  boolean looked(int newUna, boolean recovering) {
    if (newUna != una) {
      una = newUna;
      acknowledgments++;
    }
    if (!probing) {
      return false;
    }
    if (Seq.afterOrAt(una, probeEnd)) {
      probing = false;
      size = probeSize;
      return true;
    }
    if (recovering && Seq.afterOrAt(una, probeStart)) {
      ended();
    }
    return false;
  }

  /// The probe was lost, and nothing else (RFC 4821, section 7.6.2).
  void lost(long now) {
    if (probing) {
      tooLarge = probeSize;
      next = now + AGAIN;
      ended();
    }
  }

  /// Where other segments were lost beside the probe, that is all that is known (section 7.6.4): it
  /// may be tried again.
  private void ended() {
    probing = false;
    failures++;
    acknowledgments = 0;
  }
}
