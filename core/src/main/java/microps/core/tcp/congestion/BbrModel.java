package microps.core.tcp.congestion;

/// What BBR knows of a path (draft-ietf-ccwg-bbr, sections 2 and 5.5): the bandwidth, the round
/// trip without a queue, how much may be in flight. Octets, nanoseconds, octets in a second.
///
/// Rounds are counted by octets: one is over when as much was delivered as was in flight at its
/// start.
final class BbrModel {
  static final long UNKNOWN = Long.MAX_VALUE;

  /// Section 2.7 and following.
  static final double LOSS_THRESH = 0.02;

  /// What a path may lose by chance, where no queue is seen.
  static final double LOSS_THRESH_UNQUEUED = 0.1;

  private static final double DEVIATIONS_UNQUEUED = 3;

  /// Part of the smallest round trip by which a longer one shows a queue.
  private static final int QUEUE_PART = 64;

  /// The same, where a single segment decides.
  private static final int SURE_QUEUE_PART = 32;

  static final double BETA = 0.7;
  private static final long MIN_RTT_FILTER = 10_000_000_000L;
  private static final long PROBE_RTT_INTERVAL = 5_000_000_000L;
  private static final int EXTRA_ACKED_ROUNDS = 5; // twice: the filter has two halves
  private static final int BW_ROUNDS = 4; // twice, too
  private static final double SECOND = 1e9;

  // Rounds
  private long delivered;
  private long roundEnd;
  boolean roundStart;
  int roundsSinceProbe;

  // The largest bandwidth of the last rounds, in two halves.
  // Deviation: the draft keeps that of two cycles of ProbeBW, some five seconds. A flow that has
  // more than its share keeps it as long as it remembers it; so does BBR version 1, for ten rounds.
  private int bwRounds;
  private long newerBw;
  private long olderBw;

  // Section 5.5.10: what losses allow for now
  long bwShortTerm = UNKNOWN;
  long inflightShortTerm = UNKNOWN;

  /// Section 5.5.11: the most that was in flight without much loss.
  long inflightLongTerm = UNKNOWN;

  private long bwLatest;
  private long inflightLatest;

  // Losses of this round
  long lostInRound;
  private long lostBehindQueue;
  private long lastRtt;
  long deliveredInRound;
  private long inFlightAtRoundStart;
  private int newerPeak;
  private int olderPeak;

  // Section 5.3.1.2: whether the pipe is full
  private long fullBw;
  private int fullBwCount;
  boolean fullBwNow;
  boolean fullBwReached;

  // The smallest round trip of ten seconds, and of the interval of ProbeRTT
  long minRtt = UNKNOWN;
  private long minRttAt;
  private long probeRttMin = UNKNOWN;
  private long probeRttMinAt;
  boolean probeRttExpired;

  // Section 5.5.9: how much more arrives at once than the bandwidth explains
  private long extraSince;
  private double extraDelivered;
  private double newerExtra;
  private double olderExtra;
  private int extraRounds;

  /// The bandwidth that the sender reckons with.
  long bw() {
    return Math.min(maxBw(), bwShortTerm);
  }

  long maxBw() {
    return Math.max(newerBw, olderBw);
  }

  /// The bandwidth-delay product times a gain; 0 while one of both is unknown.
  double bdp(long bandwidth, double gain) {
    return minRtt == UNKNOWN ? 0 : gain * bandwidth * (minRtt / SECOND);
  }

  double extraAcked() {
    return Math.max(newerExtra, olderExtra);
  }

  /// Octets delivered since the start.
  long delivered() {
    return delivered;
  }

  /// A round begins now.
  void startRound(long inFlight) {
    roundEnd = delivered + inFlight;
  }

  /// Everything that an acknowledgment tells of the path, losses of a phase that does not probe
  /// included.
  ///
  /// @param probing whether the sender probes for bandwidth: losses are its own doing then
  void update(AckSample ack, int window, int mss, boolean probing) {
    countRound(ack);
    bwLatest = Math.max(bwLatest, ack.deliveryRate);
    if (ack.rtt > 0) {
      inflightLatest = Math.max(inflightLatest, (long) (ack.deliveryRate * (ack.rtt / SECOND)));
    }
    if (ack.deliveryRate > 0 && (!ack.applicationLimited || ack.deliveryRate >= maxBw())) {
      newerBw = Math.max(newerBw, ack.deliveryRate);
    }
    countLosses(ack);
    if (roundStart && !probing && isLossTooHigh(mss, 0)) {
      boundByLoss(window);
    }
    countExtra(ack, window);
    checkFullBw(ack);
    updateMinRtt(ack);
  }

  /// Ends what [#update] began, when the sender has looked at the round.
  void advance(AckSample ack) {
    if (roundStart) {
      lostInRound = 0;
      lostBehindQueue = 0;
      deliveredInRound = 0;
      bwLatest = ack.deliveryRate;
      inflightLatest = 0;
    }
  }

  /// The most that was in flight in this round and in the one before, in which what turns out to be
  /// lost now was sent.
  long peakInFlight() {
    return Math.max(newerPeak, olderPeak);
  }

