package microps.core.tcp;

/// What was sent and is not acknowledged: the scoreboard of RFC 6675, section 3, with the times
/// that RFC 8985 needs. In the order of sequence numbers, without gaps.
///
/// A super-segment is one entry until something happens to a part of it: then it is cut where the
/// segments of the wire begin, which is known by their size.
///
/// Each segment is in one of three places: in flight, in a list by the time when it was last sent;
/// lost and not sent again, in a list by sequence number; or SACKed, in none. So what an
/// acknowledgment costs is what it changes. SACKed neighbours are joined to one.
final class SentSegments {
  static final int NONE = SegmentSlab.NONE;

  /// A SACK block covered it.
  static final int SACKED = 1;

  /// It is taken for lost, or was when it was sent again.
  static final int LOST = 2;

  /// It was sent again, and that is in flight.
  static final int RETRANSMITTED = 4;

  /// It was ever sent again.
  static final int EVER_RETRANSMITTED = 8;

  /// The user, not the network, limited the sender when it was sent.
  static final int APPLICATION_LIMITED = 16;

  /// Learns which segments were delivered: acknowledged or SACKed for the first time.
  interface Deliveries {
    /// @param slot its place, valid during the call
    /// @param sacked whether by a SACK block
    void delivered(int slot, boolean sacked);
  }

  /// How many entries more than twice the full segments there may be, for SACK blocks that cut
  /// them.
  static final int ODD_CUTS = 64;

  private final SlabPool pool;
  private SegmentSlab slab = SegmentSlab.EMPTY;

  private int sackedOut;
  private int lostOut;
  private int retransmittedOut;
  private int sackedSegments;

  /// What is in flight, by the time when it was last sent.
  private final SlotList flight = new SlotList();

  /// What is lost and was not sent again, by sequence number.
  private final SlotList lost = new SlotList();

  SentSegments(SlabPool pool) {
    this.pool = pool;
  }

  boolean isEmpty() {
    return slab.size() == 0;
  }

  /// How many entries it holds: a super-segment is one, and so are SACKed neighbours.
  int size() {
    return slab.size();
  }

  /// Whether it is one segment of the wire.
  boolean isOneSegment() {
    return size() == 1 && length(at(0)) <= slab.mss[at(0)];
  }

  /// Where the last segment of the wire begins.
  int lastStart() {
    int slot = at(size() - 1);
    return slab.start[slot] + (length(slot) - 1) / slab.mss[slot] * slab.mss[slot];
  }

  /// Pipe (RFC 6675, section 4): octets that are believed to be in the network.
  int pipe() {
    return isEmpty() ? 0 : outstanding() - sackedOut - lostOut + retransmittedOut;
  }

  private int outstanding() {
    return slab.end[at(size() - 1)] - slab.start[at(0)];
  }

  /// Octets that are SACKed.
  int sackedOut() {
    return sackedOut;
  }

  /// RACK.segs_sacked: segments that are SACKed.
  int sackedSegments() {
    return sackedSegments;
  }

  /// Octets that are taken for lost, sent again or not.
  int lostOut() {
    return lostOut;
  }

  /// Octets that were sent again and are in flight.
  int retransmittedOut() {
    return retransmittedOut;
  }

  /// The slot that is n-th in sequence order.
  int at(int n) {
    return slab.at(n);
  }

  /// Which is the first that ends after `seq`.
  int find(int seq) {
    return slab.find(seq);
  }

  /// The segment in flight that was sent first, or [#NONE].
  int oldestInFlight() {
    return flight.first;
  }

  /// The segment in flight that was sent after this one, or [#NONE].
  int sentNext(int slot) {
    return slab.next[slot];
  }

  /// What is to be sent again first, or [#NONE].
  int firstLost() {
    return lost.first;
  }

  int start(int slot) {
    return slab.start[slot];
  }

  int end(int slot) {
    return slab.end[slot];
  }

  long xmitTs(int slot) {
    return slab.xmitTs[slot];
  }

