package microps.core.tcp;

import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionControl;

/// When to send what again: fast retransmit and NewReno's fast recovery (RFC 5681 section 3.2, RFC
/// 6582), limited transmit (RFC 3042), and going back to SND.UNA when the timer expired.
///
/// What is to be sent again is the range from [#resendNext()] to the end of what was lost; the
/// output asks for it before it looks at new data.
final class LossRecovery {
  private static final int DUP_THRESHOLD = 3;

  private final CongestionControl congestion;
  private int duplicates;
  private boolean recovering;
  private boolean partialSeen;
  private int recover;
  private int resendNext;
  private int resendEnd;

  LossRecovery(CongestionControl congestion) {
    this.congestion = congestion;
  }

  /// The connection begins; nothing before `nxt` counts.
  void start(int nxt) {
    recover = nxt;
    resendNext = nxt;
    resendEnd = nxt;
  }

  /// Whether fast recovery is under way.
  boolean isRecovering() {
    return recovering;
  }

  /// A duplicate acknowledgment has arrived.
  ///
  /// @return whether it begins a fast retransmit
  boolean duplicateAck(int una, int nxt, int mss, long now) {
    duplicates++;
    if (recovering) {
      // RFC 6582 3.2 (3): each one means that a segment has left the network
      congestion.setWindow(congestion.window() + mss);
      return false;
    }
    if (duplicates != DUP_THRESHOLD || Seq.before(una, recover)) {
      return false;
    }
    // RFC 6582 3.2 (2)
    congestion.lossDetected(nxt - una, now);
    congestion.setWindow(congestion.threshold() + DUP_THRESHOLD * mss);
    recovering = true;
    partialSeen = false;
    recover = nxt;
    resend(una, una + mss, nxt);
    return true;
  }

  /// What limited transmit allows beyond cwnd (RFC 3042): a segment for each of the first two
  /// duplicates.
  int allowance(int mss) {
    return recovering ? 0 : Math.min(duplicates, DUP_THRESHOLD - 1) * mss;
  }

  /// New data was acknowledged up to `ack`.
  ///
  /// @return whether the retransmission timer is to be restarted
  boolean newAck(int ack, AckSample sample, int nxt, int mss) {
    int acked = sample.acked;
    duplicates = 0;
    if (hasResend() && Seq.before(resendNext, ack)) {
      resendNext = Seq.before(ack, resendEnd) ? ack : resendEnd;
    }
    if (!recovering) {
      recover = Seq.max(recover, ack); // left 2 GiB behind, it would seem to lie ahead
      congestion.acknowledged(sample);
      return true;
    }
    if (Seq.afterOrAt(ack, recover)) {
      // RFC 6582 3.2 (4) full acknowledgment, option 1
      recovering = false;
      congestion.setWindow(Math.min(congestion.threshold(), Math.max(nxt - ack, mss) + mss));
      return true;
    }
    // RFC 6582 3.2 (5) partial acknowledgment: the next hole; deflate by what was acknowledged
    resend(ack, ack + mss, nxt);
    congestion.setWindow(congestion.window() - acked + (acked >= mss ? mss : 0));
    boolean first = !partialSeen;
    partialSeen = true;
    return first;
  }

  /// The retransmission timer expired: everything from `una` on is taken for lost.
  void timedOut(int una, int nxt, boolean first, long now) {
    congestion.timedOut(nxt - una, first, now);
    recovering = false;
    duplicates = 0;
    recover = nxt;
    resend(una, nxt, nxt);
  }

  /// Sends again from `una` on without blaming congestion: a window reopened, or the path MTU
  /// shrank.
  void resendAll(int una, int nxt) {
    resend(una, nxt, nxt);
  }

  private void resend(int from, int to, int nxt) {
    resendNext = from;
    resendEnd = Seq.before(to, nxt) ? to : nxt;
  }

  /// Whether something is to be sent again.
  boolean hasResend() {
    return Seq.before(resendNext, resendEnd);
  }

  /// Where the next segment to send again begins.
  int resendNext() {
    return resendNext;
  }

  /// It was sent again up to `end`.
  void resent(int end) {
    resendNext = Seq.before(end, resendEnd) ? end : resendEnd;
  }
}
