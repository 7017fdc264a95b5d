package microps.core.tcp;

/// RACK (RFC 8985, sections 5 and 6): what was sent long enough before something that has arrived
/// is lost. Names as in the RFC; times in nanoseconds.
final class Rack {
  private static final int DUP_THRESH = 3;
  private static final int PERSIST = 16;

  /// RACK.xmit_ts, RACK.end_seq: the segment that was sent last of all that were delivered.
  private long xmitTs;

  private int endSeq;
  private boolean known;

  /// RACK.rtt
  private long rtt;

  /// RACK.fack: the highest sequence number that was acknowledged or SACKed.
  private int fack;

  /// RACK.reordering_seen
  private boolean reorderingSeen;

  /// How far the fack was ahead of what came late, since somebody asked.
  private int distance;

  /// RACK.reo_wnd
  private long reoWnd;

  private int reoWndMult = 1;
  private int reoWndPersist;

  /// RACK.dsack_round, where there is one
  private boolean hasDsackRound;

  private int dsackRound;

  /// The connection begins; nothing before `nxt` counts.
  void start(int nxt) {
    fack = nxt;
  }

  /// RACK_sent_after
  static boolean sentAfter(long t1, int seq1, long t2, int seq2) {
    return t1 > t2 || t1 == t2 && Seq.after(seq1, seq2);
  }

  /// Section 6.2, step 2: a segment was delivered.
  ///
  /// @param retransmitted whether it was ever sent again
  /// @param echoedEarlier whether the timestamp that the acknowledgment echoes is older than the
  ///   last transmission
  void delivered(
      long segXmitTs,
      int segEndSeq,
      boolean retransmitted,
      boolean echoedEarlier,
      long now,
      long minRtt) {
    long segRtt = now - segXmitTs;
    if (retransmitted && (echoedEarlier || segRtt < minRtt)) {
      return; // of an earlier transmission
    }
    rtt = segRtt;
    if (!known || sentAfter(segXmitTs, segEndSeq, xmitTs, endSeq)) {
      known = true;
      xmitTs = segXmitTs;
      endSeq = segEndSeq;
    }
  }

  /// Section 6.2, step 3: whether something sent once arrived after what was sent later.
  ///
  /// @param fackBefore [#fack()] before this acknowledgment
  void order(int segStart, int segEndSeq, boolean retransmitted, int fackBefore) {
    fack = Seq.max(fack, segEndSeq);
    if (!retransmitted && Seq.before(segEndSeq, fackBefore)) {
      reorderingSeen = true;
      distance = Math.max(distance, fackBefore - segStart);
    }
  }

  /// How many octets RACK.fack was ahead of the start of what came late with this acknowledgment;
  /// 0: nothing did.
  int takeDistance() {
    int taken = distance;
    distance = 0;
    return taken;
  }

  /// Reordering was seen on this path before.
  void remember() {
    reorderingSeen = true;
  }

  int fack() {
    return fack;
  }

  /// SND.UNA moved; what is behind it is no mark any more.
  void follow(int una) {
    fack = Seq.max(fack, una);
    if (hasDsackRound && Seq.afterOrAt(una, dsackRound)) {
      hasDsackRound = false;
    }
  }

  boolean isReorderingSeen() {
    return reorderingSeen;
  }

  /// Section 6.2, step 4: RACK_update_reo_wnd.
  ///
  /// @param dsack whether the acknowledgment told of a duplicate
  /// @param recoveryEnded whether it ended fast or RTO recovery
  /// @param recovering whether one of them goes on
  void updateReoWnd(
      boolean dsack,
      boolean recoveryEnded,
      boolean recovering,
      int segsSacked,
      int nxt,
      long minRtt,
      long srtt) {
    if (dsack && !hasDsackRound) {
      hasDsackRound = true;
      dsackRound = nxt;
      reoWndMult = Math.min(reoWndMult + 1, 255);
      reoWndPersist = PERSIST;
    } else if (recoveryEnded && --reoWndPersist <= 0) {
      reoWndPersist = 0;
      reoWndMult = 1;
    }
    if (!reorderingSeen && (recovering || segsSacked >= DUP_THRESH)) {
      reoWnd = 0;
    } else {
      reoWnd = Math.min(reoWndMult * (minRtt / 4), srtt);
    }
  }

  /// Section 6.2, step 5: RACK_detect_loss marks what is lost.
  ///
  /// @return how long until something more is lost, should nothing arrive; 0: nothing will be
  // Deviation: the RFC waits for the last such segment; this for the first, so that each costs a
  // look of its own and none is looked at in vain.
  long detectLoss(SentSegments sent, long now) {
    if (!known) {
      return 0;
    }
    for (int slot = sent.oldestInFlight(); slot != SentSegments.NONE; ) {
      if (!sentAfter(xmitTs, endSeq, sent.xmitTs(slot), sent.end(slot))) {
        return 0;
      }
      long remaining = remaining(sent.xmitTs(slot), now);
      if (remaining > 0) {
        return remaining;
      }
      int following = sent.sentNext(slot);
      sent.markLost(slot);
      slot = following;
    }
    return 0;
  }

  /// How long until a segment, should it not be acknowledged, is lost.
  long remaining(long segXmitTs, long now) {
    return segXmitTs + rtt + reoWnd - now;
  }

  /// RACK.reo_wnd
  long reoWnd() {
    return reoWnd;
  }

  int reoWndMult() {
    return reoWndMult;
  }

  /// RACK.rtt
  long rtt() {
    return rtt;
  }
}
