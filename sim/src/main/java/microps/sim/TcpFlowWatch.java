package microps.sim;

import java.util.Arrays;
import microps.core.bytes.Packet;

/// What [Invariants] knows of one connection, from the side of one host.
final class TcpFlowWatch {
  private static final int FIN = 1;
  private static final int SYN = 2;
  private static final int RST = 4;
  private static final int ACK = 16;

  // What a peer may ask for and be given: less would be headers only; as Linux.
  private static final int LEAST_MSS = 48;

  private static final int OPTION_MSS = 2;
  private static final int OPTION_SCALE = 3;
  private static final int OPTION_SACK_PERMITTED = 4;
  private static final int OPTION_SACK = 5;
  private static final int OPTION_TIMESTAMPS = 8;

  private final Invariants notes;

  // Our half
  private boolean known;
  private int iss;
  private int next; // after the highest sequence number that we sent
  private boolean finSent;
  private int ourAck; // what we acknowledged last
  private boolean edgeKnown;
  private int edge; // right edge of the window that we offered
  private int synOffer = -1; // the window of our SYN, if it began the connection
  private int ourScale = -1;
  private boolean ourTimestamps;
  private byte[] text = new byte[2048]; // what we sent and the peer has not acknowledged
  private int textHead; // where it begins in the array
  private int textStart; // its first sequence number
  private int textLength;

  // The peer's half, as it arrived
  private boolean peerKnown;
  private boolean peerFin; // a FIN arrived, taken or not
  private int peerNext; // after the highest sequence number that arrived
  private int peerEdge; // the furthest right edge that the peer offered
  private int peerAcked; // the furthest acknowledgment
  private int peerScale = -1;
  private int peerMss = 536;
  private boolean peerTimestamps;
  private int peerValue; // the newest timestamp
  private int synStart;
  private int synEnd; // of the last SYN that arrived: after it, and its window
  private int synWindow;
  private final SackMemory sacks;
  private final AckDuty duty = new AckDuty();
  private final Arrived arrived = new Arrived();
  private boolean mustAnswer; // we have sent something beyond a SYN, and no RST
  private int synScale = -1; // and what its options say
  private int synMss = 536;
  private boolean synTimestamps;

  // Options of the segment at hand
  private int mss;
  private int scale;
  private boolean sackPermitted;
  private boolean timestamps;
  private int value; // of the timestamp

  private int sackAt; // where its SACK blocks begin, and how many
  private int sackBlocks;

  TcpFlowWatch(Invariants notes, long leastTimeout) {
    this.notes = notes;
    sacks = new SackMemory(leastTimeout);
  }

  private static boolean after(int a, int b) {
    return a - b > 0;
  }

  private void options(Packet p, int at, int dataOffset) {
    mss = -1;
    scale = -1;
    sackPermitted = false;
    timestamps = false;
    sackBlocks = 0;
    int end = at + dataOffset;
    for (int i = at + 20; i < end; ) {
      int kind = p.get8(i);
      if (kind == 0) {
        return;
      }
      if (kind == 1) {
        i++;
        continue;
      }
      int length = i + 1 < end ? p.get8(i + 1) : 0;
      if (length < 2 || i + length > end) {
        return;
      }
      // One of another length is none.
      if (kind == OPTION_MSS && length == 4) {
        mss = p.get16(i + 2);
      } else if (kind == OPTION_SCALE && length == 3) {
        scale = Math.min(14, p.get8(i + 2));
      } else if (kind == OPTION_SACK_PERMITTED && length == 2) {
        sackPermitted = true;
      } else if (kind == OPTION_TIMESTAMPS && length == 10) {
        timestamps = true;
        value = p.get32(i + 2);
      } else if (kind == OPTION_SACK && length % 8 == 2) {
        sackAt = i + 2;
        sackBlocks = length / 8;
      }
      i += length;
    }
  }

