package microps.core.tcp;

import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import org.jspecify.annotations.Nullable;

/// The receive sequence space (RFC 9293, section 3.3.1): IRS, RCV.NXT, RCV.WND, what has arrived,
/// and the notes that tell the output what is to be acknowledged.
final class Receiver {
  /// The window while memory is scarce in the whole stack.
  private static final int PRESSED_WINDOW = 1 << 14;

  /// While it is all but spent.
  private static final int CRITICAL_WINDOW = 1 << 12;

  final ReceiveBuffer buffer;

  /// What arrived out of order; made when something does.
  private Reassembly reassembly = Reassembly.NONE;

  int irs;
  int nxt;

  /// The furthest RCV.NXT + RCV.WND that the peer was told: up to there it may send (SHLD-14).
  int edge;

  /// The furthest edge for which the buffer had room when it was offered. [#edge] may lie beyond
  /// it, for a window is rounded up to a unit of its scale rather than let the edge retreat.
  private int promised;

  /// Rcv.Wind.Shift: how far the windows that we send are shifted.
  int shift;

  /// Octets that may wait to be read: what the user asked for, or what [#tuning] makes of the path.
  int capacity;

  /// Sizes [#capacity] to the path, from the first read on; null before, and where the user does.
  @Nullable WindowTuning tuning;

  /// Whether both sides offered timestamps (RFC 7323).
  boolean timestamps;

  /// Whether both sides permitted SACK (RFC 2018).
  boolean sack;

  /// TS.Recent
  int tsRecent;

  /// When TS.Recent was taken; after 24 days it counts no more (RFC 7323, section 5.5).
  long tsRecentAt;

  /// Last.ACK.sent
  int lastAckSent;

  /// An acknowledgment is owed now.
  boolean ackNow;

  /// An acknowledgment is owed, but may wait for the timer.
  boolean ackDelayed;

  /// Octets received since the last acknowledgment.
  int unacknowledged;

  /// How many segments more are acknowledged at once.
  int quickAcks;

  /// The largest segment seen: the estimate of what "full-sized" is (RFC 5681, section 4.2).
  int fullSize = Sender.DEFAULT_MSS;

  /// The MSS that we told the peer: super-frames do not make "full-sized" larger than that.
  int advertisedMss = Sender.DEFAULT_MSS;

  /// Whether a FIN was seen, in order or not; [#finSeq] is its number.
  boolean finSeen;

  int finSeq;

  /// Whether the FIN was received in order: nothing follows RCV.NXT.
  boolean finReceived;

  /// RCV.UP; null where nothing was ever urgent.
  @Nullable UrgentMark urgent;

  /// Whether the user wants to read no more: what arrives is thrown away.
  boolean discarding;

  /// What arrived for the second time and was not told of yet (RFC 2883); nothing where both are
  /// the same.
  int dsackLeft;

  int dsackRight;

  Receiver(BufferMemory memory) {
    buffer = new ReceiveBuffer(memory);
  }

  /// What arrived out of order, to look at.
  Reassembly reassembly() {
    return reassembly;
  }

  /// Nothing more of what is out of order will be asked for.
  void forgetReassembly() {
    reassembly = Reassembly.NONE;
  }

  /// Nothing arrived for a while.
  void rest() {
    tuning = null;
    if (reassembly.isEmpty()) {
      reassembly = Reassembly.NONE;
    }
  }

  void start(int irs) {
    this.irs = irs;
    nxt = irs + 1;
    edge = nxt;
    promised = nxt;
    lastAckSent = nxt;
  }

  /// The SYN, or a SYN-ACK of which nothing was kept, offered as much as it could.
  void offeredBySyn() {
    edge = nxt + Math.min(capacity, 0xffff);
    promised = edge;
  }

  /// The sequence number of the next octet that the user reads.
  int readNext() {
    return nxt - (finReceived ? 1 : 0) - buffer.readable();
  }

  /// RCV.WND: what the peer may still send.
  int wnd() {
    return Math.max(0, edge - nxt);
  }

  /// Octets that we had arrived once more (RFC 2883, section 4).
  void duplicate(int from, int to) {
    if (sack && Seq.before(from, to)) {
      dsackLeft = from;
      dsackRight = to;
      ackNow = true;
    }
  }

  boolean owesDsack() {
    return dsackLeft != dsackRight;
  }

  /// Whether a FIN was received, but not yet all before it.
  boolean isFinAhead() {
    return finSeen && !finReceived;
  }

  /// Whether it lies behind a gap of its own: a range to be SACKed.
  boolean hasLoneFin() {
    int ranges = reassembly.size();
    return isFinAhead() && (ranges == 0 || reassembly.right(ranges - 1) != finSeq);
  }

  private void noteDuplicate(int from, int to) {
    int range = reassembly.overlapping(from, to);
    if (range >= 0) {
      int left = reassembly.left(range);
      int right = reassembly.right(range);
      duplicate(Seq.max(from, left), Seq.before(to, right) ? to : right);
    }
  }

