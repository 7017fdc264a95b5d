package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.ip.Path;
import microps.core.tcp.TcpTimers.Kind;
import org.jspecify.annotations.Nullable;

/// A segment arrives where there is no connection yet: in the states CLOSED, LISTEN and SYN-SENT
/// (RFC 9293, sections 3.10.7.1 to 3.10.7.3).
final class Handshake {
  private final Tcp tcp;
  private final StatelessHandshake stateless;

  Handshake(Tcp tcp, StatelessHandshake stateless) {
    this.tcp = tcp;
    this.stateless = stateless;
  }

  /// 3.10.7.1: nobody there.
  void closed(Segment seg, long now) {
    tcp.drop(seg, DropReason.TCP_NO_CONNECTION);
    tcp.resets().answer(seg, now);
  }

  /// 3.10.7.2
  ///
  /// @param before the connection in TIME-WAIT whose place the SYN takes, or null
  void listen(TcpListener listener, Segment seg, @Nullable TcpConnection before, long now) {
    if (seg.isRst()) {
      tcp.drop(seg, DropReason.TCP_NO_CONNECTION);
    } else if (seg.isAck()) {
      ackWithoutConnection(listener, seg, now);
    } else if (!seg.isSyn() || seg.isFin()) {
      tcp.drop(seg, DropReason.TCP_BAD_FLAGS);
    } else if (!listener.hasRoom()) {
      tcp.drop(seg, DropReason.TCP_ACCEPT_QUEUE_FULL);
    } else if (before == null && stateless.isWanted(listener)) {
      stateless.answer(listener, seg, now);
    } else if (!listener.hasRoomForSyn() || !tcp.hasRoom()) {
      tcp.drop(seg, DropReason.TCP_SYN_QUEUE_FULL);
    } else {
      open(listener, seg, before, now);
    }
  }

  private void ackWithoutConnection(TcpListener listener, Segment seg, long now) {
    if (seg.isSyn() || !listener.expectsCookies(now)) {
      closed(seg, now);
      return;
    }
    TcpConnection c = stateless.complete(listener, seg, now);
    if (c != null) {
      tcp.segmentArrives().arrives(c, seg, now);
      tcp.schedule(c);
    }
  }

  private void open(TcpListener listener, Segment seg, @Nullable TcpConnection before, long now) {
    Endpoint local = new Endpoint(seg.datagram().destination(), seg.destinationPort);
    Endpoint remote = new Endpoint(seg.datagram().source(), seg.sourcePort);
    int iss = tcp.initialSequence(local, remote, now);
    if (before != null) {
      iss = TimeWait.initialSequence(iss, before.snd.nxt); // MAY-2: larger than any it used
    }
    TcpConnection c = passive(listener, seg, seg.seq, iss, now);
    if (c == null) {
      return;
    }
    tcp.fastOpens().synArrived(c, listener, seg, now);
    if (!c.isUsable()) {
      listener.synReceived(c);
    }
    tcp.schedule(c);
  }

  /// A connection in SYN-RECEIVED, made by a segment whose options are those of the SYN.
  ///
  /// @return null where there is no way back
  @Nullable TcpConnection passive(TcpListener listener, Segment seg, int irs, int iss, long now) {
    Endpoint local = listener.at(seg.datagram().destination(), seg.destinationPort);
    Path path;
    try {
      path = tcp.ip().route(local.address(), seg.datagram().source());
    } catch (SocketFailure e) {
      tcp.drop(seg, DropReason.IP_NO_ROUTE);
      return null;
    }
    Endpoint remote = new Endpoint(path.destination(), seg.sourcePort);
    TcpConnection c = new TcpConnection(tcp, listener.inherited(), local, remote, path);
    c.listener = listener;
    c.snd.start(iss);
    c.recovery().start(iss, false);
    c.rcv.start(irs);
    takeSyn(c, seg, now);
    // Strangers fill the accept queue: the whole buffer only once it is accepted.
    c.rcv.capacity = Math.min(c.rcv.capacity, 0xffff);
    tcp.add(c);
    tcp.env().counters().add(Counter.TCP_PASSIVE_OPENS);
    c.enter(TcpState.SYN_RECEIVED, now);
    return c;
  }

  /// What a SYN, or SYN-ACK, says: the peer's sequence number, window and options.
  private void takeSyn(TcpConnection c, Segment seg, long now) {
    TcpOptions options = seg.options;
    TcpConfig config = tcp.config();
    if (options.mss >= 0) {
      c.snd.peerMss = Math.max(options.mss, Sender.MIN_MSS);
    }
    c.windowScaled = config.windowScale() && options.windowScale >= 0;
    if (c.windowScaled) {
      c.snd.shift = options.windowScale;
    } else {
      c.rcv.shift = 0;
      c.rcv.capacity = Math.min(c.rcv.capacity, 0xffff);
    }
    c.ecn.handshake(config.ecn(), seg.flags, seg.ecnField());
    c.rcv.sack = config.sack() && options.sackPermitted;
    c.rcv.timestamps = config.timestamps() && options.hasTimestamps;
    if (c.rcv.timestamps) {
      c.rcv.tsRecent = options.tsVal;
      c.rcv.tsRecentAt = now;
    }
    c.snd.wnd = seg.wnd; // never scaled in a SYN
    c.snd.maxWnd = seg.wnd;
    c.snd.wl1 = seg.seq;
    c.snd.wl2 = seg.ack;
    EffectiveMss.update(c);
    Patience.takeUserTimeout(c, options, now);
    c.heardAt = now;
  }

  /// 3.10.7.3
  void synSent(TcpConnection c, Segment seg, long now) {
    Sender snd = c.snd;
    // first, check the ACK bit
    if (seg.isAck() && (Seq.beforeOrAt(seg.ack, snd.iss) || Seq.after(seg.ack, snd.nxt))) {
      tcp.drop(seg, DropReason.TCP_BAD_ACK);
      tcp.resets().answer(seg, now);
      return;
    }
    // second, check the RST bit
    if (seg.isRst()) {
      if (seg.isAck()) {
        tcp.env().counters().add(Counter.TCP_RESETS_RECEIVED);
        c.fail(SocketError.CONNECTION_REFUSED, now);
      } else {
        tcp.drop(seg, DropReason.TCP_BAD_RST);
      }
      return;
    }
    // fourth, check the SYN bit
    if (!seg.isSyn()) {
      tcp.drop(seg, seg.isAck() ? DropReason.TCP_BAD_FLAGS : DropReason.TCP_NO_ACK);
      return;
    }
    c.rcv.start(seg.seq);
    takeSyn(c, seg, now);
    c.rcv.offeredBySyn();
    if (!seg.isAck()) {
      // simultaneous open (MUST-10)
      FastOpens.crossed(c);
      c.enter(TcpState.SYN_RECEIVED, now);
      c.recovery().resendAll();
      return;
    }
    tcp.ackArrives().synAcknowledged(c, seg, now);
    tcp.fastOpens().answered(c, seg);
    c.timers.stop(Kind.RETRANSMIT);
    c.rcv.ackNow = true;
    c.enter(TcpState.ESTABLISHED, now);
    if (snd.flight() > 0) {
      c.recovery().resendAll(); // the text of the SYN was not taken
      Patience.startRetransmitTimer(c, now);
    }
    if (snd.finQueued) {
      c.enter(TcpState.FIN_WAIT_1, now);
    }
    seg.trimFront(1);
    SegmentArrives.trimToWindow(c, seg);
    if (tcp.segmentArrives().seventhProcessText(c, seg, now)) {
      tcp.segmentArrives().eighthCheckFin(c, seg, now);
    }
  }
}
