package microps.core.tcp;

import microps.core.tcp.congestion.AckSample;
import microps.core.tcp.congestion.CongestionControl;

/// When to send what again. Where the peer has SACK: loss detection by RACK (RFC 8985), recovery by
/// the scoreboard (RFC 6675) at the pace of PRR (RFC 9937). Where it has not: [the third duplicate
/// and NewReno][#duplicateAck] (RFC 5681, section 3.2, RFC 6582), limited transmit (RFC 3042).
/// After a timeout, everything that is not SACKed.
///
/// What is to be sent again is what [SentSegments] holds as lost; the output asks for it before it
/// looks at new data.
final class LossRecovery {
  private static final int DUP_THRESHOLD = 3;

  /// What recovers: nothing, fast recovery, or slow start after a timeout.
  private enum Phase {
    OPEN,
    RECOVERY,
    LOSS
  }

  private final CongestionControl congestion;
  private final SentSegments sent;
  private final Rack rack = new Rack();
  private final DeliveryRate rate = new DeliveryRate();
  private final Prr prr = new Prr();
  private Phase phase = Phase.OPEN;

  /// Whether both sides permitted SACK.
  private boolean sack;

  /// Recovery ends when this is acknowledged (RecoveryPoint of RFC 6675, recover of RFC 6582).
  private int recover;

  /// Whether the next retransmission is to leave whatever cwnd says.
  private boolean forced;

  /// Duplicate acknowledgments, where there is no SACK.
  private int duplicates;

  private boolean partialSeen;

  LossRecovery(CongestionControl congestion, SentSegments sent) {
    this.congestion = congestion;
    this.sent = sent;
  }

  /// The connection begins; nothing before `nxt` counts.
  void start(int nxt, boolean sackPermitted) {
    recover = nxt;
    sack = sackPermitted;
    rack.start(nxt);
  }

  Rack rack() {
    return rack;
  }

  DeliveryRate rate() {
    return rate;
  }

  SentSegments segments() {
    return sent;
  }

  int recover() {
    return recover;
  }

  /// Whether fast recovery is under way.
  boolean isRecovering() {
    return phase == Phase.RECOVERY;
  }

  /// What is in flight.
  int pipe() {
    return sent.pipe();
  }

  // Output

  /// Text, SYN or FIN was sent for the first time.
  void sent(int seq, int end, long now) {
    if (sent.pipe() == 0) {
      rate.flightBegins(now);
    }
    sent.sent(seq, end, rate, now);
    if (isRecovering()) {
      prr.sent(end - seq);
    }
  }

  /// Whether something is to be sent again.
  boolean hasResend() {
    return sent.firstLost() != SentSegments.NONE;
  }

  /// Where the next segment to send again begins.
  int resendNext() {
    return sent.start(sent.firstLost());
  }

  /// Whether it is to leave whatever cwnd says.
  boolean isForced() {
    return forced;
  }

  /// How far what is lost reaches from [#resendNext()] on, if it is less than `limit`.
  int resendEnd(int limit) {
    int slot = sent.firstLost();
    int end = sent.end(slot);
    for (slot = sent.sentNext(slot);
        slot != SentSegments.NONE && sent.start(slot) == end && Seq.before(end, limit);
        slot = sent.sentNext(slot)) {
      end = sent.end(slot);
    }
    return end;
  }

  /// It was sent again up to `end`.
  void resent(int end, long now) {
    if (isRecovering()) {
      prr.sent(end - resendNext());
    }
    if (sent.pipe() == 0) {
      rate.flightBegins(now);
    }
    sent.resent(end, rate, now);
    forced = false;
  }

  /// Sends everything again without blaming congestion: a window reopened, or the path MTU shrank.
  void resendAll() {
    sent.markAllLost();
    forced = true;
  }

  /// What limited transmit allows beyond cwnd (RFC 3042): a segment for each of the first two
  /// duplicates. With SACK, what arrived has left the pipe.
  int allowance(int mss) {
    return sack || isRecovering() ? 0 : Math.min(duplicates, DUP_THRESHOLD - 1) * mss;
  }

  // Acknowledgments

  /// New data was acknowledged, or SACKed.
  ///
  /// @return whether the retransmission timer is to be restarted
  boolean acknowledged(AckNews news, int una, int nxt, int mss, RttEstimator rtt) {
    AckSample sample = news.sample;
    boolean advanced = sample.acked > 0;
    Phase before = phase;
    boolean restart = advanced;
    rack.follow(una);
    if (advanced) {
      duplicates = 0;
      if (phase == Phase.OPEN) {
        recover = Seq.max(recover, una); // left 2 GiB behind, it would seem to lie ahead
      } else if (Seq.afterOrAt(una, recover)) {
        finish(una, nxt, mss);
      } else if (!sack && phase == Phase.RECOVERY) {
        restart = partialAck(sample.acked, mss);
      }
    }
    if (sack) {
      boolean ended = before != Phase.OPEN && phase == Phase.OPEN;
      detect(news, ended, nxt, mss, rtt);
    }
    sample.recovering = before == Phase.RECOVERY || phase == Phase.RECOVERY;
    sample.inFlight = sent.pipe();
    rate.finish(sample, rtt.minRtt());
    return restart;
  }

