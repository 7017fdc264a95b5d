package microps.core.tcp;

/// What happened on a connection since it began, for [TcpInfo]; nothing is decided by it.
final class TcpCounts {
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

  void received(int text, long now) {
    segmentsReceived++;
    if (text > 0) {
      dataSegmentsReceived++;
      dataReceivedAt = now;
    }
  }

  void sent(int text) {
    segmentsSent++;
    if (text > 0) {
      dataSegmentsSent++;
      bytesSent += text;
    }
  }

  void retransmitted(int text) {
    retransmits++;
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