  /// Takes text that lies in the window, at or beyond RCV.NXT.
  ///
  /// @return why it was not taken: beyond what the buffer may ever hold, out of order and there is
  ///   no room for one more gap, or no memory; null: it was
  @Nullable DropReason take(int seq, Packet packet, int offset, int length) {
    int distance = seq - nxt;
    if (Seq.after(seq + length, limit())) {
      return DropReason.TCP_BUFFER_FULL;
    }
    if (distance > 0 && !reassembly.hasRoomFor(seq, seq + length, Reassembly.limit(capacity))) {
      return DropReason.TCP_REASSEMBLY_FULL;
    }
    if (!buffer.put(distance, packet, offset, length)) {
      return DropReason.TCP_NO_MEMORY;
    }
    int end = seq + length;
    if (!reassembly.isEmpty()) {
      noteDuplicate(seq, end);
    }
    if (distance > 0) {
      if (reassembly == Reassembly.NONE) {
        reassembly = new Reassembly();
      }
      reassembly.add(seq, end);
      ackNow = true;
      return null;
    }
    boolean filledGap = !reassembly.isEmpty() || isFinAhead();
    end = reassembly.advance(end);
    moveTo(end);
    int size = packet.segmentSize() > 0 ? Math.min(length, packet.segmentSize()) : length;
    fullSize = Math.max(fullSize, Math.min(size, advertisedMss));
    if (filledGap) {
      ackNow = true;
    } else {
      oweAck(length);
    }
    return null;
  }

  /// Forgets what is out of order, SACKed or not: memory is spent (RFC 2018, section 8).
  ///
  /// @return whether there was something
  boolean prune() {
    if (reassembly.isEmpty()) {
      return false;
    }
    reassembly.clear();
    buffer.prune();
    return true;
  }

  private void moveTo(int end) {
    int n = end - nxt;
    nxt = end;
    if (discarding) {
      buffer.skip(n);
    } else {
      buffer.advance(n);
    }
  }

  /// SHLD-18, SHLD-19: delayed, but at once for the second full-sized segment.
  private void oweAck(int length) {
    unacknowledged += length;
    boolean quick = quickAcks > 0;
    if (quick) {
      quickAcks--;
    }
    if (quick || unacknowledged >= 2 * fullSize) {
      ackNow = true;
    } else {
      ackDelayed = true;
    }
  }

  /// What was told to the peer so far.
  void acknowledged() {
    lastAckSent = nxt;
    ackNow = false;
    ackDelayed = false;
    unacknowledged = 0;
  }

  /// The right edge that the buffer allows: without silly windows (3.8.6.2.2, MUST-39) the old edge
  /// until there is room for a segment, or half the buffer.
  private int allowedEdge() {
    int most = capacity;
    if (buffer.isPressed()) {
      most = Math.min(capacity, buffer.isCritical() ? CRITICAL_WINDOW : PRESSED_WINDOW);
    }
    int candidate = nxt + Math.max(0, most - buffer.readable());
    int gain = candidate - edge;
    return gain >= Math.min(fullSize, most / 2) && gain > 0 ? candidate : edge;
  }

  /// Whether the user has read so much that the peer, near its limit, must be told: a window update
  /// is never delayed.
  boolean owesWindowUpdate() {
    int gain = allowedEdge() - edge;
    return gain > 0 && (gain >= capacity / 4 || wnd() < 2 * fullSize);
  }

  /// Up to where text is taken: what was promised, or fits now, and an eighth more, but at least a
  /// unit of the window scale.
  ///
  /// Each window that is rounded up moves the edge on by a part of a unit, though the user reads
  /// nothing. A peer that fills the window by full segments gains less than an eighth that way:
  /// with a 128th of 16 KiB as unit and an acknowledgment for each KiB. One that sends specks would
  /// fill our memory in the end: what it sends beyond is refused, in the window or not, as Linux
  /// does.
  private int limit() {
    int room = Seq.max(promised, nxt + capacity - buffer.readable());
    return room + Math.max(capacity / 8, 1 << shift);
  }

  /// Chooses the window for a segment that is sent now, and remembers the edge, which never
  /// retreats (SHLD-14): rounding down is for what is offered for the first time (RFC 7323, section
  /// 2.4).
  ///
  /// @param scaled false for a SYN, whose window is never scaled
  /// @return the 16 bits of the header
  int selectWindow(boolean scaled) {
    int s = scaled ? shift : 0;
    int target = allowedEdge();
    if (Seq.after(target, edge)) {
      promised = Seq.max(promised, target);
    }
    int window = target - nxt >>> s;
    if (Seq.before(nxt + (window << s), edge)) {
      window = edge - nxt + (1 << s) - 1 >>> s;
    }
    window = Math.min(window, 0xffff);
    edge = Seq.max(edge, nxt + (window << s));
    return window;
  }

  /// The smallest shift with which the whole buffer can be offered (RFC 7323, section 2.2).
  static int shiftFor(int capacity) {
    int shift = 0;
    while (shift < TcpOptions.MAX_SHIFT && 0xffff << shift < capacity) {
      shift++;
    }
    return shift;
  }
}
