package microps.core.tcp;

/// The SACK option of an arriving acknowledgment (RFC 2018, section 5.1), and its first block as a
/// report of a duplicate (RFC 2883, section 5). What lies about what was sent is ignored.
final class SackBlocks {
  private SackBlocks() {}

  /// Enters the blocks into the scoreboard; SND.UNA has moved already.
  ///
  /// @param ack SEG.ACK
  /// @param una SND.UNA
  /// @param nxt SND.NXT
  /// @param textEnd the sequence number after the last octet of text: where a FIN stands
  /// @param maxWnd the largest window ever offered: duplicates further back are not believed
  /// @return how many blocks were ignored
  static int take(
      TcpOptions options,
      int ack,
      int una,
      int nxt,
      int textEnd,
      int mss,
      int maxWnd,
      SentSegments sent,
      AckNews news) {
    int ignored = 0;
    for (int b = 0; b < options.sackBlocks; b++) {
      int left = options.sackLeft(b);
      int right = options.sackRight(b);
      if (!Seq.before(left, right) || Seq.after(right, nxt)) {
        ignored++;
      } else if (b == 0 && isDuplicate(options, ack)) {
        if (Seq.before(left, una - Math.max(maxWnd, mss))) {
          ignored++;
        } else {
          news.duplicate(left, right);
        }
      } else if (Seq.before(left, una)) {
        ignored += Seq.after(right, una) ? 1 : 0; // else old: SND.UNA has passed it
      } else {
        sent.sack(left, right, textEnd, news);
      }
    }
    return ignored;
  }

  /// RFC 2883, section 4: the first block lies before SEG.ACK, or within the second.
  private static boolean isDuplicate(TcpOptions options, int ack) {
    int left = options.sackLeft(0);
    int right = options.sackRight(0);
    return Seq.before(left, ack)
        || options.sackBlocks > 1
            && Seq.afterOrAt(left, options.sackLeft(1))
            && Seq.beforeOrAt(right, options.sackRight(1));
  }
}
