package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpTimers.Kind;
import org.jspecify.annotations.Nullable;

/// A segment arrives at a connection in a state other than CLOSED, LISTEN and SYN-SENT (RFC 9293,
/// section 3.10.7.4), with the checks of RFC 7323 and RFC 5961 at their places.
///
/// Each step says whether the next one is to follow. There is no third check (security and
/// compartment).
final class SegmentArrives {
  /// RFC 7323, section 5.5: TS.Recent counts for 24 days.
  private static final long TIMESTAMP_LIFE = 24L * 86_400 * 1_000_000_000L;

  private final Tcp tcp;

  SegmentArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  void arrives(TcpConnection c, Segment seg, long now) {
    trimKnownSyn(c, seg);
    if (checkTimestamps(c, seg, now)
        && firstCheckSequenceNumber(c, seg, now)
        && secondCheckRst(c, seg, now)
        && fourthCheckSyn(c, seg, now)
        && tcp.ackArrives().fifthCheckAck(c, seg, now)) {
      c.heardAt = now;
      Patience.takeUserTimeout(c, seg.options, now);
      if (c.keepAlivesSent > 0) {
        c.keepAlivesSent = 0;
        c.timers.start(Kind.KEEP_ALIVE, now + c.settings.keepAliveIdle);
      }
      sixthCheckUrg(c, seg);
      if (seventhProcessText(c, seg, now)) {
        eighthCheckFin(c, seg, now);
      }
    }
  }

  /// After a simultaneous open the peer's SYN-ACK repeats the SYN that made us SYN-RECEIVED: its
  /// acknowledgment is what counts.
  private static void trimKnownSyn(TcpConnection c, Segment seg) {
    if (c.state() == TcpState.SYN_RECEIVED && seg.isSyn() && seg.seq == c.rcv.irs) {
      if (seg.isAck()) {
        seg.trimFront(1);
      } else {
        // our SYN-ACK was lost, or is late
        c.recovery().resendAll();
      }
    }
  }

  /// PAWS (RFC 7323, section 5.3).
  private boolean checkTimestamps(TcpConnection c, Segment seg, long now) {
    Receiver rcv = c.rcv;
    if (!rcv.timestamps || seg.isRst()) {
      return true;
    }
    TcpOptions options = seg.options;
    if (!options.hasTimestamps) {
      // RFC 7323 3.2
      return drop(seg, DropReason.TCP_NO_TIMESTAMP);
    }
    if (Seq.before(options.tsVal, rcv.tsRecent) && now - rcv.tsRecentAt < TIMESTAMP_LIFE) {
      // R1
      noteDuplicate(rcv, seg);
      answerUnacceptable(c, seg, now);
      return drop(seg, DropReason.TCP_PAWS);
    }
    // R2 would pass over what is outside the window. A repetition of what we have must count, or a
    // lost ACK makes the peer measure a round trip of many. What lies elsewhere, anybody may have
    // sent: PAWS would refuse the peer from there on.
    int oldest = rcv.lastAckSent - rcv.capacity - (1 << rcv.shift);
    if (mayBeThePeers(c, seg)
        && Seq.beforeOrAt(seg.seq, rcv.lastAckSent)
        && Seq.afterOrAt(seg.seq, oldest)) {
      // R3
      rcv.tsRecent = options.tsVal;
      rcv.tsRecentAt = now;
    }
    return true;
  }

  /// No SYN, and an acknowledgment as RFC 5961, section 5, takes it: what else lies in the window
  /// is soon guessed.
  private static boolean mayBeThePeers(TcpConnection c, Segment seg) {
    return !seg.isSyn()
        && seg.isAck()
        && Seq.beforeOrAt(seg.ack, c.snd.nxt)
        && Seq.afterOrAt(seg.ack, c.snd.una - c.snd.maxWnd);
  }

  private boolean firstCheckSequenceNumber(TcpConnection c, Segment seg, long now) {
    Receiver rcv = c.rcv;
    int wnd = rcv.wnd();
    int length = seg.len();
    // Deviation: a segment without text is also taken at the very right edge. That is where a peer
    // stands that has filled our window and lost all of it; its ACKs and RSTs must count.
    boolean acceptable =
        length == 0
            ? Seq.within(seg.seq, rcv.nxt, wnd + 1)
            : wnd > 0
                && (Seq.within(seg.seq, rcv.nxt, wnd)
                    || Seq.before(seg.seq, rcv.nxt) && Seq.after(seg.end(), rcv.nxt));
    if (!acceptable && wnd == 0 && seg.seq == rcv.nxt) {
      // no text fits, but ACK, RST and URG are taken (MUST-66)
      seg.trimBack(length);
      rcv.ackNow = !seg.isRst();
      return true;
    }
    if (!acceptable && isProbeWithNews(c, seg)) {
      answerUnacceptable(c, seg, now);
      return true;
    }
    if (!acceptable) {
      refuse(c, seg, now);
      return false;
    }
    if (seg.isRst() || seg.isSyn()) {
      return true; // RFC 5961 looks at their sequence number as it is
    }
    // what we have already, and what lies beyond the window, is cut off
    if (Seq.before(seg.seq, rcv.nxt)) {
      takeRepetition(rcv, seg);
      seg.trimFront(rcv.nxt - seg.seq);
    }
    trimToWindow(c, seg);
    return true;
  }

