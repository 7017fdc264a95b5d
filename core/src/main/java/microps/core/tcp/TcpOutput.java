package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.bytes.Packet;
import microps.core.tcp.TcpTimers.Kind;

/// Which segment next, if any: the one decision, and its execution.
///
/// Everything else leaves notes on the connection (`rcv.ackNow`, what [LossRecovery] holds as lost,
/// `lossProbeOwed`, `probeOwed`); here they are acted upon, in the order that [#next] shows: what
/// was lost, what is new, a probe, a bare acknowledgment. What is more than a segment goes as one
/// super-segment where the device takes that ([SuperSegments]).
final class TcpOutput {
  private final Tcp tcp;
  private final SegmentBuilder builder = new SegmentBuilder();

  TcpOutput(Tcp tcp) {
    this.tcp = tcp;
  }

  /// Writes the next segment of a connection, without IP header.
  ///
  /// @return false where there is nothing to send now
  boolean next(TcpConnection c, Packet out, long now) {
    return switch (c.state()) {
      case CLOSED, LISTEN -> false;
      case SYN_SENT -> syn(c, out, TcpHeader.SYN, now);
      case SYN_RECEIVED ->
          syn(c, out, TcpHeader.SYN | TcpHeader.ACK, now)
              || isFastOpened(c) && text(c, out, 0, now)
              || bareAck(c, out, now);
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK ->
          retransmit(c, out, now)
              || lossProbe(c, out, now)
              || text(c, out, 0, now)
              || retransmitAfterAll(c, out, now)
              || probe(c, out, now)
              || bareAck(c, out, now);
      case FIN_WAIT_2 -> probe(c, out, now) || bareAck(c, out, now);
      case TIME_WAIT -> bareAck(c, out, now);
    };
  }

  /// RFC 7413, section 4.2.2: the answer need not wait for the end of the handshake.
  private static boolean isFastOpened(TcpConnection c) {
    FastOpen fastOpen = c.fastOpen;
    return fastOpen != null && fastOpen.isAccepted();
  }

  private boolean syn(TcpConnection c, Packet out, int flags, long now) {
    Sender snd = c.snd;
    boolean first = snd.nxt == snd.iss;
    if (!first && !c.recovery().hasResend()) {
      return false;
    }
    FastOpen fastOpen = c.fastOpen;
    if (fastOpen != null && fastOpen.deferred) {
      return false; // the first octets from the user go with it
    }
    int length = 0;
    if (first && fastOpen != null && fastOpen.serverMss > 0) {
      int room = SegmentBuilder.textRoomOfSyn(c, fastOpen.serverMss);
      length = Math.min(snd.buffer.size(), room);
      tcp.env().counters().add(Counter.TCP_FAST_OPENS_SENT, length > 0 ? 1 : 0);
    }
    builder.build(c, out, snd.iss, length, length, flags, now);
    if (first) {
      snd.nxt = snd.iss + 1 + length;
      c.recovery().sent(snd.iss, snd.nxt, length + 1, now);
    } else {
      int octets = snd.nxt - snd.iss;
      c.recovery().resent(snd.nxt, octets, c.timestampClock(now), now);
      countRetransmit(c, 0, 1);
    }
    sent(c, length, 1);
    if ((flags & TcpHeader.ACK) != 0) {
      c.rcv.acknowledged();
    }
    if (!c.timers.isRunning(Kind.RETRANSMIT)) {
      c.progressAt = now;
      Patience.startRetransmitTimer(c, now);
    }
    return true;
  }

  /// What was lost is sent again, as far as the window and cwnd allow (SHLD-16).
  private boolean retransmit(TcpConnection c, Packet out, long now) {
    Sender snd = c.snd;
    LossRecovery recovery = c.recovery();
    if (!recovery.hasResend() || snd.wnd == 0) {
      return false;
    }
    int seq = recovery.resendNext();
    int end = snd.dataEnd();
    int segment = SegmentBuilder.textRoom(c);
    int most = recovery.isForced() ? segment : SegmentBuilder.superRoom(c);
    int last = recovery.resendEnd(seq + most);
    int length = Math.max(0, Math.min((Seq.before(last, end) ? last : end) - seq, most));
    boolean head = seq == snd.una;
    int room = Math.min(snd.una + snd.wnd - seq, c.congestion().window() - recovery.pipe());
    if (length > segment && length > room) {
      length = Math.max(segment, SuperSegments.whole(room, segment, false));
    }
    if (length > snd.una + snd.wnd - seq) {
      // beyond a window that has shrunk; only the first, as far as it fits
      if (!head) {
        return false;
      }
      length = snd.wnd;
    }
    if (!recovery.isForced()
        && (recovery.pipe() + length > c.congestion().window() || waitsForPace(c, length, now))) {
      return false;
    }
    boolean atEnd = snd.finSent() && seq + length == end;
    boolean fin = atEnd && Seq.after(recovery.resendEnd(end + 1), end); // if it is not SACKed
    int flags = TcpHeader.ACK | (seq + length == end && length > 0 ? TcpHeader.PSH : 0);
    builder.build(c, out, seq, length, segment, fin ? flags | TcpHeader.FIN : flags, now);
    int through = seq + length + (fin ? 1 : 0);
    recovery.resent(through, cut(length, segment, fin), c.timestampClock(now), now);
    countRetransmit(c, length, SuperSegments.count(length, segment));
    sent(c, length, SuperSegments.count(length, segment));
    c.rcv.acknowledged();
    c.sentAt = now;
    if (head || !c.timers.isRunning(Kind.RETRANSMIT)) {
      Patience.startRetransmitTimer(c, now);
    }
    return true;
  }