  boolean is(int slot, int flag) {
    return (slab.flags[slot] & flag) != 0;
  }

  int deliveredBefore(int slot) {
    return slab.delivered[slot];
  }

  long deliveredTime(int slot) {
    return slab.deliveredTime[slot];
  }

  long firstSentTime(int slot) {
    return slab.firstSentTime[slot];
  }

  // Sent

  /// A segment, or a super-segment, was sent for the first time; it follows all others.
  ///
  /// @param mss octets of each segment of the wire
  void sent(int start, int end, int mss, DeliveryRate rate, long now) {
    int slot = take();
    slab.start[slot] = start;
    slab.end[slot] = end;
    slab.mss[slot] = mss;
    slab.flags[slot] = 0;
    slab.insert(size(), slot);
    stamp(slot, rate, now);
    flight.append(slab, slot);
  }

  private void stamp(int slot, DeliveryRate rate, long now) {
    slab.xmitTs[slot] = now;
    slab.delivered[slot] = rate.delivered();
    slab.deliveredTime[slot] = rate.deliveredTime();
    slab.firstSentTime[slot] = rate.firstSentTime();
    set(slot, APPLICATION_LIMITED, rate.isApplicationLimited());
  }

  /// What was lost was sent again, from the start of [#firstLost()] to `end`: a part of it, or also
  /// what follows it and is lost too. It is one entry from here on, cut anew on the wire.
  ///
  /// @param mss octets of each segment of the wire
  void resent(int end, int mss, DeliveryRate rate, long now) {
    int base = lost.first;
    int first = slab.find(slab.start[base]);
    int n = first;
    while (n < size() && Seq.before(slab.start[at(n)], end) && isPending(at(n))) {
      int slot = at(n);
      if (Seq.after(slab.end[slot], end)) {
        split(n, end);
      }
      lost.remove(slab, slot);
      slab.end[base] = slab.end[slot];
      n++;
    }
    for (int i = first + 1; i < n; i++) {
      slab.give(at(i));
    }
    slab.remove(first + 1, n - first - 1);
    slab.mss[base] = mss;
    again(base, rate, now);
    flight.append(slab, base);
  }

  /// The last segment was sent again although it is not taken for lost (RFC 8985, section 7.3),
  /// from `start` on.
  void probed(int start, DeliveryRate rate, long now) {
    int n = size() - 1;
    if (slab.start[at(n)] != start) {
      split(n, start);
      n++;
    }
    int slot = at(n);
    if (is(slot, RETRANSMITTED)) {
      retransmittedOut -= length(slot);
    }
    flight.remove(slab, slot);
    again(slot, rate, now);
    flight.append(slab, slot);
  }

  private void again(int slot, DeliveryRate rate, long now) {
    slab.flags[slot] |= RETRANSMITTED | EVER_RETRANSMITTED;
    retransmittedOut += length(slot);
    stamp(slot, rate, now);
  }

  // Lost

  /// Whether it is lost and was not sent again.
  private boolean isPending(int slot) {
    return (slab.flags[slot] & (LOST | RETRANSMITTED | SACKED)) == LOST;
  }

  /// Takes a segment in flight for lost.
  void markLost(int slot) {
    flight.remove(slab, slot);
    if (is(slot, RETRANSMITTED)) {
      retransmittedOut -= length(slot);
      set(slot, RETRANSMITTED, false);
    }
    if (!is(slot, LOST)) {
      lostOut += length(slot);
      set(slot, LOST, true);
    }
    lost.insertInOrder(slab, slot);
  }

  /// Takes the first `octets` for lost, unless they are lost or SACKed already.
  void markHeadLost(int octets) {
    int slot = at(0);
    if (is(slot, SACKED) || isPending(slot)) {
      return;
    }
    if (length(slot) > octets) {
      split(0, slab.start[slot] + octets);
    }
    markLost(slot);
  }

  /// Takes the first segment of the wire for lost that the n-th entry stands for.
  void markFirstLost(int n) {
    int slot = at(n);
    if (length(slot) > slab.mss[slot]) {
      split(n, slab.start[slot] + slab.mss[slot]);
    }
    markLost(slot);
  }

