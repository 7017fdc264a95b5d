package microps.core.tcp;

/// The marks of RFC 6675, section 3, on the segments of [SentSegments], and what they sum up to.
/// Octets, where nothing else is said.
final class SegmentMarks {
  /// A SACK block covered it.
  static final int SACKED = 1;

  /// It is taken for lost, or was when it was sent again.
  static final int LOST = 2;

  /// It was sent again, and that is in flight.
  static final int RETRANSMITTED = 4;

  /// It was ever sent again.
  static final int EVER_RETRANSMITTED = 8;

  /// The user, not the network, limited the sender when it was sent.
  static final int APPLICATION_LIMITED = 16;

  private int sackedOut;
  private int lostOut;
  private int retransmittedOut;
  private int sackedSegments;

  static boolean is(SegmentSlab slab, int slot, int flag) {
    return (slab.flags[slot] & flag) != 0;
  }

  static void set(SegmentSlab slab, int slot, int flag, boolean on) {
    slab.flags[slot] = (byte) (on ? slab.flags[slot] | flag : slab.flags[slot] & ~flag);
  }

  /// Whether it is lost and was not sent again.
  static boolean isPending(SegmentSlab slab, int slot) {
    return (slab.flags[slot] & (LOST | RETRANSMITTED | SACKED)) == LOST;
  }

  /// Pipe (RFC 6675, section 4) of so many octets that are not acknowledged.
  int pipe(int outstanding) {
    return outstanding - sackedOut - lostOut + retransmittedOut;
  }

  int sackedOut() {
    return sackedOut;
  }

  /// Segments of the wire that are SACKed.
  int sackedSegments() {
    return sackedSegments;
  }

  int lostOut() {
    return lostOut;
  }

  int retransmittedOut() {
    return retransmittedOut;
  }

  /// It was sent again.
  void resent(SegmentSlab slab, int slot) {
    if (!is(slab, slot, RETRANSMITTED)) {
      retransmittedOut += slab.length(slot);
    }
    slab.flags[slot] |= RETRANSMITTED | EVER_RETRANSMITTED;
  }

  /// What was last sent of it is lost.
  void lost(SegmentSlab slab, int slot) {
    if (is(slab, slot, RETRANSMITTED)) {
      retransmittedOut -= slab.length(slot);
      set(slab, slot, RETRANSMITTED, false);
    }
    if (!is(slab, slot, LOST)) {
      lostOut += slab.length(slot);
      set(slab, slot, LOST, true);
    }
  }

  /// It is SACKed, as the segments of the wire that it stands for.
  void sacked(SegmentSlab slab, int slot) {
    left(slab, slot);
    set(slab, slot, RETRANSMITTED | LOST, false);
    set(slab, slot, SACKED, true);
    slab.count[slot] = WireCuts.segments(slab.length(slot), slab.mss[slot]);
    sackedOut += slab.length(slot);
    sackedSegments += slab.count[slot];
  }

  /// It was SACKed, but the peer has thrown it away: it is lost.
  void reneged(SegmentSlab slab, int slot) {
    left(slab, slot);
    set(slab, slot, SACKED, false);
    set(slab, slot, LOST, true);
    lostOut += slab.length(slot);
  }

  /// It counts no more for what its marks say.
  void left(SegmentSlab slab, int slot) {
    int length = slab.length(slot);
    if (is(slab, slot, SACKED)) {
      sackedOut -= length;
      sackedSegments -= slab.count[slot];
    }
    if (is(slab, slot, LOST)) {
      lostOut -= length;
    }
    if (is(slab, slot, RETRANSMITTED)) {
      retransmittedOut -= length;
    }
  }

  /// One that is SACKed was cut in two: the segments of the wire are shared out.
  void sackedWasCut(SegmentSlab slab, int first, int second) {
    int count = slab.count[first];
    int before = WireCuts.segments(slab.length(first), slab.mss[first]);
    slab.count[first] = Math.clamp(before, 1, Math.max(1, count - 1));
    slab.count[second] = Math.max(1, count - slab.count[first]);
    sackedSegments += slab.count[first] + slab.count[second] - count;
  }

  /// None is taken for lost any more; their marks are the caller's.
  void lossesForgotten() {
    lostOut = 0;
  }

  void clear() {
    sackedOut = 0;
    lostOut = 0;
    retransmittedOut = 0;
    sackedSegments = 0;
  }
}