  /// A segment arrived whose checksum is right.
  ///
  /// @param crowded whether the interface's queue is full, so that acknowledgments may be merged
  void received(Packet p, int at, int dataOffset, int length, boolean crowded, long now) {
    check(now);
    options(p, at, dataOffset);
    int flags = p.get8(at + 13);
    int seq = p.get32(at + 4);
    int ack = p.get32(at + 8);
    int window = p.get16(at + 14);
    boolean syn = (flags & SYN) != 0;
    if ((flags & RST) != 0) {
      if (!after(ourAck, seq) && !after(seq, peerNext)) {
        duty.forget(); // it may have ended the connection before a delayed ACK was due
      }
      return;
    }
    int end = seq + length - dataOffset + (syn ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
    peerFin |= (flags & FIN) != 0;
    if (syn) {
      // Whether it begins a connection shows when we answer it.
      synScale = scale;
      synMss = mss >= 0 ? Math.max(mss, LEAST_MSS) : 536;
      synTimestamps = timestamps;
      synStart = seq;
      synEnd = end;
      synWindow = window;
      if (!known || !after(peerAcked, iss)) {
        takeSyn();
      } else {
        return;
      }
    }
    boolean newest = !timestamps || !peerKnown || !after(peerValue, value); // PAWS
    if (timestamps && newest) {
      peerValue = value;
    }
    boolean counts = syn || newest && isSurelyTaken(seq, end - seq);
    if (end != seq && !syn) {
      int size = length - dataOffset;
      duty.saw(size);
      if (crowded) {
        duty.mayMerge();
      }
      boolean isOpen = (timestamps || !peerTimestamps || !ourTimestamps) && mustAnswer && edgeKnown;
      text(seq, size, end, isOpen, newest && isOwedAnswer(seq + size, flags, ack), now);
    }
    if (!peerKnown || after(end, peerNext)) {
      peerNext = end;
      peerKnown = true;
    }
    if (known && (flags & ACK) != 0 && !after(ack, next)) {
      int shift = !syn && scaled() ? peerScale : 0;
      int right = ack + (window << shift);
      if (after(right, peerEdge)) {
        peerEdge = right;
      }
      if (counts && after(ack, peerAcked)) {
        peerAcked = ack;
        forget(ack);
        sacks.acknowledged(ack, now);
        if (finSent && peerFin && ack == next) {
          duty.forget(); // in LAST-ACK this ended the connection
        }
      }
      if (counts && !syn) {
        remember(p, ack);
      }
    } else if (known && syn && !after(peerEdge, iss + 1)) {
      peerEdge = iss + 1 + window; // a simultaneous SYN offers a window too
    }
  }

  /// @param isOpen whether the connection is surely open
  /// @param isOwedAnswer whether the text is surely taken, if it is new
  private void text(int seq, int size, int end, boolean isOpen, boolean isOwedAnswer, long now) {
    if (size > 0 && isOpen && !after(seq + size, ourAck)) {
      duty.arrived(size, Arrived.Kind.DUPLICATE, arrived.next(), now);
      return;
    }
    Arrived.Kind kind = null;
    if (isOwedAnswer && arrived.isCertain() && !after(end, edge)) {
      kind = arrived.take(seq, end);
    } else {
      arrived.perhaps(end);
    }
    if (isOwedAnswer && size > 0) {
      duty.arrived(size, kind, arrived.next(), now);
    }
  }

  private void remember(Packet p, int ack) {
    for (int i = 0; i < sackBlocks; i++) {
      int from = p.get32(sackAt + 8 * i);
      int to = p.get32(sackAt + 8 * i + 4);
      if (after(from, ack) && after(to, from) && !after(to, next)) {
        sacks.sacked(from, to);
      }
    }
  }

  /// Whether text is new and in the window of a connection that is surely open.
  private boolean isOwedAnswer(int end, int flags, int ack) {
    return mustAnswer
        && edgeKnown
        && (flags & ACK) != 0
        && !after(ack, next)
        && !after(peerAcked, ack)
        && after(end, ourAck)
        && !after(end, edge);
  }

  /// Whether what arrived was answered in time.
  void check(long now) {
    String wrong = duty.check(notes.heldUntil(), now);
    if (wrong != null) {
      notes.violated(wrong, now);
    }
  }

  /// Whether no check of RFC 9293, section 3.10.7.4, can refuse this segment before its
  /// acknowledgment is looked at: it is the newest, and begins in our window.
  private boolean isSurelyTaken(int seq, int length) {
    return peerKnown
        && !after(peerNext, seq)
        && edgeKnown
        && (after(edge, seq) || length == 0 && seq == edge);
  }

  private boolean scaled() {
    return ourScale >= 0 && peerScale >= 0;
  }

  /// A segment is sent.
  void sent(Packet p, int at, int dataOffset, int length, long now) {
    options(p, at, dataOffset);
    int flags = p.get8(at + 13);
    int seq = p.get32(at + 4);
    boolean syn = (flags & SYN) != 0;
    if ((flags & RST) != 0) {
      mustAnswer = false;
      duty.forget();
      return;
    }
    check(now);
    if (syn) {
      if (!known || seq != iss) {
        synOffer = (flags & ACK) != 0 ? -1 : p.get16(at + 14);
        begin(seq, (flags & ACK) != 0);
      }
      ourScale = scale;
      ourTimestamps = timestamps;
    } else if (mss >= 0 || scale >= 0 || sackPermitted) {
      notes.violated("an option that belongs on a SYN was sent without (MUST-65)", now);
    }
    if (!known) {
      return;
    }
    if (!syn && timestamps != (ourTimestamps && peerTimestamps)) {
      notes.violated(
          timestamps ? "timestamps that were not negotiated" : "a segment lacks timestamps", now);
    }
    checkText(p, at, dataOffset, length, seq, flags, now);
    mustAnswer |= !syn;
    if ((flags & ACK) != 0) {
      ourAck = p.get32(at + 8);
      String wrong = duty.acknowledged(ourAck, arrived, now);
      if (wrong != null) {
        notes.violated(wrong, now);
      }
      checkAck(ourAck, p.get16(at + 14), syn, now);
    }
  }

  private void begin(int seq, boolean answers) {
    known = true;
    iss = seq;
    next = seq;
    finSent = false;
    peerFin = false;
    edgeKnown = false;
    mustAnswer = false;
    duty.forget();
    sacks.clear();
    textStart = seq + 1;
    textLength = 0;
    textHead = 0;
    peerAcked = seq;
    peerEdge = seq + 1;
    if (answers) {
      peerEdge += synWindow;
      peerNext = synEnd;
      takeSyn();
    } else {
      peerKnown = false;
    }
  }

  private void takeSyn() {
    peerScale = synScale;
    peerMss = synMss;
    peerTimestamps = synTimestamps;
    arrived.begin(synEnd);
    if (synOffer >= 0) {
      edge = synStart + 1 + synOffer;
      edgeKnown = true;
    }
  }

  private void checkText(
      Packet p, int at, int dataOffset, int length, int seq, int flags, long now) {
    boolean syn = (flags & SYN) != 0;
    boolean fin = (flags & FIN) != 0;
    int size = length - dataOffset;
    int first = syn ? seq + 1 : seq;
    int end = first + size + (fin ? 1 : 0);
    if (after(seq, next)) {
      notes.violated("sequence numbers " + (next - iss) + " to " + (seq - iss) + " skipped", now);
    }
    if (size > 0) {
      if (after(first + size, peerEdge) && !syn) {
        notes.violated(
            "data up to " + (first + size - iss) + " beyond the window at " + (peerEdge - iss),
            now);
      }
      if (after(peerAcked, first)) {
        notes.violated(
            "data from " + (first - iss) + " although " + (peerAcked - iss) + " is acknowledged",
            now);
      }
      if (next == peerAcked) {
        sacks.begins(now);
      } else if (after(next, first)
          && sacks.isKnown(first, first + size, first == peerAcked, now)) {
        notes.violated(
            "data from "
                + (first - iss)
                + " to "
                + (first + size - iss)
                + " although the peer has it by SACK (RFC 6675)",
            now);
      }
      // In a SYN with text (RFC 7413) the MSS is that of another connection.
      if (size + dataOffset - 20 > peerMss && !syn) {
        notes.violated(size + " bytes and options in a segment, the peer's MSS is " + peerMss, now);
      }
      compare(p, at + dataOffset, first, size, now);
    }
    if (finSent && after(end, next)) {
      notes.violated("something after the FIN", now);
    }
    finSent |= fin;
    if (after(end, next)) {
      next = end;
    }
  }

  private void compare(Packet p, int from, int first, int size, long now) {
    byte[] bytes = p.array();
    int base = p.offset() + from;
    int skip = Math.max(0, textStart - first); // acknowledged: noted already
    int place = first + skip - textStart;
    int again = Math.clamp(textLength - place, 0, Math.max(0, size - skip));
    if (again > 0) {
      int at = textHead + place;
      int wrong = Arrays.mismatch(text, at, at + again, bytes, base + skip, base + skip + again);
      if (wrong >= 0) {
        int number = first + skip + wrong - iss;
        notes.violated("byte " + number + " is sent again with another value", now);
        return;
      }
    }
    int fresh = size - skip - again;
    if (fresh > 0 && place + again == textLength) {
      makeRoom(fresh);
      System.arraycopy(bytes, base + skip + again, text, textHead + textLength, fresh);
      textLength += fresh;
    }
  }

  private void forget(int ack) {
    int n = Math.min(ack - textStart, textLength);
    if (n > 0) {
      textHead += n;
      textLength -= n;
      textStart += n;
    }
  }

  private void makeRoom(int more) {
    if (textHead + textLength + more > text.length) {
      int least = 2 * (textLength + more);
      byte[] target = least > text.length ? new byte[least] : text;
      System.arraycopy(text, textHead, target, 0, textLength);
      text = target;
      textHead = 0;
    }
  }

  private void checkAck(int ack, int window, boolean syn, long now) {
    if (!peerKnown || after(ack, peerNext)) {
      notes.violated("an acknowledgment of what was not received", now);
    }
    int scale = !syn && scaled() ? ourScale : 0;
    int right = ack + (window << scale);
    if (edgeKnown && after(edge, right)) {
      notes.violated("the window's right edge retreats by " + (edge - right) + " (SHLD-14)", now);
    }
    if (!edgeKnown || after(right, edge)) {
      edge = right;
      edgeKnown = true;
    }
  }
}