  /// Takes the last segment of the wire for lost.
  void markLastLost() {
    int start = lastStart();
    if (start != slab.start[at(size() - 1)]) {
      split(size() - 1, start);
    }
    markLost(at(size() - 1));
  }

  /// Takes everything for lost that is in flight and as segments larger than so many octets.
  void markLargerLost(int octets) {
    for (int slot = flight.first; slot != NONE; ) {
      int following = slab.next[slot];
      if (Math.min(length(slot), slab.mss[slot]) > octets) {
        markLost(slot);
      }
      slot = following;
    }
  }

  /// Takes everything for lost that is not SACKed.
  void markAllLost() {
    markLargerLost(0);
  }

  /// What was SACKed was not kept (RFC 2018, section 8): it is lost too.
  void forgetSacks() {
    sackedOut = 0;
    sackedSegments = 0;
    for (int n = 0; n < size(); n++) {
      int slot = at(n);
      if (is(slot, SACKED)) {
        set(slot, SACKED, false);
        set(slot, LOST, true);
        lostOut += length(slot);
        lost.insertInOrder(slab, slot);
      }
    }
  }

  /// Nothing was lost (an undo): what was not sent again is in flight as before.
  void forgetLosses() {
    int place = NONE; // both lists by time, nearly
    for (int slot = lost.first; slot != NONE; ) {
      int following = slab.next[slot];
      int after = place == NONE ? flight.first : slab.next[place];
      while (after != NONE && slab.xmitTs[after] <= slab.xmitTs[slot]) {
        place = after;
        after = slab.next[after];
      }
      flight.insert(slab, slot, place, after);
      place = slot;
      slot = following;
    }
    lost.clear();
    lostOut = 0;
    for (int n = 0; n < size(); n++) {
      set(at(n), LOST, false);
    }
  }

  // Acknowledged

  /// Everything before `una` is acknowledged.
  void acknowledge(int una, Deliveries deliveries) {
    while (!isEmpty() && Seq.before(slab.start[at(0)], una)) {
      if (Seq.after(slab.end[at(0)], una)) {
        split(0, una);
      }
      int slot = at(0);
      if (is(slot, SACKED)) {
        sackedOut -= length(slot);
        sackedSegments -= slab.count[slot];
      } else {
        deliveries.delivered(slot, false);
        leave(slot);
      }
      slab.give(slot);
      slab.remove(0, 1);
    }
    if (isEmpty()) {
      clear();
    }
  }

  /// Forgets everything, and gives the memory back.
  void clear() {
    if (slab != SegmentSlab.EMPTY) {
      pool.give(slab);
      slab = SegmentSlab.EMPTY;
    }
    sackedOut = 0;
    lostOut = 0;
    retransmittedOut = 0;
    sackedSegments = 0;
    flight.clear();
    lost.clear();
  }

  /// A SACK block covers `[left, right)`, which lies within what was sent. An entry that it covers
  /// in part is cut there: the peer may have what was sent with other boundaries before the path
  /// MTU shrank. A peer that SACKs specks gets no entry for each: where there are more than twice
  /// as many as full segments, what is SACKed is rounded down to segments of the wire; but text is
  /// not missing because the FIN behind it is, nor a FIN because of its text.
  ///
  /// @param textEnd the sequence number after the last octet of text: where a FIN stands
  void sack(int left, int right, int textEnd, Deliveries deliveries) {
    for (int n = slab.find(left); n < size() && Seq.before(slab.start[at(n)], right); n++) {
      int slot = at(n);
      if (is(slot, SACKED)) {
        continue;
      }
      int from = slab.start[slot];
      int to = slab.end[slot];
      if (Seq.before(from, left)) {
        from = left == textEnd || mayCut(slot) ? left : roundUp(slot, left);
      }
      if (Seq.after(to, right)) {
        to = right == textEnd || mayCut(slot) ? right : roundDown(slot, right);
      }
      if (Seq.afterOrAt(from, to)) {
        continue;
      }
      if (from != slab.start[slot]) {
        split(n, from);
        n++;
      }
      if (to != slab.end[at(n)]) {
        split(n, to);
      }
      n = sackFrom(n, right, deliveries);
    }
  }

