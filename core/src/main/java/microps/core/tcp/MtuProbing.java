package microps.core.tcp;

import microps.core.basis.Counter;

/// What a connection asks its [MtuSearch], and tells it (RFC 4821).
final class MtuProbing {
  private MtuProbing() {}

  /// A large segment has timed out again and again: where the path may be a black hole, segments
  /// become smaller.
  static void suspect(TcpConnection c) {
    int size = EffectiveMss.largest(c, c.snd.peerMss);
    if (c.mtuSearch == null && size > MtuSearch.BASE && c.snd.flight() > MtuSearch.BASE) {
      c.mtuSearch = new MtuSearch(size);
    }
    MtuSearch search = c.mtuSearch;
    if (search != null && search.timedOut()) {
      c.tcp.env().counters().add(Counter.TCP_BLACK_HOLES);
      EffectiveMss.update(c);
    }
  }

  /// The segments in flight were answered, or taken for lost: what came of the probe among them?
  static void look(TcpConnection c, long now) {
    MtuSearch search = c.mtuSearch;
    if (search == null) {
      return;
    }
    LossRecovery recovery = c.recovery();
    if (recovery.mtuProbe().takeLost()) {
      search.lost(now);
    }
    if (search.looked(c.snd.una, recovery.isRecovering())) {
      if (search.isOver()) {
        c.mtuSearch = null;
      }
      EffectiveMss.update(c);
    }
  }

  /// Whatever was in flight is taken for lost.
  static void timedOut(TcpConnection c, long now) {
    MtuSearch search = c.mtuSearch;
    if (search != null) {
      search.lost(now);
    }
  }

  /// How many octets of text a probe for a larger MTU would hold that is due now; else 0. Best it
  /// has ordinary segments behind it, whose acknowledgments tell of its loss (RFC 4821, section
  /// 7.4).
  ///
  /// @param room what the smaller of window and cwnd holds
  static int due(TcpConnection c, int unsent, int room, long now) {
    MtuSearch search = c.mtuSearch;
    if (search == null || c.recovery().isRecovering() || c.backOffs > 0) {
      return 0;
    }
    if (SegmentBuilder.textRoom(c) < c.snd.mss) {
      return 0; // SACK blocks go along, and would make it larger than the interface takes
    }
    int most = Math.min(unsent, room);
    int largest = EffectiveMss.largest(c, c.snd.peerMss);
    boolean amongOthers = most >= largest + 4 * c.snd.mss;
    int text = Math.min(search.due(amongOthers, now), largest) - c.optionsLength();
    return text > c.snd.mss && most >= text ? text : 0;
  }

  /// The probe was sent.
  static void sent(TcpConnection c, int seq, int text) {
    MtuSearch search = c.mtuSearch;
    if (search != null) {
      search.sent(text + c.optionsLength(), seq, seq + text);
      c.recovery().mtuProbe().sent(seq, seq + text);
    }
  }
}
