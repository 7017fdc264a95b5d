package microps.core.tcp;

import java.util.Arrays;

/// The memory of [SentSegments]: one slot for each segment, in arrays of primitives, so that
/// sending a segment makes no object. Slots that nobody uses are chained by [#next].
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

  /// How many segments of the wire it stands for: more than one where SACKed neighbours were
  /// joined.
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

  private int free = NONE;
  private int used;

  private SegmentSlab(int capacity) {
    order = new int[capacity];
    start = new int[capacity];
    end = new int[capacity];
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
    free = NONE;
    used = 0;
  }

  /// Doubles the slots. The ring begins at index 0 afterwards.
  ///
  /// @param head where the ring begins now
  void grow(int head) {
    int before = start.length;
    int after = 2 * before;
    int[] ring = new int[after];
    System.arraycopy(order, head, ring, 0, before - head);
    System.arraycopy(order, 0, ring, before - head, head);
    order = ring;
    start = Arrays.copyOf(start, after);
    end = Arrays.copyOf(end, after);
    count = Arrays.copyOf(count, after);
    flags = Arrays.copyOf(flags, after);
    xmitTs = Arrays.copyOf(xmitTs, after);
    delivered = Arrays.copyOf(delivered, after);
    deliveredTime = Arrays.copyOf(deliveredTime, after);
    firstSentTime = Arrays.copyOf(firstSentTime, after);
    prev = Arrays.copyOf(prev, after);
    next = Arrays.copyOf(next, after);
  }
}
