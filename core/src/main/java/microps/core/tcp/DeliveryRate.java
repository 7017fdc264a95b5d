package microps.core.tcp;

import microps.core.tcp.congestion.AckSample;

/// How fast the network delivers (draft-ietf-ccwg-bbr, section 4.1): between the moment when a
/// segment was sent and that when it was acknowledged, so much was delivered. Octets modulo 2^32,
/// and nanoseconds.
final class DeliveryRate {
  private int delivered;
  private long deliveredTime;
  private long firstSentTime;
  private int applicationLimitedUntil;
  private boolean applicationLimited;
  private int nextRound;

  // The newest segment that this acknowledgment delivered
  private boolean sampled;
  private int priorDelivered;
  private long priorTime;
  private long sendElapsed;
  private long sentAt;
  private boolean sampleLimited;

  // The latest measurement
  private long latest;
  private boolean latestLimited;

  /// C.delivered
  int delivered() {
    return delivered;
  }

  /// C.delivered_time
  long deliveredTime() {
    return deliveredTime;
  }

  /// C.first_sent_time
  long firstSentTime() {
    return firstSentTime;
  }

  /// The latest rate, in octets in a second; 0: none.
  long latest() {
    return latest;
  }

  /// Whether the user limited it.
  boolean isLatestLimited() {
    return latestLimited;
  }

  boolean isApplicationLimited() {
    return applicationLimited;
  }

  /// (4.1.2.2) a segment is sent while nothing is in flight: a flight begins.
  void flightBegins(long now) {
    firstSentTime = now;
    deliveredTime = now;
  }

  /// (4.1.2.4) the user has nothing more to send, though cwnd would allow it.
  void applicationLimited(int inFlight) {
    applicationLimitedUntil = delivered + Math.max(inFlight, 1);
    applicationLimited = true;
  }

  /// (4.1.2.3) a segment was delivered.
  void delivered(SentSegments sent, int slot, long now) {
    delivered += sent.length(slot);
    deliveredTime = now;
    int prior = sent.deliveredBefore(slot);
    long xmitTs = sent.xmitTs(slot);
    if (!sampled || prior - priorDelivered > 0 || prior == priorDelivered && xmitTs > sentAt) {
      sampled = true;
      priorDelivered = prior;
      priorTime = sent.deliveredTime(slot);
      sentAt = xmitTs;
      sendElapsed = xmitTs - sent.firstSentTime(slot);
      sampleLimited = sent.is(slot, SegmentMarks.APPLICATION_LIMITED);
      firstSentTime = xmitTs;
    }
  }

  /// (4.1.2.3) everything that the acknowledgment delivered is known: writes the rate and the
  /// round.
  void finish(AckSample sample, long minRtt) {
    sample.deliveryRate = 0;
    sample.applicationLimited = false;
    sample.roundStart = false;
    if (applicationLimited && delivered - applicationLimitedUntil > 0) {
      applicationLimited = false;
    }
    if (!sampled) {
      return;
    }
    sampled = false;
    sample.applicationLimited = sampleLimited;
    if (priorDelivered - nextRound >= 0) {
      nextRound = delivered;
      sample.roundStart = true;
    }
    long interval = Math.max(sendElapsed, deliveredTime - priorTime);
    if (interval > 0 && interval >= minRtt) {
      double octets = delivered - priorDelivered;
      sample.deliveryRate = Math.max(1, (long) (octets * 1e9 / interval));
      latest = sample.deliveryRate;
      latestLimited = sampleLimited;
    }
  }
}
