package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.tcp.TcpTimers.Kind;
import microps.core.tcp.congestion.AckSample;

/// The fifth check of an arriving segment (RFC 9293, section 3.10.7.4): its acknowledgment and its
/// window, and what follows from them for the sender.
final class AckArrives {
  /// How long at least a peer has to take back that it threw away what it had SACKed.
  private static final long RENEGING_WAIT = 10_000_000;

  private final Tcp tcp;
  private final AckNews news = new AckNews();

  AckArrives(Tcp tcp) {
    this.tcp = tcp;
  }

  boolean fifthCheckAck(TcpConnection c, Segment seg, long now) {
    if (!seg.isAck()) {
      return drop(seg, DropReason.TCP_NO_ACK);
    }
    Sender snd = c.snd;
    boolean ofHandshake = c.state() == TcpState.SYN_RECEIVED;
    if (ofHandshake && !establish(c, seg, now)) {
      return false;
    }
    // RFC 5961 5.2
    if (Seq.after(seg.ack, snd.nxt) || Seq.before(seg.ack, snd.una - snd.maxWnd)) {
      tcp.segmentArrives().challenge(c, now);
      return drop(seg, DropReason.TCP_BAD_ACK);
    }
    int windowBefore = snd.wnd;
    int flightBefore = snd.flight();
    boolean duplicate = !ofHandshake && isDuplicateAck(c, seg);
    snd.updateWindow(seg.seq, seg.ack, seg.window(snd.shift));
    begin(c, seg, now);
    boolean advanced = Seq.after(seg.ack, snd.una);
    if (advanced) {
      advance(c, seg, now);
    }
    if (c.rcv.sack && seg.options.sackBlocks > 0) {
      int ignored =
          SackBlocks.take(
              seg.options,
              seg.ack,
              snd.una,
              snd.nxt,
              snd.dataEnd(),
              snd.mss,
              snd.maxWnd,
              c.recovery().segments(),
              news);
      tcp.env().counters().add(Counter.TCP_SACK_BLOCKS_IGNORED, ignored);
    }
    if (duplicate) {
      tcp.env().counters().add(Counter.TCP_DUPLICATE_ACKS_RECEIVED);
      c.counts.trouble().duplicateAcks++;
    }
    if (advanced || news.sample.delivered > 0 || news.dsack) {
      recover(c, advanced, now);
    } else if (duplicate && c.rcv.sack) {
      c.recovery().pureDuplicate(snd.una, snd.nxt);
    } else if (duplicate && c.recovery().duplicateAck(snd.una, snd.nxt, snd.mss, now)) {
      tcp.env().counters().add(Counter.TCP_FAST_RETRANSMITS);
    }
    MtuProbing.look(c, now);
    if (c.ecn.isEcho(seg.flags)) {
      congestionEchoed(c, flightBefore, now);
    }
    Pacing.update(c);
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
    TcpListener listener = c.isUsable() ? null : c.listener; // the user may have it already
    if (listener != null && !listener.hasRoom()) {
      // as Linux: the peer's data, or our SYN-ACK again, gives another chance
      return drop(seg, DropReason.TCP_ACCEPT_QUEUE_FULL);
    }
    synAcknowledged(c, seg, now);
    boolean textLost = c.synLost || c.fastOpen != null && !c.fastOpen.isAccepted();
    c.timers.stop(Kind.RETRANSMIT);
    snd.wl1 = seg.seq;
    snd.wl2 = seg.ack;
    snd.wnd = seg.window(snd.shift);
    snd.maxWnd = Math.max(snd.maxWnd, snd.wnd);
    c.enter(TcpState.ESTABLISHED, now);
    if (snd.flight() > 0) {
      if (textLost) {
        c.recovery().resendAll(); // who had not got our SYN did not take the text either
      }
      Patience.startRetransmitTimer(c, now);
    }
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
        && !seg.carriedSomething()
        && snd.flight() > 0
        && snd.wnd > 0
        && seg.window(snd.shift) == snd.wnd;
  }

  private void begin(TcpConnection c, Segment seg, long now) {
    long arrival = seg.packet().timestamp();
    news.begin(c.recovery(), c.snd.una, now, arrival == 0 ? now : arrival, c.rtt.minRtt());
    if (c.rcv.timestamps && seg.options.hasTimestamps) {
      news.echo(seg.options.tsEcr, c.timestampOffset);
    }
  }

  /// Our SYN is acknowledged.
  void synAcknowledged(TcpConnection c, Segment seg, long now) {
    begin(c, seg, now);
    c.snd.acknowledge(seg.ack);
    c.recovery().segments().acknowledge(seg.ack, news);
    // A peer whose SYN-ACK was lost sends it again by its own timer, with the echo of our first
    // SYN: that is no round trip.
    if (!c.synLost || c.listener != null) {
      sampleRoundTrip(c, seg.ack, now);
    }
    if (c.synLost) {
      c.rtt.afterLostSyn(); // RFC 6298 (5.7)
    }
  }