  private boolean mayCut(int slot) {
    return size() < ODD_CUTS + 2 * (outstanding() / slab.mss[slot]);
  }

  private int roundUp(int slot, int seq) {
    int rest = (seq - slab.start[slot]) % slab.mss[slot];
    return rest == 0 ? seq : seq - rest + slab.mss[slot];
  }

  private int roundDown(int slot, int seq) {
    return seq - (seq - slab.start[slot]) % slab.mss[slot];
  }

  /// How many segments of the wire `length` octets of an entry are.
  private int segments(int slot, int length) {
    return Math.max(1, Math.ceilDiv(length, slab.mss[slot]));
  }

  /// SACKs the n-th and those that follow it and end before `right`, and joins them with their
  /// SACKed neighbours.
  ///
  /// @return where they are now
  private int sackFrom(int n, int right, Deliveries deliveries) {
    int base = at(n);
    becomeSacked(base, deliveries);
    int following = n + 1;
    for (; following < size(); following++) {
      int slot = at(following);
      if (!is(slot, SACKED)) {
        if (Seq.after(slab.end[slot], right)) {
          break;
        }
        becomeSacked(slot, deliveries);
      }
      join(base, slot);
    }
    slab.remove(n + 1, following - n - 1);
    if (n > 0 && is(at(n - 1), SACKED)) {
      join(at(n - 1), base);
      slab.remove(n, 1);
      return n - 1;
    }
    return n;
  }

  private void becomeSacked(int slot, Deliveries deliveries) {
    deliveries.delivered(slot, true);
    leave(slot);
    set(slot, RETRANSMITTED, false);
    set(slot, LOST, false);
    set(slot, SACKED, true);
    slab.count[slot] = segments(slot, length(slot));
    sackedOut += length(slot);
    sackedSegments += slab.count[slot];
  }

  private void join(int base, int slot) {
    slab.end[base] = slab.end[slot];
    slab.count[base] += slab.count[slot];
    slab.flags[base] |= (byte) (slab.flags[slot] & EVER_RETRANSMITTED);
    slab.give(slot);
  }

  /// It is delivered: takes it out of its list and the sums.
  private void leave(int slot) {
    if (isPending(slot)) {
      lost.remove(slab, slot);
    } else {
      flight.remove(slab, slot);
    }
    if (is(slot, LOST)) {
      lostOut -= length(slot);
    }
    if (is(slot, RETRANSMITTED)) {
      retransmittedOut -= length(slot);
    }
  }

  // The order of sequence numbers

  int length(int slot) {
    return slab.end[slot] - slab.start[slot];
  }

  private int take() {
    if (slab == SegmentSlab.EMPTY) {
      slab = pool.take();
    } else if (slab.isFull()) {
      slab.grow();
    }
    return slab.take();
  }

  /// Cuts the n-th in two; the second part begins at `seq`.
  private void split(int n, int seq) {
    int second = take();
    int first = at(n);
    slab.copy(first, second);
    slab.start[second] = seq;
    slab.end[first] = seq;
    if (is(first, SACKED)) {
      int count = slab.count[first];
      slab.count[first] = Math.clamp(segments(first, length(first)), 1, Math.max(1, count - 1));
      slab.count[second] = Math.max(1, count - slab.count[first]);
      sackedSegments += slab.count[first] + slab.count[second] - count;
    } else if (isPending(first)) {
      lost.insert(slab, second, first, slab.next[first]);
    } else {
      flight.insert(slab, second, first, slab.next[first]);
    }
    slab.insert(n + 1, second);
  }

  private void set(int slot, int flag, boolean on) {
    slab.flags[slot] = (byte) (on ? slab.flags[slot] | flag : slab.flags[slot] & ~flag);
  }
}
