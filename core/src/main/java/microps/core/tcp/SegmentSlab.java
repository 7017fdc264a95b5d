package microps.core.tcp;

import java.util.Arrays;

/// The memory of [SentSegments]: one slot for each segment or super-segment, in arrays of
/// primitives, so that sending a segment makes no object. Slots that nobody uses are chained by
/// [#next].
final class SegmentSlab {
  static final int NONE = -1;

  /// What a connection has that has nothing in flight.
  static final SegmentSlab EMPTY = new SegmentSlab(0);

  private static final int LEAST = 16;

  /// Sequence order, a ring of slots; its length is a power of two.
  int[] order;

  /// The sequence number of the first octet, and that after the last.
  int[] start;

  int[] end;

  /// Octets of each segment of the wire that it stands for; the last may be shorter.
  int[] mss;

  /// How many segments of the wire SACKed neighbours are that were joined.
  int[] count;

  byte[] flags;

  /// Segment.xmit_ts of RFC 8985: when it was last sent.
  long[] xmitTs;

  // P.delivered, P.delivered_time, P.first_sent_time of the delivery rate
  int[] delivered;
  long[] deliveredTime;
  long[] firstSentTime;

  // The list that the slot is in
  int[] prev;
  int[] next;

  private int head;
  private int size;
  private int free = NONE;
  private int used;

  private SegmentSlab(int capacity) {
    order = new int[capacity];
    start = new int[capacity];
    end = new int[capacity];
    mss = new int[capacity];
    count = new int[capacity];
    flags = new byte[capacity];
    xmitTs = new long[capacity];
    delivered = new int[capacity];
    deliveredTime = new long[capacity];
    firstSentTime = new long[capacity];
    prev = new int[capacity];
    next = new int[capacity];
  }

  static SegmentSlab make() {
    return new SegmentSlab(LEAST);
  }

  int capacity() {
    return start.length;
  }

  boolean isFull() {
    return free == NONE && used == start.length;
  }

  /// A slot that nobody uses; there is one ([#isFull]).
  int take() {
    if (free == NONE) {
      return used++;
    }
    int slot = free;
    free = next[slot];
    return slot;
  }

  void give(int slot) {
    next[slot] = free;
    free = slot;
  }

  /// Forgets all slots.
  void clear() {
    head = 0;
    size = 0;
    free = NONE;
    used = 0;
  }

  /// Doubles the slots.
  void grow() {
    int before = start.length;
    int after = 2 * before;
    int[] ring = new int[after];
    System.arraycopy(order, head, ring, 0, before - head);
    System.arraycopy(order, 0, ring, before - head, head);
    order = ring;
    head = 0;
    start = Arrays.copyOf(start, after);
    end = Arrays.copyOf(end, after);
    mss = Arrays.copyOf(mss, after);
    count = Arrays.copyOf(count, after);
    flags = Arrays.copyOf(flags, after);
    xmitTs = Arrays.copyOf(xmitTs, after);
    delivered = Arrays.copyOf(delivered, after);
    deliveredTime = Arrays.copyOf(deliveredTime, after);
    firstSentTime = Arrays.copyOf(firstSentTime, after);
    prev = Arrays.copyOf(prev, after);
    next = Arrays.copyOf(next, after);
  }

  /// All of a segment but its place in lists and order.
  void copy(int from, int to) {
    start[to] = start[from];
    end[to] = end[from];
    mss[to] = mss[from];
    count[to] = count[from];
    flags[to] = flags[from];
    xmitTs[to] = xmitTs[from];
    delivered[to] = delivered[from];
    deliveredTime[to] = deliveredTime[from];
    firstSentTime[to] = firstSentTime[from];
  }

  /// Octets from the first to the last.
  int length(int slot) {
    return end[slot] - start[slot];
  }

  // The order of sequence numbers

  int size() {
    return size;
  }

  /// The slot that is n-th.
  int at(int n) {
    return order[head + n & order.length - 1];
  }

  /// Which is the first that ends after `seq`.
  int find(int seq) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = low + high >>> 1;
      if (Seq.after(end[at(middle)], seq)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// It becomes the n-th.
  void insert(int n, int slot) {
    int mask = order.length - 1;
    if (n < size - n) {
      head = head - 1 & mask;
      for (int i = 0; i < n; i++) {
        order[head + i & mask] = order[head + i + 1 & mask];
      }
    } else {
      for (int i = size; i > n; i--) {
        order[head + i & mask] = order[head + i - 1 & mask];
      }
    }
    order[head + n & mask] = slot;
    size++;
  }

  /// Those from the n-th on leave the order; their slots stay taken.
  void remove(int n, int count) {
    if (count == 0) {
      return;
    }
    int mask = order.length - 1;
    if (n < size - n - count) {
      for (int i = n - 1; i >= 0; i--) {
        order[head + i + count & mask] = order[head + i & mask];
      }
      head = head + count & mask;
    } else {
      for (int i = n + count; i < size; i++) {
        order[head + i - count & mask] = order[head + i & mask];
      }
    }
    size -= count;
  }

  // Lists

  /// Puts it into a list between two, or at an end.
  void link(int slot, int before, int after) {
    prev[slot] = before;
    next[slot] = after;
    if (before != NONE) {
      next[before] = slot;
    }
    if (after != NONE) {
      prev[after] = slot;
    }
  }

  /// Takes it out of its list.
  void unlink(int slot) {
    int before = prev[slot];
    int after = next[slot];
    if (before != NONE) {
      next[before] = after;
    }
    if (after != NONE) {
      prev[after] = before;
    }
  }
}