  /// F-RTO let new text go first, but there is none; or cwnd has room for what may not be lost.
  private boolean retransmitAfterAll(TcpConnection c, Packet out, long now) {
    LossRecovery recovery = c.recovery();
    return (recovery.hasNoNewData(c.snd.nxt) || recovery.findMore(c.snd.mss))
        && retransmit(c, out, now);
  }

  /// The tail loss probe (RFC 8985, section 7.3): new text, where there is some and the window
  /// allows it, or the last segment once more.
  private boolean lossProbe(TcpConnection c, Packet out, long now) {
    if (!c.lossProbeOwed) {
      return false;
    }
    c.lossProbeOwed = false;
    Sender snd = c.snd;
    LossRecovery recovery = c.recovery();
    if (!recovery.mayProbe() || snd.wnd == 0) {
      return false;
    }
    tcp.env().counters().add(Counter.TCP_LOSS_PROBES);
    c.counts.trouble().tailProbes++;
    c.sendOverride = true;
    if (text(c, out, snd.mss, now)) {
      recovery.probed(snd.nxt, snd.nxt, false, now);
      c.timers.stop(Kind.LOSS_PROBE);
      return true;
    }
    int end = snd.dataEnd();
    int seq = TailLossProbe.start(recovery.segments(), SegmentBuilder.textRoom(c));
    int length = Math.max(0, (Seq.before(snd.nxt, end) ? snd.nxt : end) - seq);
    boolean fin = snd.finSent();
    int flags = TcpHeader.ACK | (fin ? TcpHeader.FIN : 0);
    flags |= length > 0 && seq + length == end ? TcpHeader.PSH : 0;
    builder.build(c, out, seq, length, length, flags, now);
    recovery.probed(seq, snd.nxt, true, now);
    countRetransmit(c, length, 1);
    sent(c, length, 1);
    c.rcv.acknowledged();
    c.sentAt = now;
    return true;
  }

  /// New text, and the FIN behind it: Nagle's algorithm and the sender's silly window avoidance
  /// (3.7.4, 3.8.6.2.1).
  ///
  /// @param beyond how many octets may be in flight beyond cwnd: where there are any, it is a
  ///   probe, and one segment
  private boolean text(TcpConnection c, Packet out, int beyond, long now) {
    Sender snd = c.snd;
    boolean override = c.sendOverride;
    c.sendOverride = false;
    int unsent = snd.unsent();
    boolean finWaits = snd.finQueued && !snd.finSent();
    if (unsent <= 0 && !finWaits) {
      if (c.recovery().pipe() < c.congestion().window()) {
        c.recovery().rate().applicationLimited(c.recovery().pipe());
      }
      return false;
    }
    if (now < c.ecn.heldUntil()) {
      c.timers.start(Kind.PACE, c.ecn.heldUntil());
      return false;
    }
    int flight = snd.flight();
    if (flight == 0 && c.sentAt != 0 && now - c.sentAt > c.rtt.rto()) {
      c.congestion().resume(now);
    }
    int offered = snd.wnd - flight;
    int beyondWindow = beyond + c.recovery().allowance(snd.mss);
    int congestion = c.congestion().window() + beyondWindow - c.recovery().pipe();
    int usable = Math.min(offered, congestion);
    int probe = MtuProbing.due(c, unsent, usable + flight, now);
    int full = Math.max(probe, SegmentBuilder.textRoom(c));
    int most = probe > 0 || beyond > 0 ? full : SegmentBuilder.superRoom(c);
    int length = Math.max(0, Math.min(Math.min(unsent, most), usable));
    // cwnd never holds the FIN back, the window does
    boolean fin = finWaits && length == unsent && offered > length;
    boolean withRest = fin || length == unsent && mayEndSmall(c, override);
    length = SuperSegments.whole(length, full, withRest);
    if (!isWorthSending(c, length, full, unsent, fin, override)) {
      boolean byCongestion = length < unsent && usable == congestion && offered > congestion;
      waitForWindow(c, unsent, byCongestion, now);
      return false;
    }
    if (waitsForPace(c, length, now)) {
      c.sendOverride = override;
      return false;
    }
    int flags = TcpHeader.ACK;
    if (length == unsent && length > 0) {
      flags |= TcpHeader.PSH; // MUST-61
    }
    if (fin) {
      flags |= TcpHeader.FIN;
    }
    if (length > 0 && now - c.counts.dataReceivedAt < tcp.config().delayedAck()) {
      c.rcv.quickAcks = 0; // the user answers: acknowledgments ride on that
    }
    int seq = snd.nxt;
    builder.build(c, out, seq, length, full, flags, now);
    snd.nxt = seq + length + (fin ? 1 : 0);
    if (probe > 0 && length == probe) {
      MtuProbing.sent(c, seq, length);
    }
    if (flight == 0) {
      c.progressAt = now;
      c.backOffs = 0;
    }
    c.recovery().sent(seq, snd.nxt, cut(length, full, fin), now);
    sent(c, length, SuperSegments.count(length, full));
    c.sentAt = now;
    c.rcv.acknowledged();
    c.timers.stop(Kind.PERSIST);
    if (flight == 0 || !c.timers.isRunning(Kind.RETRANSMIT)) {
      Patience.startRetransmitTimer(c, now);
    }
    LossTimers.startProbe(c, true, now);
    return true;
  }

