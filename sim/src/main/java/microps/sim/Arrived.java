package microps.sim;

/// Which text has arrived on one connection, as the host must have taken it: what is in order, and
/// what lies behind gaps. Sequence numbers.
///
/// A host may refuse text, for want of memory. Where what it acknowledges does not agree with what
/// stands here, this is [not certain][#isCertain] until everything is acknowledged.
final class Arrived {
  /// What a segment is in the words of RFC 5681, section 4.2.
  enum Kind {
    IN_ORDER,
    FILLS_A_GAP,
    OUT_OF_ORDER,
    DUPLICATE
  }

  private static final int MOST = 1_000;

  private int next; // after what is in order
  private int furthest; // after all that arrived, taken or not
  private boolean certain;
  private final int[] from = new int[MOST]; // what lies behind gaps, ascending and disjoint
  private final int[] to = new int[MOST];
  private int ranges;

  private static boolean after(int a, int b) {
    return a - b > 0;
  }

  /// The connection begins; nothing is known until something is acknowledged.
  void begin(int seq) {
    next = seq;
    furthest = seq;
    ranges = 0;
    certain = false;
  }

  /// After what is in order: the furthest that can be acknowledged.
  int next() {
    return certain ? next : furthest;
  }

  boolean isCertain() {
    return certain;
  }

  /// Something arrived of which it is not clear whether it is taken.
  void perhaps(int end) {
    furthest = after(end, furthest) ? end : furthest;
    if (after(end, next)) {
      certain = false;
    }
  }

  /// Text arrived that is to be taken, if it is not there yet.
  Kind take(int seq, int end) {
    furthest = after(end, furthest) ? end : furthest;
    if (!after(end, next) || covers(seq, end)) {
      return Kind.DUPLICATE;
    }
    boolean gaps = ranges > 0;
    if (after(seq, next)) {
      insert(seq, end);
      return Kind.OUT_OF_ORDER;
    }
    next = end;
    join();
    return gaps ? Kind.FILLS_A_GAP : Kind.IN_ORDER;
  }

  private boolean covers(int seq, int end) {
    for (int i = 0; i < ranges; i++) {
      if (!after(from[i], seq) && !after(end, to[i])) {
        return true;
      }
    }
    return false;
  }

  private void insert(int seq, int end) {
    int first = 0;
    while (first < ranges && after(seq, to[first])) {
      first++;
    }
    int last = first;
    int l = seq;
    int r = end;
    while (last < ranges && !after(from[last], end)) {
      l = after(l, from[last]) ? from[last] : l;
      r = after(to[last], r) ? to[last] : r;
      last++;
    }
    if (first == last && ranges == MOST) {
      certain = false;
      return;
    }
    System.arraycopy(from, last, from, first + 1, ranges - last);
    System.arraycopy(to, last, to, first + 1, ranges - last);
    from[first] = l;
    to[first] = r;
    ranges += first + 1 - last;
  }

  /// What is in order reaches ranges behind gaps now.
  private void join() {
    int gone = 0;
    while (gone < ranges && !after(from[gone], next)) {
      next = after(to[gone], next) ? to[gone] : next;
      gone++;
    }
    System.arraycopy(from, gone, from, 0, ranges - gone);
    System.arraycopy(to, gone, to, 0, ranges - gone);
    ranges -= gone;
  }

  /// The host acknowledged up to here.
  ///
  /// @param last whether it owes no other acknowledgment of what arrived before
  void acknowledged(int ack, boolean last) {
    if (!after(furthest, ack)) {
      next = ack;
      ranges = 0;
      certain = true;
    } else if (after(ack, next)) {
      next = ack;
      join();
    } else if (last && ack != next) {
      certain = false;
    }
  }
}
