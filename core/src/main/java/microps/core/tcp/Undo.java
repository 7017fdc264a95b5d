package microps.core.tcp;

/// Whether a recovery was for nothing: everything that was sent again had arrived already. Told by
/// D-SACKs of all that was sent again (RFC 3708), or by an echoed timestamp from before the first
/// retransmission (Eifel, RFC 3522).
final class Undo {
  /// Whether there is something to take back.
  private boolean possible;

  /// SND.UNA when recovery began.
  private int marker;

  /// Octets sent again of which no D-SACK told yet.
  private int undoRetrans;

  private boolean resent;

  /// RetransmitTS: the clock of the timestamps at the first retransmission.
  private int retransmitTs;

  /// Recovery begins, and congestion control has lowered its window.
  void begin(int una) {
    possible = true;
    marker = una;
    undoRetrans = 0;
    resent = false;
  }

  /// What was lowered stays so.
  void forget() {
    possible = false;
  }

  boolean isPossible() {
    return possible;
  }

  /// Something was sent again.
  ///
  /// @param clock the clock of the timestamps
  void resent(int octets, int clock) {
    if (!resent) {
      resent = true;
      retransmitTs = clock;
    }
    undoRetrans += octets;
  }

  /// A D-SACK block told of a duplicate.
  ///
  /// @param una SND.UNA before this acknowledgment
  /// @return whether everything that was sent again had arrived before
  boolean duplicate(int left, int right, int una) {
    if (!possible || !resent || Seq.before(left, marker) || Seq.after(right, una)) {
      return false;
    }
    undoRetrans = Math.max(0, undoRetrans - (right - left));
    return undoRetrans == 0;
  }

  /// RFC 3522 (5): whether an acknowledgment of new data answers what was sent before the first
  /// retransmission.
  boolean isAnswerToOriginal(int tsEcr) {
    return possible && resent && tsEcr != 0 && Seq.before(tsEcr, retransmitTs);
  }
}
