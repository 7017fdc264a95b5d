package microps.core.tcp;

/// How large the receive window is to be: twice what the user reads in a round trip, and more while
/// that grows ("dynamic right-sizing", as Linux does it). A user who does not read gets no larger
/// window, a path that is longer or wider does, within two round trips.
///
/// The round trip is that of the receiver, who sends nothing that would be acknowledged: by the
/// timestamps that come back in text, or else by the time that a window takes to be filled. Both
/// may be too long, where the sender has paused, never too short; too long makes the window larger
/// than needed, and no later.
final class WindowTuning {
  static final int FIRST_SEGMENTS = 10;
  private static final int MOST = 1 << 29;

  private int space;
  private int read;
  private long roundAt;
  private long roundTrip;

  /// The smallest measurement of this round; 0: none.
  private long smallest;

  private int echo;
  private boolean filling;
  private int fillEnd;
  private long fillAt;

  /// @param mss a full segment
  /// @param roundTrip the round trip as the handshake showed it; 0: unknown
  WindowTuning(int mss, long roundTrip, long now) {
    space = FIRST_SEGMENTS * mss;
    this.roundTrip = roundTrip;
    roundAt = now;
  }

  /// The round trip; 0: unknown.
  long roundTrip() {
    return roundTrip;
  }

  /// What the user reads in a round trip, at best so far.
  int space() {
    return space;
  }

  /// Text came with a timestamp of ours (RFC 7323: TSecr). Of each only the first counts: the later
  /// ones contain what the sender waited.
  ///
  /// @param elapsed the time since that timestamp
  void echoed(int tsEcr, long elapsed) {
    if (tsEcr != echo) {
      echo = tsEcr;
      measured(elapsed);
    }
  }

  /// Text came without timestamps: a round is what it takes to fill the window.
  ///
  /// @param edge the right edge of the window
  void arrived(int nxt, int edge, long now) {
    if (filling && Seq.before(nxt, fillEnd)) {
      return;
    }
    if (filling) {
      measured(now - fillAt);
    }
    filling = true;
    fillEnd = edge;
    fillAt = now;
  }

  private void measured(long sample) {
    long r = Math.max(sample, 1);
    smallest = smallest == 0 ? r : Math.min(smallest, r);
    if (roundTrip == 0) {
      roundTrip = r;
    }
  }

  /// The user read `n` octets.
  ///
  /// @return the window that this asks for; 0: none
  int read(int n, int mss, long now) {
    read = Math.min(read + n, MOST);
    long window = 0;
    if (read > space) {
      window = 2L * read + 16L * mss;
      // while the sender's window doubles with each round trip, ours must be ahead
      window += 2 * window * (read - space) / space;
    }
    if (now - roundAt >= roundTrip) {
      nextRound(now);
    }
    return (int) Math.min(window, Integer.MAX_VALUE);
  }

  private void nextRound(long now) {
    space = Math.max(space, read);
    read = 0;
    roundAt = now;
    if (smallest > 0) {
      // a sender that paused is not a path that is so much longer
      roundTrip = Math.min(smallest, 2 * roundTrip);
      smallest = 0;
    }
  }
}
