package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.tcp.TcpTimers.Kind;
import microps.core.tcp.congestion.AckSample;

/// The fifth check of an arriving segment (RFC 9293, section 3.10.7.4): its acknowledgment and its
/// window, and what follows from them for the sender.
final class AckArrives {
  private final Tcp tcp;
  private final AckSample sample = new AckSample();

  AckArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  boolean fifthCheckAck(TcpConnection c, Segment seg, long now) {
    if (!seg.isAck()) {
      return drop(seg, DropReason.TCP_NO_ACK);
    }
    Sender snd = c.snd;
    if (c.state() == TcpState.SYN_RECEIVED && !establish(c, seg, now)) {
      return false;
    }
    // RFC 5961 5.2
    if (Seq.after(seg.ack, snd.nxt) || Seq.before(seg.ack, snd.una - snd.maxWnd)) {
      tcp.segmentArrives().challenge(c, now);
      return drop(seg, DropReason.TCP_BAD_ACK);
    }
    int windowBefore = snd.wnd;
    boolean duplicate = isDuplicateAck(c, seg);
    snd.updateWindow(seg.seq, seg.ack, seg.window(snd.shift));
    if (Seq.after(seg.ack, snd.una)) {
      newAck(c, seg, now);
    } else if (duplicate) {
      tcp.env().counters().add(Counter.TCP_DUPLICATE_ACKS_RECEIVED);
      c.counts.duplicateAcks++;
      if (c.recovery.duplicateAck(snd.una, snd.nxt, snd.mss, now)) {
        tcp.env().counters().add(Counter.TCP_FAST_RETRANSMITS);
        c.timing = false;
      }
    }
    windowChanged(c, windowBefore, now);
    afterFinAcked(c, now);
    return c.state() != TcpState.CLOSED;
  }

  /// In SYN-RECEIVED: our SYN is acknowledged.
  private boolean establish(TcpConnection c, Segment seg, long now) {
    Sender snd = c.snd;
    if (!Seq.after(seg.ack, snd.una) || Seq.after(seg.ack, snd.nxt)) {
      tcp.resets().answer(seg, now);
      return drop(seg, DropReason.TCP_BAD_ACK);
    }
    TcpListener listener = c.listener;
    if (listener != null && !listener.hasRoom()) {
      // as Linux: the peer's data, or our SYN-ACK again, gives another chance
      return drop(seg, DropReason.TCP_ACCEPT_QUEUE_FULL);
    }
    snd.acknowledge(seg.ack);
    sampleRoundTrip(c, seg, now);
    if (c.synLost) {
      c.rtt.afterLostSyn(); // RFC 6298 (5.7)
    }
    c.timers.stop(Kind.RETRANSMIT);
    snd.wl1 = seg.seq;
    snd.wl2 = seg.ack;
    snd.wnd = seg.window(snd.shift);
    snd.maxWnd = Math.max(snd.maxWnd, snd.wnd);
    c.enter(TcpState.ESTABLISHED, now);
    if (snd.finQueued) {
      c.enter(TcpState.FIN_WAIT_1, now); // the user closed meanwhile
    }
    if (listener != null) {
      listener.established(c);
    }
    return true;
  }

  /// RFC 5681, section 2: nothing new, nothing carried, the same window, and something outstanding.
  private static boolean isDuplicateAck(TcpConnection c, Segment seg) {
    Sender snd = c.snd;
    return seg.ack == snd.una
        && seg.len() == 0
        && snd.flight() > 0
        && snd.wnd > 0
        && seg.window(snd.shift) == snd.wnd;
  }

  private void newAck(TcpConnection c, Segment seg, long now) {
    Sender snd = c.snd;
    AckSample ack = sample;
    ack.now = now;
    ack.acked = seg.ack - snd.una;
    ack.recovering = c.recovery.isRecovering();
    ack.limited = c.congestionLimited || snd.flight() * 2L >= c.congestion.window();
    c.congestionLimited = false;
    snd.acknowledge(seg.ack);
    c.counts.bytesAcked += ack.acked;
    c.progressAt = now;
    c.softError = null;
    if (c.backOffs > 0) {
      c.backOffs = 0;
      c.rtt.endBackOff();
    }
    sampleRoundTrip(c, seg, now);
    boolean restart = c.recovery.newAck(seg.ack, ack, snd.nxt, snd.mss);
    if (snd.flight() == 0) {
      c.timers.stop(Kind.RETRANSMIT); // (5.2)
    } else if (restart) {
      c.startRetransmitTimer(now); // (5.3)
    }
    tcp.ip().confirmReachable(c.path, now);
    TcpSocket user = c.socket;
    if (user != null && user.hasRoomToWrite()) {
      c.signal();
    }
  }

  /// From the segment that is being timed, or, where that was sent again, from the timestamp.
  private static void sampleRoundTrip(TcpConnection c, Segment seg, long now) {
    long arrival = seg.packet().timestamp();
    if (arrival == 0) {
      arrival = now;
    }
    if (c.timing && Seq.afterOrAt(seg.ack, c.timedEnd)) {
      c.timing = false;
      c.rtt.sample(arrival - c.timedAt);
    } else if (!c.timing
        && c.rcv.timestamps
        && seg.options.hasTimestamps
        && seg.options.tsEcr != 0) {
      int milliseconds = c.timestampClock(arrival) - seg.options.tsEcr;
      if (milliseconds >= 0) {
        c.rtt.sample(Math.max(1, milliseconds) * 1_000_000L);
      }
    }
  }

  private void windowChanged(TcpConnection c, int before, long now) {
    Sender snd = c.snd;
    c.probed = false;
    if (snd.wnd == 0) {
      if (!c.orphaned) {
        c.progressAt = now; // MUST-37: a peer that answers is alive
      }
      return;
    }
    if (before == 0) {
      c.backOffs = 0;
      c.timers.stop(Kind.PERSIST);
      if (snd.flight() > 0) {
        c.recovery.resendAll(snd.una, snd.nxt);
        c.rtt.endBackOff();
        c.startRetransmitTimer(now);
      }
    }
  }

  private void afterFinAcked(TcpConnection c, long now) {
    if (!c.snd.finAcked) {
      return;
    }
    switch (c.state()) {
      case FIN_WAIT_1 -> c.enter(TcpState.FIN_WAIT_2, now);
      case CLOSING -> c.enter(TcpState.TIME_WAIT, now);
      case LAST_ACK -> c.enter(TcpState.CLOSED, now);
      case CLOSED,
          LISTEN,
          SYN_SENT,
          SYN_RECEIVED,
          ESTABLISHED,
          FIN_WAIT_2,
          CLOSE_WAIT,
          TIME_WAIT -> {}
    }
  }

  private boolean drop(Segment seg, DropReason reason) {
    tcp.drop(seg, reason);
    return false;
  }
}
