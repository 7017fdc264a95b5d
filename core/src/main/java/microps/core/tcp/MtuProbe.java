package microps.core.tcp;

/// The probe for a larger MTU that is in flight. Its loss alone says that it was too large, and not
/// that there is congestion (RFC 4821, sections 7.6.2 and 7.6.4).
final class MtuProbe {
  /// Where it begins, and ends; the same: there is none.
  private int start;

  private int end;

  private boolean lost;

  /// One was sent.
  void sent(int from, int to) {
    start = from;
    end = to;
  }

  /// It counts no more.
  void forget() {
    end = start;
  }

  /// How long the probe is, if it begins here; else 0.
  int lengthAt(int seq) {
    return seq == start ? end - start : 0;
  }

  /// Whether it, and nothing else, is lost and was not sent again: told once.
  boolean isLostAlone(SentSegments sent) {
    int slot = sent.firstLost();
    if (end == start || sent.lostOut() != end - start || slot == SentSegments.NONE) {
      return false;
    }
    int seq = start;
    for (; slot != SentSegments.NONE && sent.start(slot) == seq; slot = sent.sentNext(slot)) {
      seq = sent.end(slot);
    }
    if (seq != end) {
      return false;
    }
    forget();
    lost = true;
    return true;
  }

  /// Whether it was lost alone, until somebody asks.
  boolean takeLost() {
    boolean was = lost;
    lost = false;
    return was;
  }
}
