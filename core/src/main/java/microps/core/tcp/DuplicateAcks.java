package microps.core.tcp;

/// Duplicate acknowledgments where the peer has no SACK: fast retransmit (RFC 5681, section 3.2),
/// limited transmit (RFC 3042), and the windows of NewReno's recovery (RFC 6582, section 3.2) in
/// octets.
final class DuplicateAcks {
  static final int THRESHOLD = 3;

  /// How many since something was acknowledged.
  private int count;

  private boolean partialSeen;

  /// Something was acknowledged, or the timer expired.
  void restart() {
    count = 0;
  }

  /// One has arrived.
  ///
  /// @return whether it is the one that tells of a loss
  boolean arrived() {
    count++;
    return count == THRESHOLD;
  }

  /// What limited transmit allows beyond cwnd: a segment for each of the first two.
  int allowance(int mss) {
    return Math.min(count, THRESHOLD - 1) * mss;
  }

  /// Recovery begins: RFC 6582, step (2), what has left the network counts.
  int begin(int threshold, int mss) {
    partialSeen = false;
    return threshold + THRESHOLD * mss;
  }

  /// RFC 6582, step (3): each one during recovery means that a segment has left the network.
  static int inflated(int window, int mss) {
    return window + mss;
  }

  /// RFC 6582, step (5): a partial acknowledgment deflates by what it acknowledged.
  static int deflated(int window, int acked, int mss) {
    return window - acked + (acked >= mss ? mss : 0);
  }

  /// RFC 6582, step (4), option 1: the window when recovery is over.
  static int afterRecovery(int threshold, int flight, int mss) {
    return Math.min(threshold, Math.max(flight, mss) + mss);
  }

  /// RFC 6582, step (5): a partial acknowledgment has arrived.
  ///
  /// @return whether it is the first of this recovery, which restarts the retransmission timer
  boolean partial() {
    boolean first = !partialSeen;
    partialSeen = true;
    return first;
  }
}