  /// A keep-alive or zero window probe that acknowledges what nothing else did: Linux takes back
  /// the ACK that it delayed when it sends one, and data would be sent again for want of it.
  private static boolean isProbeWithNews(TcpConnection c, Segment seg) {
    return seg.seq == c.rcv.nxt - 1
        && seg.len() == 0
        && seg.isAck()
        && !seg.isRst()
        && c.isSynchronized()
        && Seq.after(seg.ack, c.snd.una)
        && Seq.beforeOrAt(seg.ack, c.snd.nxt);
  }

  /// RFC 2883, section 4.1: text before RCV.NXT was received before; told where it lies so near
  /// that it can be a repetition.
  private static void noteDuplicate(Receiver rcv, Segment seg) {
    int from = seg.textSeq();
    int to = seg.textSeq() + seg.textLength;
    int nearest = rcv.nxt - Math.max(rcv.capacity, rcv.fullSize);
    if (Seq.before(from, rcv.nxt) && Seq.afterOrAt(from, nearest)) {
      rcv.duplicate(from, Seq.before(to, rcv.nxt) ? to : rcv.nxt);
    }
  }

  /// Some of the text was received before, or all of it.
  private void takeRepetition(Receiver rcv, Segment seg) {
    if (seg.textLength > 0 && Seq.before(seg.textSeq(), rcv.nxt)) {
      tcp.env().counters().add(Counter.TCP_DUPLICATE_DATA);
      noteDuplicate(rcv, seg);
    }
  }

  /// Cuts off what lies beyond the window.
  static void trimToWindow(TcpConnection c, Segment seg) {
    int edge = c.rcv.nxt + c.rcv.wnd();
    if (Seq.after(seg.end(), edge)) {
      seg.trimBack(seg.end() - edge);
    }
  }

  private void refuse(TcpConnection c, Segment seg, long now) {
    if (seg.isRst()) {
      tcp.drop(seg, DropReason.TCP_BAD_RST);
      return;
    }
    takeRepetition(c.rcv, seg);
    if (c.state() == TcpState.TIME_WAIT && seg.isFin()) {
      c.timers.start(Kind.TIME_WAIT, now + tcp.config().timeWait());
    }
    answerUnacceptable(c, seg, now);
    tcp.drop(seg, DropReason.TCP_OUTSIDE_WINDOW);
  }

  /// Data is always answered; a bare segment could be the other half of an endless exchange, and a
  /// SYN one of a flood (RFC 5961, section 7).
  private static void answerUnacceptable(TcpConnection c, Segment seg, long now) {
    if (seg.len() > 0 && !seg.isSyn() || mayChallenge(c, now)) {
      c.rcv.ackNow = true;
    }
  }

  private static boolean mayChallenge(TcpConnection c, long now) {
    return c.challenges().may(now, c.tcp.config().challengeInterval());
  }

  private boolean secondCheckRst(TcpConnection c, Segment seg, long now) {
    if (!seg.isRst()) {
      return true;
    }
    if (c.state() == TcpState.TIME_WAIT) {
      // RFC 1337, fix (F1): TIME-WAIT is not ended by a reset
      return drop(seg, DropReason.TCP_BAD_RST);
    }
    if (seg.seq != c.rcv.nxt) {
      // RFC 5961 3.2
      challenge(c, now);
      return drop(seg, DropReason.TCP_BAD_RST);
    }
    tcp.env().counters().add(Counter.TCP_RESETS_RECEIVED);
    c.fail(
        switch (c.state()) {
          // MUST-11: a passive one goes back to LISTEN, which never ended
          case SYN_RECEIVED -> FastOpens.reset(c);
          case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK ->
              SocketError.CONNECTION_RESET;
          case CLOSED, LISTEN, SYN_SENT, TIME_WAIT -> throw new AssertionError(c.state());
        },
        now);
    return false;
  }

  private boolean fourthCheckSyn(TcpConnection c, Segment seg, long now) {
    if (!seg.isSyn()) {
      return true;
    }
    // RFC 5961 4.2
    challenge(c, now);
    return drop(seg, DropReason.TCP_BAD_SYN);
  }

  /// Urgent octets stay in the stream (RFC 6093, section 3.1); the user is told up to where
  /// (MUST-32).
  private void sixthCheckUrg(TcpConnection c, Segment seg) {
    if (!seg.isUrg() || !c.mayReceiveText()) {
      return;
    }
    Receiver rcv = c.rcv;
    UrgentMark mark = rcv.urgent;
    if (mark == null) {
      mark = new UrgentMark();
      rcv.urgent = mark;
    }
    if (mark.mark(seg.urgentEnd, rcv.readNext())) {
      tcp.env().counters().add(Counter.TCP_URGENT_RECEIVED);
      c.signal();
    }
  }

