package microps.core.tcp;

/// What happened on a connection since it began, for [TcpInfo].
final class TcpCounts {
  /// DupThresh: what every sender tolerates.
  private static final int LEAST_REORDERING = 3;

  /// As Linux: what lies further apart tells nothing of the path.
  static final int MOST_REORDERING = 300;

  long bytesSent;
  long bytesRetransmitted;
  long bytesAcked;
  long bytesReceived;
  long delivered;
  long deliveredMarked;

  /// When a segment with text last arrived; 0: never.
  long dataReceivedAt;

  // Of segments and events: 4 thousand million are enough for one connection, memory is not.
  int segmentsSent;
  int segmentsReceived;
  int dataSegmentsSent;
  int dataSegmentsReceived;
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

  int reordering() {
    return reordering;
  }

  /// Something came late.
  ///
  /// @param distance how many octets it was behind what had come before it
  void reordered(int distance, int mss) {
    reorderings++;
    int segments = Math.ceilDiv(distance, mss);
    reordering = (short) Math.clamp(segments, reordering, MOST_REORDERING);
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
    retransmits += segments;
    bytesRetransmitted += text;
  }

  TcpInfo.Counts snapshot() {
    return new TcpInfo.Counts(
        bytesSent,
        bytesRetransmitted,
        bytesAcked,
        bytesReceived,
        delivered,
        deliveredMarked,
        Integer.toUnsignedLong(segmentsSent),
        Integer.toUnsignedLong(segmentsReceived),
        Integer.toUnsignedLong(dataSegmentsSent),
        Integer.toUnsignedLong(dataSegmentsReceived),
        Integer.toUnsignedLong(retransmits),
        Integer.toUnsignedLong(duplicateAcks),
        Integer.toUnsignedLong(duplicateSacks),
        Integer.toUnsignedLong(timeouts),
        Integer.toUnsignedLong(tailProbes),
        Integer.toUnsignedLong(outOfOrder));
  }
}
