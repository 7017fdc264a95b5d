package microps.core.tcp;

/// When a connection in TIME-WAIT may give way to a new one between the same endpoints: where old
/// segments that are still under way can be told from new ones (RFC 9293, MAY-2, SHLD-4; RFC 6191).
final class TimeWait {
  /// How much older than our SYN what the peer last said must be, so that its timestamps have moved
  /// on in between; as on Linux.
  static final long REUSE_AFTER = 1_000_000_000L;

  /// How far beyond the last number of the old connection the new one begins: further than any
  /// window of it without scaling; as on Linux.
  private static final int BEYOND = 0xffff + 2;

  private TimeWait() {}

  /// A SYN has arrived (RFC 6191, section 2).
  ///
  /// @param hadTimestamps whether the old connection had timestamps
  /// @param tsRecent its TS.Recent
  /// @param nxt its RCV.NXT
  /// @param hasTimestamps whether the new one would have them
  /// @param tsVal those of the SYN
  /// @param seq its sequence number
  static boolean mayReopen(
      boolean hadTimestamps, int tsRecent, int nxt, boolean hasTimestamps, int tsVal, int seq) {
    if (!hasTimestamps) {
      return Seq.after(seq, nxt);
    }
    return !hadTimestamps || Seq.after(tsVal, tsRecent) || tsVal == tsRecent && Seq.after(seq, nxt);
  }

  /// An active OPEN wants the endpoints: only where timestamps tell the old segments of the peer.
  ///
  /// @param age how long ago the peer last said something
  static boolean mayReuse(boolean hadTimestamps, boolean wantsTimestamps, long age) {
    return hadTimestamps && wantsTimestamps && age >= REUSE_AFTER;
  }

  /// The initial sequence number after an old connection.
  ///
  /// @param iss what it would be without
  /// @param nxt SND.NXT of the old one
  static int initialSequence(int iss, int nxt) {
    return Seq.after(iss, nxt + BEYOND) ? iss : nxt + BEYOND;
  }
}
