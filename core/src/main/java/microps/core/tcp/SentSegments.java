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

  /// Learns which segments were delivered: acknowledged or SACKed for the first time.
  interface Deliveries {
    /// @param slot its place, valid during the call
    /// @param sacked whether by a SACK block
    void delivered(int slot, boolean sacked);
  }

  private final SlabPool pool;
  private SegmentSlab slab = SegmentSlab.EMPTY;

  private final SegmentMarks marks = new SegmentMarks();

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
    return size() == 1 && slab.length(at(0)) <= slab.mss[at(0)];
  }

  /// Where the last segment of the wire begins.
  int lastStart() {
    int slot = at(size() - 1);
    return WireCuts.lastStart(slab.start[slot], slab.end[slot], slab.mss[slot]);
  }

  /// Pipe (RFC 6675, section 4): octets that are believed to be in the network.
  int pipe() {
    return isEmpty() ? 0 : marks.pipe(outstanding());
  }

  private int outstanding() {
    return slab.end[at(size() - 1)] - slab.start[at(0)];
  }

  /// Octets that are SACKed.
  int sackedOut() {
    return marks.sackedOut();
  }

  /// RACK.segs_sacked: segments that are SACKed.
  int sackedSegments() {
    return marks.sackedSegments();
  }

  /// Octets that are taken for lost, sent again or not.
  int lostOut() {
    return marks.lostOut();
  }

  /// Octets that were sent again and are in flight.
  int retransmittedOut() {
    return marks.retransmittedOut();
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

  /// How far what is to be sent again reaches from [#firstLost()] on, if it is less than `limit`.
  int lostReach(int limit) {
    return lost.reach(slab, limit);
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
    return SegmentMarks.is(slab, slot, flag);
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
    SegmentMarks.set(slab, slot, SegmentMarks.APPLICATION_LIMITED, rate.isApplicationLimited());
  }

  /// What was lost was sent again, from the start of [#firstLost()] to `end`: a part of it, or also
  /// what follows it and is lost too. It is one entry from here on, cut anew on the wire.
  ///
  /// @param mss octets of each segment of the wire
  void resent(int end, int mss, DeliveryRate rate, long now) {
    int base = lost.first;
    int first = slab.find(slab.start[base]);
    int n = first;
    while (n < size()
        && Seq.before(slab.start[at(n)], end)
        && SegmentMarks.isPending(slab, at(n))) {
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
    marks.resent(slab, base);
    stamp(base, rate, now);
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
    flight.remove(slab, slot);
    marks.resent(slab, slot);
    stamp(slot, rate, now);
    flight.append(slab, slot);
  }

  // Lost

  /// Takes a segment in flight for lost.
  void markLost(int slot) {
    flight.remove(slab, slot);
    marks.lost(slab, slot);
    lost.insertInOrder(slab, slot);
  }

  /// Takes the first `octets` for lost, unless they are lost or SACKed already.
  void markHeadLost(int octets) {
    int slot = at(0);
    if (is(slot, SegmentMarks.SACKED) || SegmentMarks.isPending(slab, slot)) {
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
    for (int n = 0; n < size(); n++) {
      int slot = at(n);
      if (is(slot, SegmentMarks.SACKED)) {
        marks.reneged(slab, slot);
        lost.insertInOrder(slab, slot);
      }
    }
  }

  /// Nothing was lost (an undo): what was not sent again is in flight as before.
  void forgetLosses() {
    flight.mergeByTime(slab, lost);
    marks.lossesForgotten();
    for (int n = 0; n < size(); n++) {
      SegmentMarks.set(slab, at(n), SegmentMarks.LOST, false);
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
      if (!is(slot, SegmentMarks.SACKED)) {
        deliveries.delivered(slot, false);
        listOf(slot).remove(slab, slot);
      }
      marks.left(slab, slot);
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
    marks.clear();
    flight.clear();
    lost.clear();
  }

  /// A SACK block covers `[left, right)`, which lies within what was sent. An entry that it covers
  /// in part is cut there, or, where there are [too many][WireCuts#mayBeOdd], what is SACKed is
  /// rounded down to segments of the wire; but text is not missing because the FIN behind it is,
  /// nor a FIN because of its text.
  ///
  /// @param textEnd the sequence number after the last octet of text: where a FIN stands
  void sack(int left, int right, int textEnd, Deliveries deliveries) {
    for (int n = slab.find(left); n < size() && Seq.before(slab.start[at(n)], right); n++) {
      int slot = at(n);
      if (is(slot, SegmentMarks.SACKED)) {
        continue;
      }
      int from = slab.start[slot];
      int to = slab.end[slot];
      if (Seq.after(to, right)) {
        to =
            right == textEnd || mayCut(slot)
                ? right
                : WireCuts.roundDown(from, slab.mss[slot], right);
      }
      if (Seq.before(from, left)) {
        from =
            left == textEnd || mayCut(slot) ? left : WireCuts.roundUp(from, slab.mss[slot], left);
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
    return WireCuts.mayBeOdd(size(), outstanding(), slab.mss[slot]);
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
      if (!is(slot, SegmentMarks.SACKED)) {
        if (Seq.after(slab.end[slot], right)) {
          break;
        }
        becomeSacked(slot, deliveries);
      }
      join(base, slot);
    }
    slab.remove(n + 1, following - n - 1);
    if (n > 0 && is(at(n - 1), SegmentMarks.SACKED)) {
      join(at(n - 1), base);
      slab.remove(n, 1);
      return n - 1;
    }
    return n;
  }

  private void becomeSacked(int slot, Deliveries deliveries) {
    deliveries.delivered(slot, true);
    listOf(slot).remove(slab, slot);
    marks.sacked(slab, slot);
  }

  private void join(int base, int slot) {
    slab.end[base] = slab.end[slot];
    slab.count[base] += slab.count[slot];
    slab.flags[base] |= (byte) (slab.flags[slot] & SegmentMarks.EVER_RETRANSMITTED);
    slab.give(slot);
  }

  /// Where one is that is not SACKed.
  private SlotList listOf(int slot) {
    return SegmentMarks.isPending(slab, slot) ? lost : flight;
  }

  // The order of sequence numbers

  int length(int slot) {
    return slab.length(slot);
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
    if (is(first, SegmentMarks.SACKED)) {
      marks.sackedWasCut(slab, first, second);
    } else {
      listOf(first).insert(slab, second, first, slab.next[first]);
    }
    slab.insert(n + 1, second);
  }
}
