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