  /// Recovery is over.
  private void finish(int una, int nxt, int mss) {
    boolean wasFast = phase == Phase.RECOVERY;
    phase = Phase.OPEN;
    if (!wasFast || congestion.controlsRecovery()) {
      return;
    }
    congestion.setWindow(
        sack
            ? congestion.threshold() // RFC 9937 6.2
            // RFC 6582 3.2 (4) full acknowledgment, option 1
            : Math.min(congestion.threshold(), Math.max(nxt - una, mss) + mss));
  }

  private void detect(AckNews news, boolean recoveryEnded, int nxt, int mss, RttEstimator rtt) {
    AckSample sample = news.sample;
    rack.updateReoWnd(
        news.dsack,
        recoveryEnded,
        phase != Phase.OPEN,
        sent.sackedSegments(),
        nxt,
        rtt.minRtt(),
        rtt.srtt());
    int flightBefore = sample.inFlightBefore + sent.sackedOut() - news.newlySacked;
    sample.lost = detectLosses(sample.now);
    if (sample.lost > 0 && phase != Phase.RECOVERY) {
      enterRecovery(sample.inFlightBefore, flightBefore, nxt, sample.now);
    }
    if (phase == Phase.RECOVERY && !congestion.controlsRecovery() && sample.delivered > 0) {
      boolean safeAck = sample.acked > 0 && sample.lost == 0;
      congestion.setWindow(prr.acknowledged(sample.delivered, sent.pipe(), safeAck, mss));
    }
  }

  /// The reordering timer expired (RFC 8985, section 6.3).
  ///
  /// @return whether something is lost
  boolean reorderingTimeout(int nxt, int mss, long now) {
    int inFlight = sent.pipe();
    int lost = detectLosses(now);
    if (lost > 0 && phase != Phase.RECOVERY) {
      enterRecovery(inFlight, inFlight + sent.sackedOut(), nxt, now);
      if (!congestion.controlsRecovery()) {
        congestion.setWindow(prr.acknowledged(0, sent.pipe(), false, mss));
      }
    }
    return lost > 0;
  }

  /// When the reordering timer is to expire, from now on; 0: not at all.
  long reorderingWait() {
    return reorderingWait;
  }

  private long reorderingWait;

  private int detectLosses(long now) {
    int before = sent.lostOut() - sent.retransmittedOut();
    reorderingWait = rack.detectLoss(sent, now);
    return sent.lostOut() - sent.retransmittedOut() - before;
  }

  private void enterRecovery(int recoverFS, int flight, int nxt, long now) {
    // RFC 5681 3.2 (2): what limited transmit sent beyond cwnd does not count
    congestion.lossDetected(Math.min(flight, congestion.window()), now);
    phase = Phase.RECOVERY;
    recover = nxt;
    prr.start(recoverFS, congestion.threshold());
  }

  // Without SACK

  /// A duplicate acknowledgment has arrived, without SACK.
  ///
  /// @return whether it begins a fast retransmit
  boolean duplicateAck(int una, int nxt, int mss, long now) {
    duplicates++;
    if (isRecovering()) {
      // RFC 6582 3.2 (3): each one means that a segment has left the network
      setWindow(congestion.window() + mss);
      return false;
    }
    if (duplicates != DUP_THRESHOLD || Seq.before(una, recover)) {
      return false;
    }
    // RFC 6582 3.2 (2)
    enterRecovery(nxt - una, nxt - una, nxt, now);
    setWindow(congestion.threshold() + DUP_THRESHOLD * mss);
    partialSeen = false;
    resendHead(mss);
    return true;
  }

  /// RFC 6582 3.2 (5): the next hole; deflate by what was acknowledged.
  private boolean partialAck(int acked, int mss) {
    resendHead(mss);
    setWindow(congestion.window() - acked + (acked >= mss ? mss : 0));
    boolean first = !partialSeen;
    partialSeen = true;
    return first;
  }

  private void resendHead(int mss) {
    sent.markHeadLost(mss);
    forced = true;
  }

  private void setWindow(int octets) {
    if (!congestion.controlsRecovery()) {
      congestion.setWindow(octets);
    }
  }

  // Timeout

  /// The retransmission timer expired: everything that is not SACKed is taken for lost.
  ///
  /// @param first whether it is the first time since something was acknowledged
  void timedOut(int una, int nxt, boolean first, long now) {
    congestion.timedOut(nxt - una, first, now);
    phase = Phase.LOSS;
    duplicates = 0;
    recover = nxt;
    reorderingWait = 0;
    if (!sent.isEmpty() && sent.is(sent.at(0), SentSegments.SACKED)) {
      sent.forgetSacks(); // RFC 2018 8: the peer has thrown away what it had
    }
    sent.markAllLost();
    forced = true;
  }
}
