package microps.core.tcp;

/// The tail loss probe (RFC 8985, section 7): when the last segments of a flight are lost, nothing
/// arrives that would tell; so one more is sent before the retransmission timer expires. Times in
/// nanoseconds.
final class TailLossProbe {
  /// TLP.max_ack_delay: how long a peer may delay the acknowledgment of a single segment.
  static final long MAX_ACK_DELAY = 200_000_000;

  /// PTO before the first measurement of the round trip.
  static final long INITIAL = 1_000_000_000;

  /// Whether TLP.end_seq is set: a probe was sent and its episode is not over.
  private boolean active;

  private int endSeq;

  /// TLP.is_retrans
  private boolean isRetrans;

  /// Section 7.2: TLP_calc_PTO.
  ///
  /// @param oneSegment whether FlightSize is one segment
  /// @param untilRto how long until the retransmission timer expires
  static long pto(long srtt, boolean oneSegment, long untilRto) {
    long pto = srtt == 0 ? INITIAL : 2 * srtt + (oneSegment ? MAX_ACK_DELAY : 0);
    return Math.max(0, Math.min(pto, untilRto));
  }

  /// Whether the answer to a probe is awaited: no other is sent.
  boolean isActive() {
    return active;
  }

  /// Section 7.2: whether something is in flight, and nothing tells of a loss already.
  boolean mayBeSent(SentSegments sent) {
    return !isActive() && !sent.isEmpty() && sent.sackedOut() == 0 && sent.lostOut() == 0;
  }

  /// Where the segment begins that repeats the end of what was sent.
  ///
  /// @param most how long it may be
  static int start(SentSegments sent, int most) {
    return Seq.max(sent.lastStart(), sent.end(sent.at(sent.size() - 1)) - most);
  }

  /// A probe was sent.
  ///
  /// @param nxt SND.NXT
  /// @param retransmission whether it repeats the last segment
  void sent(int nxt, boolean retransmission) {
    active = true;
    endSeq = nxt;
    isRetrans = retransmission;
  }

  /// Recovery takes over.
  void cancel() {
    active = false;
  }

  /// Section 7.4.2: an acknowledgment has arrived.
  ///
  /// @param dsackEnd the right edge of the duplicate that it told of
  /// @param pureDuplicate whether it was a duplicate ACK that brought no other news
  /// @return whether it shows that the probe repaired a loss: congestion control is to know
  boolean acknowledged(int ack, boolean dsack, int dsackEnd, boolean pureDuplicate) {
    if (!active || Seq.before(ack, endSeq)) {
      return false;
    }
    if (!isRetrans || dsack && dsackEnd == endSeq) {
      active = false; // nothing was lost: new data, or the probe came in addition to the original
      return false;
    }
    if (Seq.after(ack, endSeq)) {
      active = false;
      return true;
    }
    if (pureDuplicate) {
      active = false; // both the original and the probe were acknowledged
    }
    return false;
  }
}