  /// SND.UNA moves.
  private void advance(TcpConnection c, Segment seg, long now) {
    Sender snd = c.snd;
    AckSample ack = news.sample;
    ack.acked = seg.ack - snd.una;
    ack.ecnEcho = c.ecn.isEcho(seg.flags);
    ack.limited = c.congestionLimited || snd.flight() * 2L >= c.congestion().window();
    c.congestionLimited = false;
    snd.acknowledge(seg.ack);
    c.recovery().segments().acknowledge(seg.ack, news);
    c.counts.bytesAcked += ack.acked;
    c.largeAcked |= ack.acked > MtuSearch.BASE;
    c.progressAt = now;
    c.softError = null;
    if (c.backOffs > 0) {
      c.backOffs = 0;
      c.rtt.endBackOff();
    }
  }

  /// Something was delivered, or a duplicate was told of: what is lost, and how much may be sent.
  private void recover(TcpConnection c, boolean advanced, long now) {
    Sender snd = c.snd;
    LossRecovery recovery = c.recovery();
    sampleRoundTrip(c, snd.una, now);
    boolean before = recovery.isRecovering();
    boolean restart = recovery.acknowledged(news, snd.una, snd.nxt, snd.mss, c.rtt);
    int distance = recovery.rack().takeDistance();
    if (distance > 0) {
      c.counts.reordered(distance, snd.mss);
    }
    if (recovery.isRecovering() && !before) {
      tcp.env().counters().add(Counter.TCP_FAST_RETRANSMITS);
    }
    if (recovery.spurious().takeTimeout()) {
      tcp.env().counters().add(Counter.TCP_SPURIOUS_TIMEOUTS);
      c.rtt.afterSpuriousTimeout(recovery.spurious().lateBy());
    }
    if (news.dsack) {
      tcp.env().counters().add(Counter.TCP_DUPLICATE_SACKS_RECEIVED);
      c.counts.trouble().duplicateSacks++;
    }
    c.counts.delivered += news.sample.delivered;
    if (news.sample.ecnEcho) {
      c.counts.trouble().deliveredMarked += news.sample.delivered;
    }
    c.congestion().acknowledged(news.sample);
    if (snd.flight() == 0) {
      c.timers.stop(Kind.RETRANSMIT); // (5.2)
    } else if (restart) {
      Patience.startRetransmitTimer(c, now); // (5.3)
    }
    if (recovery.isReneging() && c.backOffs == 0) {
      // as Linux: an acknowledgment under way may yet tell otherwise. Once: a peer that SACKs what
      // follows SND.UNA again and again, and never acknowledges it, waits for RTO backed off.
      c.timers.advance(Kind.RETRANSMIT, now + Math.max(c.rtt.srtt() / 2, RENEGING_WAIT));
    }
    LossTimers.startReordering(c, now);
    LossTimers.startProbe(c, advanced, now);
    if (advanced) {
      tcp.ip().confirmReachable(c.path, now);
      TcpSocket user = c.socket;
      if (user != null && user.hasRoomToWrite()) {
        c.signal();
      }
    }
  }

  /// From the times at which segments were sent, or, where they were sent again, from the echoed
  /// timestamp.
  private void sampleRoundTrip(TcpConnection c, int una, long now) {
    AckSample sample = news.sample;
    long newest = news.newestRoundTrip();
    if (newest > 0) {
      c.rtt.lowest(newest, now);
    }
    long measured = news.roundTrip();
    // With a D-SACK it may echo what was acknowledged before, and that acknowledgment was lost.
    if (measured == 0 && !news.dsack && Seq.after(una, news.unaBefore())) {
      measured = news.echoedRoundTrip();
    }
    if (measured > 0 && c.rtt.isDue(news.end())) {
      c.rtt.sample(measured);
      c.rtt.sampledAt(c.snd.nxt);
      c.timers.advance(Kind.RETRANSMIT, now + c.rtt.rto()); // the doublings are over
    }
    sample.rtt = newest;
    sample.smoothedRtt = c.rtt.srtt();
    sample.minRtt = c.rtt.minRtt();
  }

  /// RFC 3168 6.1.2
  private void congestionEchoed(TcpConnection c, int flight, long now) {
    Sender snd = c.snd;
    if (c.recovery().isRecovering() || !c.ecn.mustReduce(snd.una)) {
      return;
    }
    tcp.env().counters().add(Counter.TCP_ECN_REDUCTIONS);
    boolean smallest = c.congestion().window() <= snd.mss;
    c.congestion().congestionExperienced(flight, now);
    if (smallest) {
      c.ecn.hold(now + c.rtt.rto());
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
        c.recovery().resendAll();
        c.rtt.endBackOff();
        Patience.startRetransmitTimer(c, now);
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
