package microps.sim;

import java.util.ArrayList;
import java.util.List;

/// What a peer has selectively acknowledged (RFC 2018) on one connection, as the sender must
/// remember it: it is not sent again (RFC 6675), unless the retransmission timer expired since, for
/// then the peer may have dropped it, or it shows that it has (RFC 2018, section 8).
final class SackMemory {
  static final int MOST = 1000;

  private record Range(int from, int to) {}

  private final List<Range> ranges = new ArrayList<>();
  private final long leastTimeout;
  private long progressAt;

  /// @param leastTimeout the smallest retransmission timeout of the host, in nanoseconds
  SackMemory(long leastTimeout) {
    this.leastTimeout = leastTimeout;
  }

  /// The peer has this.
  void sacked(int from, int to) {
    if (ranges.size() < MOST) {
      ranges.add(new Range(from, to)); // the same one may stand here twice
    }
  }

  /// Everything before a number is acknowledged: the timer starts anew (RFC 6298 (5.3)).
  void acknowledged(int ack, long now) {
    progressAt = now;
    if (!ranges.isEmpty()) {
      ranges.removeIf(r -> r.to - ack <= 0);
      if (ranges.stream().anyMatch(r -> r.from - ack <= 0)) {
        ranges.clear(); // it lacks what it had: it has thrown it away (RFC 2018, section 8)
      }
    }
  }

  /// Something is sent while nothing else is in flight: the timer starts (RFC 6298 (5.1)).
  void begins(long now) {
    progressAt = now;
  }

  /// Something is sent again. A segment that begins in a hole may reach beyond it: RFC 6675,
  /// section 4, NextSeg (1), counts by SMSS.
  ///
  /// @param first whether it begins with the first octet that is not acknowledged
  /// @return whether the sender knew that the peer has all of it
  boolean isKnown(int from, int to, boolean first, long now) {
    if (first && now - progressAt >= leastTimeout) {
      ranges.clear(); // it may have been the timer
    }
    int known = from;
    boolean more = true;
    while (more && known - to < 0) {
      more = false;
      for (int i = 0; i < ranges.size(); i++) {
        Range r = ranges.get(i);
        if (r.from - known <= 0 && r.to - known > 0) {
          known = r.to;
          more = true;
        }
      }
    }
    return known - to >= 0;
  }

  void clear() {
    ranges.clear();
  }
}
