package microps.core.tcp;

/// Reads a [TcpInfo], or a [TcpStatus], off a connection.
final class Introspection {
  private Introspection() {}

  /// A row of the socket table.
  static TcpStatus status(TcpConnection c) {
    return new TcpStatus(
        c.local,
        c.remote,
        c.state(),
        c.snd.buffer.size(),
        c.rcv.buffer.readable(),
        c.congestionWindow(),
        c.slowStartThreshold(),
        c.snd.wnd,
        c.rcv.wnd(),
        c.rtt.srtt(),
        c.rtt.rto(),
        c.snd.mss,
        c.counts.troubles().retransmits,
        c.counts.bytesReceived,
        c.counts.bytesAcked - (c.snd.finAcked ? 1 : 0));
  }

  static TcpInfo of(TcpConnection c, long now) {
    return new TcpInfo(
        c.local,
        c.remote,
        c.state(),
        options(c),
        roundTrip(c),
        congestion(c),
        recovery(c),
        sending(c),
        receiving(c),
        buffers(c),
        c.counts.snapshot(),
        times(c, now));
  }

  private static TcpInfo.Options options(TcpConnection c) {
    return new TcpInfo.Options(
        c.rcv.timestamps,
        c.rcv.sack,
        c.windowScaled,
        c.snd.shift,
        c.rcv.shift,
        c.ecn.isAgreed(),
        c.synText);
  }

  private static TcpInfo.RoundTrip roundTrip(TcpConnection c) {
    return new TcpInfo.RoundTrip(
        c.rtt.srtt(), c.rtt.rttvar(), c.rtt.minRtt(), c.rtt.rto(), c.backOffs);
  }

  private static TcpInfo.Congestion congestion(TcpConnection c) {
    String name = c.algorithm().name();
    LossRecovery recovery = c.recoveryIfAny();
    return new TcpInfo.Congestion(
        name,
        c.congestionWindow(),
        c.slowStartThreshold(),
        c.pacingRate(),
        recovery == null ? 0 : recovery.rate().latest(),
        recovery != null && recovery.rate().isLatestLimited());
  }

  private static TcpInfo.Recovery recovery(TcpConnection c) {
    LossRecovery recovery = c.recoveryIfAny();
    int degree = c.counts.reordering();
    int seen = c.counts.troubles().reorderings;
    if (recovery == null) {
      return new TcpInfo.Recovery(TcpInfo.Phase.OPEN, 0, 0, 0, 0, degree, seen, 0, 1);
    }
    SentSegments sent = recovery.segments();
    return new TcpInfo.Recovery(
        recovery.phase(),
        recovery.pipe(),
        sent.sackedOut(),
        sent.lostOut(),
        sent.retransmittedOut(),
        degree,
        seen,
        recovery.rack().reoWnd(),
        recovery.rack().reoWndMult());
  }

  private static TcpInfo.Sending sending(TcpConnection c) {
    Sender snd = c.snd;
    return new TcpInfo.Sending(
        snd.mss, snd.peerMss, c.path.mtu(), snd.wnd, snd.flight(), Math.max(0, snd.unsent()));
  }

  private static TcpInfo.Receiving receiving(TcpConnection c) {
    Receiver rcv = c.rcv;
    return new TcpInfo.Receiving(
        rcv.fullSize,
        rcv.advertisedMss,
        rcv.wnd(),
        rcv.buffer.readable(),
        rcv.reassembly().size(),
        rcv.tuning == null ? 0 : rcv.tuning.roundTrip(),
        rcv.tuning == null ? 0 : rcv.tuning.space());
  }

  private static TcpInfo.Buffers buffers(TcpConnection c) {
    return new TcpInfo.Buffers(
        c.snd.buffer.memory(), BufferSizes.sendLimit(c), c.rcv.buffer.memory(), c.rcv.capacity);
  }

  private static TcpInfo.Times times(TcpConnection c, long now) {
    return new TcpInfo.Times(
        since(c.sentAt, now), since(c.counts.dataReceivedAt, now), since(c.heardAt, now));
  }

  private static long since(long time, long now) {
    return time == 0 ? -1 : now - time;
  }
}