  boolean seventhProcessText(TcpConnection c, Segment seg, long now) {
    Receiver rcv = c.rcv;
    if (!c.mayReceiveText() || seg.textLength == 0) {
      return c.mayReceiveText();
    }
    if (rcv.finSeen && Seq.after(seg.textSeq() + seg.textLength, rcv.finSeq)) {
      // nothing follows a FIN
      int beyond = seg.textSeq() + seg.textLength - rcv.finSeq;
      seg.trimBack(beyond + (seg.isFin() ? 1 : 0));
      if (seg.textLength == 0) {
        return true;
      }
    }
    if (c.orphaned && Seq.after(seg.textSeq() + seg.textLength, rcv.nxt)) {
      // SHLD-3: nobody will read it
      tcp.drop(seg, DropReason.TCP_AFTER_CLOSE);
      tcp.resets().abort(c, SocketError.CONNECTION_RESET, now);
      return false;
    }
    if (c.ecn.text(seg.flags, seg.ecnField())) {
      rcv.ackNow = true;
    }
    int before = rcv.nxt;
    if (seg.textSeq() != before) {
      tcp.env().counters().add(Counter.TCP_OUT_OF_ORDER);
      c.counts.trouble().outOfOrder++;
    }
    measureRoundTrip(c, seg, now);
    DropReason refused = rcv.take(seg.textSeq(), seg.packet(), seg.textOffset, seg.textLength);
    if (refused == DropReason.TCP_NO_MEMORY && seg.textSeq() == before) {
      refused = takeNeverthelessSome(c, seg);
    }
    if (refused != null) {
      rcv.ackNow = true;
      return drop(seg, refused);
    }
    int delivered = rcv.nxt - before;
    if (delivered > 0) {
      c.counts.bytesReceived += delivered;
      tcp.env().counters().add(Counter.TCP_BYTES_DELIVERED, delivered);
      c.signal();
    }
    return true;
  }

  /// Memory is spent, but this text is in order: others give way, or its beginning is taken.
  private @Nullable DropReason takeNeverthelessSome(TcpConnection c, Segment seg) {
    DropReason refused = DropReason.TCP_NO_MEMORY;
    if (tcp.reclaim(c)) {
      refused = c.rcv.take(seg.textSeq(), seg.packet(), seg.textOffset, seg.textLength);
    }
    if (refused != null && seg.textLength > BufferMemory.SMALLEST) {
      seg.trimBack(seg.len() - BufferMemory.SMALLEST);
      refused = c.rcv.take(seg.textSeq(), seg.packet(), seg.textOffset, seg.textLength);
    }
    return refused;
  }

  /// For the size of the window.
  private static void measureRoundTrip(TcpConnection c, Segment seg, long now) {
    WindowTuning tuning = c.rcv.tuning;
    if (tuning == null) {
      return;
    }
    if (!c.rcv.timestamps) {
      tuning.arrived(c.rcv.nxt, c.rcv.edge, now);
    } else if (seg.options.tsEcr != 0) {
      int milliseconds = c.timestampClock(now) - seg.options.tsEcr;
      tuning.echoed(seg.options.tsEcr, Math.max(1, milliseconds) * 1_000_000L);
    }
  }

  void eighthCheckFin(TcpConnection c, Segment seg, long now) {
    Receiver rcv = c.rcv;
    if (seg.isFin() && !rcv.finSeen) {
      rcv.finSeen = true;
      rcv.finSeq = seg.end() - 1;
      if (rcv.finSeq != rcv.nxt) {
        rcv.ackNow = true; // out of order: say what is missing
      }
    }
    // A peer that lies may have sent text beyond its FIN before: then RCV.NXT has passed it.
    if (!rcv.finSeen || Seq.before(rcv.nxt, rcv.finSeq) || rcv.finReceived) {
      return;
    }
    rcv.finReceived = true;
    if (rcv.nxt == rcv.finSeq) {
      rcv.nxt++;
    }
    rcv.ackNow = true;
    switch (c.state()) {
      case ESTABLISHED -> c.enter(TcpState.CLOSE_WAIT, now);
      case FIN_WAIT_1 -> c.enter(TcpState.CLOSING, now);
      case FIN_WAIT_2 -> c.enter(TcpState.TIME_WAIT, now);
      case CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
          throw new AssertionError("no FIN is taken in " + c.state());
    }
  }

  void challenge(TcpConnection c, long now) {
    if (mayChallenge(c, now)) {
      c.rcv.ackNow = true;
      tcp.env().counters().add(Counter.TCP_CHALLENGE_ACKS);
    }
  }

  private boolean drop(Segment seg, DropReason reason) {
    tcp.drop(seg, reason);
    return false;
  }
}