  private void countRound(AckSample ack) {
    delivered += ack.delivered;
    deliveredInRound += ack.delivered;
    roundStart = ack.delivered > 0 && delivered > roundEnd;
    if (roundStart) {
      roundsSinceProbe++;
      olderPeak = newerPeak;
      newerPeak = 0;
      startRound(ack.inFlight);
      inFlightAtRoundStart = ack.inFlight;
      if (++bwRounds >= BW_ROUNDS && !ack.applicationLimited) {
        bwRounds = 0;
        advanceMaxBw();
      }
    }
    newerPeak = Math.max(newerPeak, ack.inFlightBefore);
  }

  private void countLosses(AckSample ack) {
    if (ack.rtt > 0) {
      lastRtt = ack.rtt;
    }
    lostInRound += ack.lost;
    if (!isWithoutQueue(lastRtt)) {
      lostBehindQueue += ack.lost;
    }
  }

  /// Whether a segment with this round trip found no queue.
  private boolean isWithoutQueue(long rtt) {
    return minRtt != UNKNOWN && rtt <= minRtt + minRtt / QUEUE_PART;
  }

  /// Whether the latest segment that was delivered has waited in a queue for longer than chance
  /// explains.
  boolean isQueueSeen() {
    return minRtt != UNKNOWN && lastRtt > minRtt + minRtt / SURE_QUEUE_PART;
  }

  /// Whether more was lost in this round than a path without congestion would lose.
  // Deviation: the draft compares all losses with two of a hundred. But a queue that overflows is
  // one in which the segments beside those lost have waited: what is lost while round trips are the
  // smallest is lost by chance, or by a policer or a queue too short to be seen. It counts above
  // one of ten.
  boolean isLossTooHigh(int mss, double deviations) {
    return isMore(lostBehindQueue, LOSS_THRESH, mss, deviations)
        || isMore(lostInRound, LOSS_THRESH_UNQUEUED, mss, DEVIATIONS_UNQUEUED);
  }

  // Deviation: where one of a hundred is lost by chance, some rounds exceed two of a hundred by
  // chance too. So many standard deviations are added.
  private boolean isMore(long lost, double threshold, int mss, double deviations) {
    double sent = Math.max(inFlightAtRoundStart, deliveredInRound + lostInRound);
    double chance = deviations * mss * Math.sqrt(threshold / 2 * sent / mss);
    return lost > threshold * sent + chance;
  }

  /// Section 5.5.10.3
  private void boundByLoss(int window) {
    long bandwidth = bwShortTerm == UNKNOWN ? maxBw() : bwShortTerm;
    bwShortTerm = Math.max(bwLatest, (long) (BETA * bandwidth));
    long inflight = inflightShortTerm == UNKNOWN ? window : inflightShortTerm;
    inflightShortTerm = Math.max(inflightLatest, (long) (BETA * inflight));
  }

  void resetShortTerm() {
    bwShortTerm = UNKNOWN;
    inflightShortTerm = UNKNOWN;
  }

  private void advanceMaxBw() {
    if (newerBw > 0) {
      olderBw = newerBw;
      newerBw = 0;
    }
  }

  void resetFullBw(long bandwidth) {
    fullBw = bandwidth;
    fullBwCount = 0;
    fullBwNow = false;
  }

  /// The pipe is full where three rounds did not bring a quarter more.
  private void checkFullBw(AckSample ack) {
    if (fullBwNow || ack.applicationLimited) {
      return;
    }
    if (ack.deliveryRate > 0 && ack.deliveryRate >= 1.25 * fullBw) {
      resetFullBw(ack.deliveryRate);
    } else if (roundStart) {
      fullBwCount++;
      fullBwNow = fullBwCount >= 3;
      fullBwReached |= fullBwNow;
    }
  }

  private void updateMinRtt(AckSample ack) {
    // Deviation: the draft probes all the same. Who sends less than the path would take has no
    // queue of its own to drain, and the round trip says whether there is one of others.
    boolean drained = ack.applicationLimited && !ack.limited;
    if (drained && ack.rtt > 0 && isWithoutQueue(ack.rtt)) {
      minRttAt = ack.now;
      probeRttMinAt = ack.now;
    }
    probeRttExpired = probeRttMin != UNKNOWN && ack.now - probeRttMinAt > PROBE_RTT_INTERVAL;
    if (ack.rtt > 0 && (ack.rtt < probeRttMin || probeRttExpired)) {
      probeRttMin = ack.rtt;
      probeRttMinAt = ack.now;
    }
    if (probeRttMin < minRtt || minRtt != UNKNOWN && ack.now - minRttAt > MIN_RTT_FILTER) {
      minRtt = probeRttMin;
      minRttAt = probeRttMinAt;
    }
  }

  /// ProbeRTT is over.
  void probedRtt(long now) {
    probeRttMinAt = now;
    probeRttExpired = false;
  }

  private void countExtra(AckSample ack, int window) {
    double expected = bw() * ((ack.now - extraSince) / SECOND);
    if (extraDelivered <= expected) {
      extraDelivered = 0;
      extraSince = ack.now;
      expected = 0;
    }
    extraDelivered += ack.delivered;
    if (roundStart && ++extraRounds >= EXTRA_ACKED_ROUNDS) {
      extraRounds = 0;
      olderExtra = newerExtra;
      newerExtra = 0;
    }
    newerExtra = Math.max(newerExtra, Math.min(extraDelivered - expected, window));
  }
}
