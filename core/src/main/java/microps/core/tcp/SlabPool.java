package microps.core.tcp;

import java.util.ArrayDeque;

/// Slabs that no connection uses: a connection has one only while something is in flight, so an
/// idle one has none, and a busy one makes none.
final class SlabPool {
  /// How many slots are kept in all: some 3.5 MB.
  static final int MOST_SLOTS = 1 << 16;

  private final ArrayDeque<SegmentSlab> slabs = new ArrayDeque<>();
  private int slots;

  SegmentSlab take() {
    SegmentSlab slab = slabs.pollLast();
    if (slab == null) {
      return SegmentSlab.make();
    }
    slots -= slab.capacity();
    return slab;
  }

  void give(SegmentSlab slab) {
    if (slots + slab.capacity() <= MOST_SLOTS) {
      slab.clear();
      slots += slab.capacity();
      slabs.addLast(slab);
    }
  }
}
