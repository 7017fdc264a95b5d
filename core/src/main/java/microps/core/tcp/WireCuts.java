package microps.core.tcp;

/// Where a super-segment is cut: it stands for segments of the wire, all of one size but the last.
/// A SACK block cuts where it ends, since the peer may have what was sent with other boundaries
/// before the path MTU shrank; but a peer that SACKs specks gets no entry for each.
final class WireCuts {
  /// How many entries more than twice the full segments there may be, for SACK blocks that cut
  /// them.
  static final int ODD_CUTS = 64;

  private WireCuts() {}

  /// Whether a block may cut between the segments' boundaries.
  ///
  /// @param entries how many there are
  /// @param outstanding octets that they cover
  static boolean mayBeOdd(int entries, int outstanding, int mss) {
    return entries < ODD_CUTS + 2 * (outstanding / mss);
  }

  /// The first boundary at `seq` or after it.
  static int roundUp(int start, int mss, int seq) {
    int rest = (seq - start) % mss;
    return rest == 0 ? seq : seq - rest + mss;
  }

  /// The last boundary at `seq` or before it.
  static int roundDown(int start, int mss, int seq) {
    return seq - (seq - start) % mss;
  }

  /// How many segments so many octets are; a FIN or SYN alone is one.
  static int segments(int length, int mss) {
    return Math.max(1, Math.ceilDiv(length, mss));
  }

  /// Where the last segment begins.
  static int lastStart(int start, int end, int mss) {
    return start + (end - start - 1) / mss * mss;
  }
}
