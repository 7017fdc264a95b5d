package microps.core.tcp;

/// Which octets beyond RCV.NXT have arrived: disjoint ranges of sequence numbers in ascending
/// order. The octets themselves lie in the [ReceiveBuffer]. Bounded: a peer that sends specks gets
/// [#MAX_RANGES] of them.
final class Reassembly {
  /// How many separate ranges are kept; with one more, the segment is dropped.
  static final int MAX_RANGES = 128;

  private static final int FEW = 4;
  private static final int[] NO_EDGES = {};
  private static final long[] NO_STAMPS = {};

  private int[] left = NO_EDGES;
  private int[] right = NO_EDGES;
  private long[] stamp = NO_STAMPS;
  private int size;
  private long clock;

  /// Whether nothing waits for a gap to close.
  boolean isEmpty() {
    return size == 0;
  }

  /// How many ranges wait.
  int size() {
    return size;
  }

  /// Whether `[from, to)` can be added: it joins a range, or there is room for one more.
  boolean hasRoomFor(int from, int to) {
    if (size < MAX_RANGES) {
      return true;
    }
    for (int i = 0; i < size; i++) {
      if (Seq.beforeOrAt(from, right[i]) && Seq.afterOrAt(to, left[i])) {
        return true;
      }
    }
    return false;
  }

  /// Which is the first range that has something of `[from, to)` already, or -1.
  int overlapping(int from, int to) {
    for (int i = 0; i < size; i++) {
      if (Seq.before(left[i], to) && Seq.before(from, right[i])) {
        return i;
      }
    }
    return -1;
  }

  int left(int range) {
    return left[range];
  }

  int right(int range) {
    return right[range];
  }

  /// Adds `[from, to)`, joined with what it touches. It becomes the most recent range.
  void add(int from, int to) {
    int first = 0;
    while (first < size && Seq.before(right[first], from)) {
      first++;
    }
    int last = first;
    int l = from;
    int r = to;
    while (last < size && Seq.beforeOrAt(left[last], to)) {
      l = Seq.before(left[last], l) ? left[last] : l;
      r = Seq.max(r, right[last]);
      last++;
    }
    replace(first, last - first, l, r);
  }

  private void replace(int at, int count, int l, int r) {
    if (size - count + 1 > left.length) {
      int grown = Math.clamp(2 * left.length, FEW, MAX_RANGES);
      left = java.util.Arrays.copyOf(left, grown);
      right = java.util.Arrays.copyOf(right, grown);
      stamp = java.util.Arrays.copyOf(stamp, grown);
    }
    move(at + count, at + 1);
    left[at] = l;
    right[at] = r;
    stamp[at] = ++clock;
  }

  private void move(int from, int to) {
    int n = size - from;
    System.arraycopy(left, from, left, to, n);
    System.arraycopy(right, from, right, to, n);
    System.arraycopy(stamp, from, stamp, to, n);
    size = to + n;
  }

  /// Where the octets in order end when everything up to `next` is there: `next`, or the end of the
  /// range that it reaches. Ranges that it passed are forgotten.
  int advance(int next) {
    int gone = 0;
    int end = next;
    while (gone < size && Seq.beforeOrAt(left[gone], end)) {
      end = Seq.max(end, right[gone]);
      gone++;
    }
    if (gone > 0) {
      move(gone, 0);
    }
    return end;
  }

  /// Writes the most recent ranges, the latest first (RFC 2018, section 4), as left and right
  /// edges.
  ///
  /// @param edges room for `2 * limit` edges
  /// @param first how many blocks stand there already
  /// @param limit how many there are to be at most
  /// @return how many there are
  int recent(int[] edges, int first, int limit) {
    int blocks = Math.min(first + size, limit);
    long below = Long.MAX_VALUE;
    for (int b = first; b < blocks; b++) {
      int best = -1;
      for (int i = 0; i < size; i++) {
        if (stamp[i] < below && (best < 0 || stamp[i] > stamp[best])) {
          best = i;
        }
      }
      below = stamp[best];
      edges[2 * b] = left[best];
      edges[2 * b + 1] = right[best];
    }
    return blocks;
  }

  /// Forgets everything.
  void clear() {
    size = 0;
  }
}
