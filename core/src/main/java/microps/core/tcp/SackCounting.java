package microps.core.tcp;

/// Loss detection by counting what is SACKed (RFC 6675), where RACK is off. A retransmission that
/// is lost is found by the timer only.
final class SackCounting {
  private static final int DUP_THRESH = 3;

  /// Below this, everything was looked at.
  private int checked;

  /// Duplicate acknowledgments since SND.UNA moved.
  private int dupAcks;

  private boolean rescued;

  /// The connection begins.
  void start(int nxt) {
    checked = nxt;
  }

  /// Recovery begins.
  void recoveryBegins() {
    rescued = false;
  }

  /// An acknowledgment brought news: marks what IsLost (section 4) says.
  ///
  /// @param advanced whether SND.UNA moved
  /// @param fack the highest sequence number that was SACKed
  void detectLoss(SentSegments sent, boolean advanced, int una, int fack, int smss) {
    dupAcks = advanced ? 0 : dupAcks + 1;
    checked = Seq.max(checked, una);
    int ranges = 0;
    int octets = 0;
    int n = Math.min(sent.find(fack - 1), sent.size() - 1);
    for (; n >= 0 && ranges < DUP_THRESH && octets <= (DUP_THRESH - 1) * smss; n--) {
      int slot = sent.at(n);
      if (sent.is(slot, SegmentMarks.SACKED)) {
        ranges++;
        octets += sent.length(slot);
      }
    }
    if (ranges >= DUP_THRESH || octets > (DUP_THRESH - 1) * smss) {
      for (int i = sent.find(checked); i <= n; i++) {
        if (mayBeMarked(sent, sent.at(i))) {
          sent.markLost(sent.at(i));
        }
      }
      checked = Seq.max(checked, sent.start(sent.at(n + 1)));
    } else if (dupAcks >= DUP_THRESH && !sent.isEmpty()) {
      // section 5 (1)
      int slot = sent.at(0);
      if (!sent.is(slot, SegmentMarks.LOST | SegmentMarks.EVER_RETRANSMITTED)) {
        sent.markHeadLost(smss);
      }
    }
  }

  /// Whether it is neither SACKed nor lost, and was never sent again.
  private static boolean mayBeMarked(SentSegments sent, int slot) {
    int any = SegmentMarks.SACKED | SegmentMarks.LOST | SegmentMarks.EVER_RETRANSMITTED;
    return !sent.is(slot, any);
  }

  /// NextSeg (3) and (4): there is nothing lost and nothing new to send, but cwnd has room. What is
  /// not SACKed below what is, or, once, the last segment.
  ///
  /// @return whether something is to be sent again
  boolean findMore(SentSegments sent, int fack) {
    for (int n = sent.find(checked);
        n < sent.size() && Seq.before(sent.start(sent.at(n)), fack);
        n++) {
      if (mayBeMarked(sent, sent.at(n))) {
        sent.markFirstLost(n);
        return true;
      }
    }
    if (rescued || sent.isEmpty()) {
      return false;
    }
    rescued = true;
    boolean may = mayBeMarked(sent, sent.at(sent.size() - 1));
    if (may) {
      sent.markLastLost();
    }
    return may;
  }
}
