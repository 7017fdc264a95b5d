package microps.core.tcp;

import org.jspecify.annotations.Nullable;

/// What of [SentSegments] is lost, where the peer has SACK: by time (RACK, RFC 8985), or, where
/// that is off, by counting (RFC 6675).
final class LossDetection {
  private final SentSegments sent;
  private final Rack rack = new Rack();
  private final @Nullable SackCounting counting;

  /// RACK's timeout: when the reordering timer is to expire, from now on; 0: not at all.
  private long reorderingWait;

  /// @param byTime whether losses are found by RACK, or by counting
  LossDetection(SentSegments sent, boolean byTime) {
    this.sent = sent;
    counting = byTime ? null : new SackCounting();
  }

  /// The connection begins; nothing before `nxt` counts.
  void start(int nxt) {
    rack.start(nxt);
    if (counting != null) {
      counting.start(nxt);
    }
  }

  Rack rack() {
    return rack;
  }

  boolean isByTime() {
    return counting == null;
  }

  /// An acknowledgment brought news.
  ///
  /// @param advanced whether SND.UNA moved
  /// @return octets that are newly found to be lost
  int acknowledged(boolean advanced, int una, int mss, long now) {
    SackCounting by = counting;
    if (by == null) {
      return byTime(now);
    }
    int before = sent.lostOut();
    by.detectLoss(sent, advanced, una, rack.fack(), mss);
    return sent.lostOut() - before;
  }

  /// An acknowledgment brought news, or the reordering timer expired.
  ///
  /// @return octets that are newly found to be lost
  int byTime(long now) {
    int before = sent.lostOut() - sent.retransmittedOut();
    reorderingWait = rack.detectLoss(sent, now);
    return sent.lostOut() - sent.retransmittedOut() - before;
  }

  /// When the reordering timer is to expire, from now on; 0: not at all.
  long reorderingWait() {
    return reorderingWait;
  }

  /// Fast recovery begins.
  void recoveryBegins() {
    if (counting != null) {
      counting.recoveryBegins();
    }
  }

  /// Everything is taken for lost: there is nothing to find.
  void timedOut() {
    reorderingWait = 0;
  }

  /// Recovery has room for something that is neither lost nor new (RFC 6675, NextSeg (3) and (4)).
  ///
  /// @return whether there is something
  boolean findMore() {
    return counting != null && counting.findMore(sent, rack.fack());
  }
}
