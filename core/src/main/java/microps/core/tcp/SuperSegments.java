package microps.core.tcp;

/// How much text leaves as one super-segment, which the device, or whoever is at the other end of
/// it, cuts into segments of the wire.
final class SuperSegments {
  private SuperSegments() {}

  /// The most octets of text: whole segments, and at least one.
  ///
  /// @param segment octets of text in a full segment
  /// @param device what the device takes, headers taken off; 0: plain segments only
  /// @param burst what pacing lets leave at once
  /// @param congestion cwnd
  /// @param largestWindow MAX.SND.WND
  static int most(int segment, int device, int burst, int congestion, int largestWindow) {
    // half of a window, as Linux: the other half is under way, and its acknowledgments keep coming
    int window = Math.min(congestion, largestWindow) / 2;
    int octets = Math.min(Math.min(device, burst), window);
    return Math.max(1, octets / segment) * segment;
  }

  /// What of `length` octets of text goes at once: whole segments, and behind them what is less
  /// than one only where that may go too.
  static int whole(int length, int segment, boolean withRest) {
    return withRest || length <= segment ? length : length - length % segment;
  }

  /// How many segments of the wire a super-segment, or a segment without text, is.
  static int count(int length, int segment) {
    return length <= segment ? 1 : Math.ceilDiv(length, segment);
  }
}