  /// Octets of sequence space of each segment of the wire; a FIN goes with the last.
  private static int cut(int length, int segment, boolean fin) {
    return length > segment ? segment : Math.max(segment, length + (fin ? 1 : 0));
  }

  /// Whether what is less than a segment may follow full ones at once (MUST-17).
  private static boolean mayEndSmall(TcpConnection c, boolean override) {
    return override || c.settings.noDelay && !c.settings.cork;
  }

  /// Whether a segment would leave too early; the timer brings us back here.
  private static boolean waitsForPace(TcpConnection c, int wanted, long now) {
    if (c.pacer().mayLeave(c.snd.mss, now)) {
      return false;
    }
    c.timers.start(Kind.PACE, c.pacer().nextAt(c.snd.mss, wanted));
    return true;
  }

  private static boolean isWorthSending(
      TcpConnection c, int length, int full, int unsent, boolean fin, boolean override) {
    if (fin) {
      return true;
    }
    if (length <= 0) {
      return false;
    }
    Sender snd = c.snd;
    if (length >= full) {
      return true; // (1)
    }
    if (c.settings.cork) {
      return override;
    }
    boolean mayBeSmall = c.settings.noDelay || snd.flight() == 0;
    return mayBeSmall && length == unsent // (2)
        || mayBeSmall && length >= snd.maxWnd / 2 // (3)
        || override; // (4)
  }

  /// Nothing is in flight whose acknowledgment would bring us back here, and the window is too
  /// small: the persist timer will.
  private void waitForWindow(TcpConnection c, int unsent, boolean byCongestion, long now) {
    if (byCongestion) {
      c.congestionLimited = true;
    } else if (c.snd.flight() == 0
        && (unsent > 0 || c.snd.wnd == 0)
        && !c.timers.isRunning(Kind.PERSIST)) {
      if (c.backOffs == 0) {
        c.progressAt = now;
      }
      // SHLD-29, SHLD-30: first after an RTO, then backing off
      long wait = c.rtt.rto() << Math.min(c.backOffs, 16);
      c.probeDue = now + Math.min(wait, tcp.config().maxRto());
      if (c.probed || c.orphaned) {
        Patience.start(c, Kind.PERSIST, c.probeDue, now);
      } else {
        c.timers.start(Kind.PERSIST, c.probeDue);
      }
    }
  }

  /// A segment that the peer must answer with its window: the octet before SND.UNA, without text.
  /// Serves as zero window probe and as keep-alive (SHLD-12).
  // Deviation: 3.8.6.1 sends an octet of new data as a window probe; this asks the same question
  // as Linux does, and leaves the sequence space alone.
  private boolean probe(TcpConnection c, Packet out, long now) {
    if (!c.probeOwed) {
      return false;
    }
    c.probeOwed = false;
    builder.build(c, out, c.snd.una - 1, 0, 0, TcpHeader.ACK, now);
    sent(c, 0, 1);
    c.rcv.acknowledged();
    return true;
  }

  /// Nothing but an acknowledgment, where one is owed now.
  boolean bareAck(TcpConnection c, Packet out, long now) {
    Receiver rcv = c.rcv;
    if (!rcv.ackNow) {
      if (!rcv.ackDelayed) {
        return false;
      }
      if (!c.timers.isRunning(Kind.DELAYED_ACK)) {
        c.timers.start(Kind.DELAYED_ACK, now + tcp.config().delayedAck());
      }
      return false;
    }
    builder.build(c, out, c.snd.nxt, 0, 0, TcpHeader.ACK, now);
    sent(c, 0, 1);
    rcv.acknowledged();
    return true;
  }

  private void sent(TcpConnection c, int text, int segments) {
    c.counts.sent(text, segments);
    c.pacer().left(text);
    c.timers.stop(Kind.DELAYED_ACK);
    tcp.env().counters().add(Counter.TCP_SEGMENTS_SENT, segments);
    tcp.env().counters().add(Counter.TCP_SUPER_SEGMENTS_SENT, segments > 1 ? 1 : 0);
  }

  private void countRetransmit(TcpConnection c, int text, int segments) {
    c.counts.retransmitted(text, segments);
    tcp.env().counters().add(Counter.TCP_RETRANSMITS, segments);
  }
}
