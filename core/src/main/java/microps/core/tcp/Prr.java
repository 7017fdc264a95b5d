package microps.core.tcp;

/// Proportional Rate Reduction (RFC 9937): how much may be sent for each acknowledgment during fast
/// recovery, so that cwnd is ssthresh at its end. All in octets.
final class Prr {
  /// RecoverFS
  private int recoverFS;

  /// prr_delivered
  private long prrDelivered;

  /// prr_out
  private long prrOut;

  private int ssthresh;

  /// Recovery begins (section 6.2).
  ///
  /// @param recoverFS what was in flight when it did, without what had been SACKed before
  void start(int recoverFS, int ssthresh) {
    this.recoverFS = Math.max(1, recoverFS);
    this.ssthresh = ssthresh;
    prrDelivered = 0;
    prrOut = 0;
  }

  /// An acknowledgment in recovery, also that which begins it.
  ///
  /// @param deliveredData DeliveredData
  /// @param inflight what is in flight after it
  /// @param safeAck SafeACK: SND.UNA has advanced, and no further loss was found
  /// @return cwnd
  int acknowledged(int deliveredData, int inflight, boolean safeAck, int smss) {
    prrDelivered += deliveredData;
    long sndcnt;
    if (inflight > ssthresh) {
      // Proportional Rate Reduction
      sndcnt = (prrDelivered * ssthresh + recoverFS - 1) / recoverFS - prrOut;
    } else {
      // PRR-CRB by default
      sndcnt = Math.max(prrDelivered - prrOut, deliveredData);
      if (safeAck) {
        // PRR-SSRB when recovery is in good progress
        sndcnt += smss;
      }
      // Attempt to catch up, as permitted
      sndcnt = Math.min(ssthresh - inflight, sndcnt);
    }
    if (prrOut == 0 && sndcnt < smss) {
      // Force a fast retransmit upon entering recovery: a whole segment
      sndcnt = smss;
    }
    return inflight + Math.clamp(sndcnt, 0, 1 << 30);
  }

  /// Something was sent, first or again.
  void sent(int octets) {
    prrOut += octets;
  }
}
