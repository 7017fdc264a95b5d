package microps.core.tcp;

import microps.core.tcp.TcpInfo.Phase;
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
  private final CongestionControl congestion;
  private final SentSegments sent;
  private final LossDetection detection;
  private final DeliveryRate rate = new DeliveryRate();
  private final Prr prr = new Prr();
  private final TailLossProbe tlp = new TailLossProbe();
  private final SpuriousRecovery spurious = new SpuriousRecovery();
  private final Undo undo = spurious.undo;
  private final Frto frto = spurious.frto;
  private final MtuProbe mtuProbe = new MtuProbe();

  /// Of use only where there is no SACK.
  private final DuplicateAcks duplicates = new DuplicateAcks();

  /// Open, fast recovery, or loss: slow start after a timeout.
  private Phase phase = Phase.OPEN;

  /// Whether both sides permitted SACK.
  private boolean sack;

  /// Recovery ends when this is acknowledged (RecoveryPoint of RFC 6675, recover of RFC 6582).
  private int recover;

  /// Whether the next retransmission is to leave whatever cwnd says.
  private boolean forced;

  /// Octets that RACK's timer found to be lost since the last acknowledgment; the next one's sample
  /// tells of them.
  private int lostByTimer;

  /// @param byTime whether losses are found by RACK, or by counting (RFC 6675)
  LossRecovery(CongestionControl congestion, SentSegments sent, boolean byTime) {
    this.congestion = congestion;
    this.sent = sent;
    detection = new LossDetection(sent, byTime);
  }

  /// The connection begins; nothing before `nxt` counts.
  void start(int nxt, boolean sackPermitted) {
    recover = nxt;
    sack = sackPermitted;
    detection.start(nxt);
  }

  Rack rack() {
    return detection.rack();
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

  /// What recovery is at.
  Phase phase() {
    return phase == Phase.OPEN && sent.sackedOut() > 0 ? Phase.DISORDER : phase;
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
  ///
  /// @param mss octets of each segment of the wire
  void sent(int seq, int end, int mss, long now) {
    if (sent.pipe() == 0) {
      rate.flightBegins(now);
    }
    sent.sent(seq, end, mss, rate, now);
    if (isRecovering()) {
      prr.sent(end - seq);
    }
  }

  /// Whether something is to be sent again.
  boolean hasResend() {
    return sent.firstLost() != SentSegments.NONE && !frto.holds();
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
    return sent.lostReach(limit);
  }

  /// It was sent again up to `end`.
  ///
  /// @param mss octets of each segment of the wire
  /// @param clock the clock of the timestamps
  void resent(int end, int mss, int clock, long now) {
    int octets = end - resendNext();
    if (isRecovering()) {
      prr.sent(octets);
    }
    undo.resent(octets, clock);
    if (sent.pipe() == 0) {
      rate.flightBegins(now);
    }
    sent.resent(end, mss, rate, now);
    forced = false;
  }

  /// Sends everything again without blaming congestion: a window reopened.
  void resendAll() {
    resendLarger(0);
  }

  /// Sends what is larger than `mss` again without blaming congestion: the path MTU shrank.
  void resendLarger(int mss) {
    sent.markLargerLost(mss);
    forced |= sent.firstLost() != SentSegments.NONE;
    frto.end();
  }

  /// What limited transmit allows beyond cwnd (RFC 3042), but not after a timeout, when more than
  /// that is outstanding. With SACK, what arrived has left the pipe.
  int allowance(int mss) {
    return sack || phase != Phase.OPEN ? 0 : duplicates.allowance(mss);
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
    detection.rack().follow(una);
    boolean lostTail = tlp.acknowledged(una, news.dsack, news.dsackRight, false);
    if (spurious.acknowledged(news, phase, sack, una, nxt, recover)) {
      undo();
    }
    if (advanced) {
      duplicates.restart();
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
      detect(news, ended, una, nxt, mss, rtt);
    }
    if (lostTail && phase == Phase.OPEN) {
      tailWasLost(sample, mss);
    }
    sample.recovering = before == Phase.RECOVERY || phase == Phase.RECOVERY;
    sample.inFlight = sent.pipe();
    rate.finish(sample, rtt.minRtt());
    return restart;
  }

  /// RFC 8985, section 7.4.2: the probe repaired the only loss.
  private void tailWasLost(AckSample sample, int mss) {
    congestion.lossDetected(
        Math.min(Math.max(sample.inFlightBefore, mss), congestion.window()), sample.now);
    setWindow(congestion.threshold());
    undo.forget();
  }

  /// A duplicate ACK has arrived that brought nothing new, though the peer has SACK.
  void pureDuplicate(int una, int nxt) {
    tlp.acknowledged(una, false, 0, true);
    frto.duplicate(Seq.after(nxt, recover));
  }

  // Spurious recovery

  /// F-RTO would send new data, but there is none, or the window does not allow it.
  ///
  /// @return whether what was lost is to be sent instead
  boolean hasNoNewData(int nxt) {
    if (!frto.holds() || Seq.after(nxt, recover)) {
      return false;
    }
    frto.end();
    return true;
  }

  private void undo() {
    sent.forgetLosses();
    lostByTimer = 0;
    if (undo.isPossible()) {
      congestion.undo();
    }
    undo.forget();
    frto.end();
    forced = false;
    phase = Phase.OPEN;
  }

  /// What showed the last recovery to have been for nothing.
  SpuriousRecovery spurious() {
    return spurious;
  }

  /// Recovery is over.
  private void finish(int una, int nxt, int mss) {
    boolean wasFast = phase == Phase.RECOVERY;
    phase = Phase.OPEN;
    frto.end();
    if (!wasFast || congestion.controlsRecovery()) {
      return;
    }
    congestion.setWindow(
        sack
            ? congestion.threshold() // RFC 9937 6.2
            : DuplicateAcks.afterRecovery(congestion.threshold(), nxt - una, mss));
  }

  private void detect(
      AckNews news, boolean recoveryEnded, int una, int nxt, int mss, RttEstimator rtt) {
    AckSample sample = news.sample;
    detection
        .rack()
        .updateReoWnd(
            news.dsack,
            recoveryEnded,
            phase != Phase.OPEN,
            sent.sackedSegments(),
            nxt,
            rtt.minRtt(),
            rtt.srtt());
    int flightBefore = sample.inFlightBefore + sent.sackedOut() - news.newlySacked;
    int lost = detection.acknowledged(sample.acked > 0, una, mss, sample.now);
    if (isMtuProbeLost()) {
      lost = 0;
    }
    sample.lost = lost + lostByTimer;
    lostByTimer = 0;
    // Deviation: a retransmission that is lost is no second congestion event (RFC 5681 4.3); once
    // for each recovery, as Linux
    if (lost > 0 && phase != Phase.RECOVERY) {
      enterRecovery(sample.inFlightBefore, flightBefore, una, nxt, sample.now);
    }
    if (phase == Phase.RECOVERY && !congestion.controlsRecovery() && sample.delivered > 0) {
      boolean safeAck = sample.acked > 0 && lost == 0;
      congestion.setWindow(prr.acknowledged(sample.delivered, sent.pipe(), safeAck, mss));
    }
  }

  /// The reordering timer expired (RFC 8985, section 6.3).
  ///
  /// @return whether something is lost
  boolean reorderingTimeout(int una, int nxt, int mss, long now) {
    int inFlight = sent.pipe();
    int lost = detection.byTime(now);
    if (isMtuProbeLost()) {
      return false;
    }
    lostByTimer += lost;
    if (lost > 0 && phase != Phase.RECOVERY) {
      enterRecovery(inFlight, inFlight + sent.sackedOut(), una, nxt, now);
      if (!congestion.controlsRecovery()) {
        congestion.setWindow(prr.acknowledged(0, sent.pipe(), false, mss));
      }
    }
    return lost > 0;
  }

  /// When the reordering timer is to expire, from now on; 0: not at all.
  long reorderingWait() {
    return detection.reorderingWait();
  }

  /// Nothing lost and nothing new is to be sent: whether something else is (RFC 6675, NextSeg (3)
  /// and (4)).
  boolean findMore(int mss) {
    return phase == Phase.RECOVERY
        && sent.pipe() + mss <= congestion.window()
        && detection.findMore();
  }

  private void enterRecovery(int recoverFS, int flight, int una, int nxt, long now) {
    // RFC 5681 3.2 (2): what limited transmit sent beyond cwnd does not count
    congestion.lossDetected(Math.min(flight, congestion.window()), now);
    phase = Phase.RECOVERY;
    recover = nxt;
    tlp.cancel();
    frto.end();
    undo.begin(una);
    detection.recoveryBegins();
    prr.start(recoverFS, congestion.threshold());
  }

  /// The probe for a larger MTU that is in flight.
  MtuProbe mtuProbe() {
    return mtuProbe;
  }

  /// Whether nothing but the probe for a larger MTU was just found to be lost: it is sent again, in
  /// segments that fit, and congestion is not blamed.
  private boolean isMtuProbeLost() {
    boolean alone = phase == Phase.OPEN && mtuProbe.isLostAlone(sent);
    forced |= alone;
    return alone;
  }

  // The tail loss probe

  /// Whether the probe's timer is to run (RFC 8985, section 7.2).
  boolean mayProbe() {
    return sack && detection.isByTime() && phase == Phase.OPEN && tlp.mayBeSent(sent);
  }

  /// A probe was sent.
  ///
  /// @param start where it begins, if it repeats what was sent before
  void probed(int start, int nxt, boolean retransmission, long now) {
    tlp.sent(nxt, retransmission);
    if (retransmission) {
      sent.probed(start, rate, now);
    }
  }

  // Without SACK

  /// A duplicate acknowledgment has arrived, without SACK.
  ///
  /// @return whether it begins a fast retransmit
  boolean duplicateAck(int una, int nxt, int mss, long now) {
    boolean third = duplicates.arrived();
    if (phase == Phase.LOSS && frto.isLooking()) {
      // RFC 5682 2.1: the loss was real
      if (Seq.after(nxt, recover)) {
        // (3a) Two segments of new text fill cwnd; what was lost would wait for another timeout.
        setWindow(3 * mss);
      }
      frto.end();
    }
    if (isRecovering()) {
      setWindow(DuplicateAcks.inflated(congestion.window(), mss));
      return false;
    }
    if (!third || Seq.before(una, recover)) {
      return false;
    }
    int probe = mtuProbe.lengthAt(una);
    if (probe > 0) {
      sent.markHeadLost(probe);
      if (isMtuProbeLost()) {
        return false;
      }
    }
    enterRecovery(nxt - una, nxt - una, una, nxt, now);
    setWindow(duplicates.begin(congestion.threshold(), mss));
    resendHead(mss);
    return true;
  }

  /// RFC 6582 3.2 (5): the next hole; deflate by what was acknowledged.
  private boolean partialAck(int acked, int mss) {
    resendHead(mss);
    setWindow(DuplicateAcks.deflated(congestion.window(), acked, mss));
    return duplicates.partial();
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

  /// RFC 2018, section 8: whether the peer has thrown away what it had SACKed: it follows SND.UNA.
  boolean isReneging() {
    return !sent.isEmpty() && sent.is(sent.at(0), SegmentMarks.SACKED);
  }

  /// The retransmission timer expired: everything that is not SACKed is taken for lost.
  ///
  /// @param first whether it is the first time since something was acknowledged
  void timedOut(int una, int nxt, boolean first, long now) {
    congestion.timedOut(nxt - una, first, now);
    // RFC 5682 2.1 (1), Linux: not where fast recovery was under way
    frto.begin(phase == Phase.OPEN || phase == Phase.LOSS && !first);
    tlp.cancel();
    mtuProbe.forget();
    if (first) {
      undo.begin(una);
    }
    phase = Phase.LOSS;
    duplicates.restart();
    recover = nxt;
    detection.timedOut();
    if (isReneging()) {
      sent.forgetSacks();
    }
    sent.markAllLost();
    forced = true;
  }
}
