package microps.core.tcp;

import java.util.Arrays;

/// Which octets beyond RCV.NXT have arrived: disjoint ranges of sequence numbers in ascending
/// order. The octets themselves lie in the [ReceiveBuffer]. Bounded by the size of that: a peer
/// that sends specks gets [so many][#limit] of them.
final class Reassembly {
  /// How many separate ranges are kept of the smallest window.
  static final int LEAST_RANGES = 128;

  /// How many of the largest.
  static final int MOST_RANGES = 4096;

  /// Every second segment may be lost where a sender is twice as fast as its path: a range for each
  /// two of them, which takes less than a hundredth of what the octets do.
  private static final int OCTETS_PER_RANGE = 2048;

  private static final int FEW = 4;
  private static final int[] NO_EDGES = {};
  private static final long[] NO_STAMPS = {};

  /// Of a connection where nothing ever arrived out of order: empty, and nothing is added to it.
  static final Reassembly NONE = new Reassembly();

  private int[] left = NO_EDGES;
  private int[] right = NO_EDGES;
  private long[] stamp = NO_STAMPS;

  /// Where the first range stands: a gap that closes moves nothing.
  private int head;

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

  /// How many ranges are kept at most; with one more, the segment is dropped.
  ///
  /// @param capacity octets that the buffer may hold
  static int limit(int capacity) {
    return Math.clamp(capacity / OCTETS_PER_RANGE, LEAST_RANGES, MOST_RANGES);
  }

  /// Whether `[from, to)` can be added: it joins a range, or there is room for one more.
  boolean hasRoomFor(int from, int to, int limit) {
    if (size < limit) {
      return true;
    }
    int at = firstEndingAtOrAfter(from);
    return at < size && Seq.beforeOrAt(left(at), to);
  }

  /// Which is the first range that has something of `[from, to)` already, or -1.
  int overlapping(int from, int to) {
    int at = firstEndingAtOrAfter(from + 1);
    return at < size && Seq.before(left(at), to) ? at : -1;
  }

  /// The first range whose right edge is not before `seq`, or the number of ranges.
  private int firstEndingAtOrAfter(int seq) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Seq.before(right(middle), seq)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int left(int range) {
    return left[head + range];
  }

  int right(int range) {
    return right[head + range];
  }

  /// Adds `[from, to)`, joined with what it touches. It becomes the most recent range.
  void add(int from, int to) {
    int first = firstEndingAtOrAfter(from);
    int last = first;
    int l = from;
    int r = to;
    while (last < size && Seq.beforeOrAt(left(last), to)) {
      l = Seq.before(left(last), l) ? left(last) : l;
      r = Seq.max(r, right(last));
      last++;
    }
    replace(first, last - first, l, r);
  }

  private void replace(int at, int count, int l, int r) {
    if (count == 0 && head + size == left.length) {
      makeRoom();
    }
    shift(at + count, at + 1);
    left[head + at] = l;
    right[head + at] = r;
    stamp[head + at] = ++clock;
  }

  private void makeRoom() {
    int capacity = left.length;
    if (head == 0 || head < capacity / 4) {
      capacity = Math.max(2 * capacity, FEW);
      left = Arrays.copyOfRange(left, head, head + capacity);
      right = Arrays.copyOfRange(right, head, head + capacity);
      stamp = Arrays.copyOfRange(stamp, head, head + capacity);
    } else {
      move(head, 0, size);
    }
    head = 0;
  }

  private void shift(int from, int to) {
    int n = size - from;
    if (from != to) {
      move(head + from, head + to, n);
    }
    size = to + n;
  }

  private void move(int from, int to, int n) {
    System.arraycopy(left, from, left, to, n);
    System.arraycopy(right, from, right, to, n);
    System.arraycopy(stamp, from, stamp, to, n);
  }

  /// Where the octets in order end when everything up to `next` is there: `next`, or the end of the
  /// range that it reaches. Ranges that it passed are forgotten.
  int advance(int next) {
    int gone = 0;
    int end = next;
    while (gone < size && Seq.beforeOrAt(left(gone), end)) {
      end = Seq.max(end, right(gone));
      gone++;
    }
    size -= gone;
    head = size == 0 ? 0 : head + gone;
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
    int end = first;
    for (int i = 0; i < size; i++) {
      // first only which they are, in the place of their left edges
      int at = end;
      while (at > first && stamp[head + edges[2 * at - 2]] < stamp[head + i]) {
        at--;
      }
      if (at < blocks) {
        end = Math.min(end + 1, blocks);
        System.arraycopy(edges, 2 * at, edges, 2 * at + 2, 2 * (end - at - 1));
        edges[2 * at] = i;
      }
    }
    for (int b = first; b < end; b++) {
      int range = edges[2 * b];
      edges[2 * b] = left(range);
      edges[2 * b + 1] = right(range);
    }
    return blocks;
  }

  /// Forgets everything.
  void clear() {
    size = 0;
    head = 0;
  }
}
