package microps.core.tcp;

/// A list of slots of a [SegmentSlab], linked by the slab's own arrays.
final class SlotList {
  private static final int NONE = SegmentSlab.NONE;

  int first = NONE;
  int last = NONE;

  /// Where the last one was put in by sequence number: the next is likely to follow it.
  private int cursor = NONE;

  /// Puts it between two that are neighbours, or at an end.
  void insert(SegmentSlab slab, int slot, int before, int after) {
    slab.link(slot, before, after);
    first = before == NONE ? slot : first;
    last = after == NONE ? slot : last;
  }

  void append(SegmentSlab slab, int slot) {
    insert(slab, slot, last, NONE);
  }

  /// Puts it where its sequence number belongs.
  void insertInOrder(SegmentSlab slab, int slot) {
    int before = cursor != NONE ? cursor : last;
    while (before != NONE && Seq.after(slab.start[before], slab.start[slot])) {
      before = slab.prev[before];
    }
    int after = before == NONE ? first : slab.next[before];
    while (after != NONE && Seq.before(slab.start[after], slab.start[slot])) {
      before = after;
      after = slab.next[after];
    }
    insert(slab, slot, before, after);
    cursor = slot;
  }

  /// Puts all of another list among its own by the time when they were last sent. Both are in that
  /// order, nearly.
  void mergeByTime(SegmentSlab slab, SlotList other) {
    int place = NONE;
    for (int slot = other.first; slot != NONE; ) {
      int following = slab.next[slot];
      int after = place == NONE ? first : slab.next[place];
      while (after != NONE && slab.xmitTs[after] <= slab.xmitTs[slot]) {
        place = after;
        after = slab.next[after];
      }
      insert(slab, slot, place, after);
      place = slot;
      slot = following;
    }
    other.clear();
  }

  /// How far the first reaches with those that follow it without a gap, if it is less than `limit`.
  int reach(SegmentSlab slab, int limit) {
    int reached = slab.end[first];
    for (int slot = slab.next[first];
        slot != NONE && slab.start[slot] == reached && Seq.before(reached, limit);
        slot = slab.next[slot]) {
      reached = slab.end[slot];
    }
    return reached;
  }

  void remove(SegmentSlab slab, int slot) {
    first = first == slot ? slab.next[slot] : first;
    last = last == slot ? slab.prev[slot] : last;
    cursor = cursor == slot ? slab.prev[slot] : cursor;
    slab.unlink(slot);
  }

  void clear() {
    first = NONE;
    last = NONE;
    cursor = NONE;
  }
}
