package microps.core.tcp;

/// What happened on a connection since it began, for [TcpInfo].
final class TcpCounts {
  /// DupThresh: what every sender tolerates.
  private static final int LEAST_REORDERING = 3;

  /// As Linux: what lies further apart tells nothing of the path.
  static final int MOST_REORDERING = 300;

  long bytesSent;
  long bytesAcked;
  long bytesReceived;
  long delivered;

  /// When a segment with text last arrived; 0: never.
  long dataReceivedAt;

  // Of segments and events: 4 thousand million are enough for one connection, memory is not.
  int segmentsSent;
  int segmentsReceived;
  int dataSegmentsSent;
  int dataSegmentsReceived;

  /// What a connection on a good path does without.
  static final class Troubles {
    long bytesRetransmitted;
    long deliveredMarked;
    int retransmits;
    int duplicateAcks;
    int duplicateSacks;
    int timeouts;
    int tailProbes;
    int outOfOrder;

    /// How often reordering was seen.
    int reorderings;

    /// The largest distance of it, in segments.
    private short reordering = LEAST_REORDERING;
  }

  private static final Troubles NONE = new Troubles(); // nothing is written to it

  private Troubles troubles = NONE;

  /// The counts of troubles, to look at.
  Troubles troubles() {
    return troubles;
  }

  /// The same, to add to.
  Troubles trouble() {
    if (troubles == NONE) {
      troubles = new Troubles();
    }
    return troubles;
  }

  int reordering() {
    return troubles.reordering;
  }

  /// Something came late.
  ///
  /// @param distance how many octets it was behind what had come before it
  void reordered(int distance, int mss) {
    Troubles t = trouble();
    t.reorderings++;
    int segments = Math.ceilDiv(distance, mss);
    t.reordering = (short) Math.clamp(segments, t.reordering, MOST_REORDERING);
  }

  /// @param segments how many segments of the wire it is
  void received(int text, int segments, long now) {
    segmentsReceived += segments;
    if (text > 0) {
      dataSegmentsReceived += segments;
      dataReceivedAt = now;
    }
  }

  void sent(int text, int segments) {
    segmentsSent += segments;
    if (text > 0) {
      dataSegmentsSent += segments;
      bytesSent += text;
    }
  }

  void retransmitted(int text, int segments) {
    Troubles t = trouble();
    t.retransmits += segments;
    t.bytesRetransmitted += text;
  }

  TcpInfo.Counts snapshot() {
    return new TcpInfo.Counts(
        bytesSent,
        troubles.bytesRetransmitted,
        bytesAcked,
        bytesReceived,
        delivered,
        troubles.deliveredMarked,
        Integer.toUnsignedLong(segmentsSent),
        Integer.toUnsignedLong(segmentsReceived),
        Integer.toUnsignedLong(dataSegmentsSent),
        Integer.toUnsignedLong(dataSegmentsReceived),
        Integer.toUnsignedLong(troubles.retransmits),
        Integer.toUnsignedLong(troubles.duplicateAcks),
        Integer.toUnsignedLong(troubles.duplicateSacks),
        Integer.toUnsignedLong(troubles.timeouts),
        Integer.toUnsignedLong(troubles.tailProbes),
        Integer.toUnsignedLong(troubles.outOfOrder));
  }
}
