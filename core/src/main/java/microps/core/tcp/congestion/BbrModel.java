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
  long deliveredInRound;
  private long inFlightAtRoundStart;

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
    lostInRound += ack.lost;
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
      deliveredInRound = 0;
      bwLatest = ack.deliveryRate;
      inflightLatest = 0;
    }
  }

  private void countRound(AckSample ack) {
    delivered += ack.delivered;
    deliveredInRound += ack.delivered;
    roundStart = ack.delivered > 0 && delivered > roundEnd;
    if (roundStart) {
      roundsSinceProbe++;
      startRound(ack.inFlight);
      inFlightAtRoundStart = ack.inFlight;
      if (++bwRounds >= BW_ROUNDS && !ack.applicationLimited) {
        bwRounds = 0;
        advanceMaxBw();
      }
    }
  }

  /// Whether more was lost in this round than a path without congestion would lose.
  // Deviation: the draft compares with two of a hundred alone; where one of a hundred is lost by
  // chance, some rounds exceed that by chance too. So many standard deviations are added.
  boolean isLossTooHigh(int mss, double deviations) {
    double sent = Math.max(inFlightAtRoundStart, deliveredInRound + lostInRound);
    double chance = deviations * mss * Math.sqrt(LOSS_THRESH / 2 * sent / mss);
    return lostInRound > LOSS_THRESH * sent + chance;
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
