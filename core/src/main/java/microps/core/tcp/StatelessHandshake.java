package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.ip.Datagram;
import microps.core.ip.Path;
import microps.core.ip.Protocol;
import org.jspecify.annotations.Nullable;

/// The three-way handshake by SYN cookies (RFC 4987, section 3.6): a SYN is answered and forgotten;
/// the acknowledgment that brings the [SynCookie] back makes the connection.
final class StatelessHandshake {
  private final Tcp tcp;
  private final SynCookie cookies;

  StatelessHandshake(Tcp tcp) {
    this.tcp = tcp;
    cookies = new SynCookie(tcp.secrets());
  }

  /// Whether a SYN to this listener is to be answered so.
  boolean isWanted(TcpListener listener) {
    return switch (tcp.config().synCookies()) {
      case OFF -> false;
      case UNDER_PRESSURE -> !listener.hasRoomForSyn();
      case ALWAYS -> true;
    };
  }

  /// Answers a SYN.
  void answer(TcpListener listener, Segment seg, long now) {
    Datagram d = seg.datagram();
    Endpoint local = new Endpoint(d.destination(), seg.destinationPort);
    Endpoint remote = new Endpoint(d.source(), seg.sourcePort);
    Path path;
    try {
      path = tcp.ip().route(local.address(), remote.address());
    } catch (SocketFailure e) {
      tcp.drop(seg, DropReason.IP_NO_ROUTE);
      return;
    }
    TcpOptions options = seg.options;
    TcpConfig config = tcp.config();
    TcpSettings settings = listener.inherited();
    int mss = options.mss >= 0 ? options.mss : Sender.DEFAULT_MSS;
    int iss =
        cookies.make(
            d.destinationHigh,
            d.destinationLow,
            d.sourceHigh,
            d.sourceLow,
            InitialSequence.ports(seg.destinationPort, seg.sourcePort),
            seg.seq,
            mss,
            SynCookie.count(now));
    // Without timestamps there is no room to remember more than the MSS.
    boolean timestamps = config.timestamps() && options.hasTimestamps;
    boolean sack = timestamps && config.sack() && options.sackPermitted;
    int theirShift = timestamps && config.windowScale() ? options.windowScale : -1;
    boolean ecn = timestamps && Ecn.isAskedFor(config.ecn(), seg.flags, seg.ecnField());
    int clock = TcpConnection.milliseconds(now) + tcp.secrets().timestampOffset(local, remote);
    int window = Math.min(BufferSizes.receiveCapacity(tcp.config(), settings), 0xffff);
    Packet packet = tcp.env().pool().take(TcpHeader.MAX_LENGTH);
    SegmentBuilder.header(
        packet,
        local.port(),
        remote.port(),
        iss,
        seg.seq + 1,
        TcpHeader.SYN | TcpHeader.ACK | (ecn ? TcpHeader.ECE : 0),
        window);
    SegmentBuilder.synOptions(
        packet,
        EffectiveMss.advertised(path, settings),
        sack,
        timestamps,
        SynCookie.stamp(clock, theirShift, sack, ecn),
        options.tsVal,
        theirShift >= 0 ? BufferSizes.receiveShift(config, settings) : -1);
    SegmentBuilder.finish(packet, packet.length(), local, remote, path.completesChecksums());
    listener.cookieSent(now);
    tcp.env().counters().add(Counter.TCP_SYN_COOKIES_SENT);
    tcp.env().counters().add(Counter.TCP_SEGMENTS_SENT);
    try {
      tcp.ip()
          .send(
              path, Protocol.TCP, settings.trafficClass & ~3, settings.hopLimit, true, packet, now);
    } catch (SocketFailure e) {
      throw new AssertionError("a SYN-ACK of 60 bytes fits every path", e);
    }
  }

  /// An ACK has arrived for which there is no connection: where it brings a cookie back, it makes
  /// one, in SYN-RECEIVED, as if it had been there since the SYN.
  ///
  /// @return the connection for which the segment now is; null where it was dropped
  @Nullable TcpConnection complete(TcpListener listener, Segment seg, long now) {
    Datagram d = seg.datagram();
    int irs = seg.seq - 1;
    int iss = seg.ack - 1;
    int mss =
        cookies.check(
            d.destinationHigh,
            d.destinationLow,
            d.sourceHigh,
            d.sourceLow,
            InitialSequence.ports(seg.destinationPort, seg.sourcePort),
            irs,
            iss,
            SynCookie.count(now));
    if (mss < 0) {
      tcp.drop(seg, DropReason.TCP_BAD_SYN_COOKIE);
      tcp.resets().answer(seg, now);
      return null;
    }
    if (!listener.hasRoom() || !tcp.hasRoom()) {
      // the peer takes itself for connected: what it sends brings the cookie again
      tcp.drop(seg, DropReason.TCP_ACCEPT_QUEUE_FULL);
      return null;
    }
    restoreOptions(seg.options, mss);
    TcpConnection c = tcp.handshake().passive(listener, seg, irs, iss, now);
    if (c == null) {
      return null;
    }
    if (seg.options.hasTimestamps && SynCookie.ecn(seg.options.tsEcr)) {
      c.ecn.askedFor(tcp.config().ecn());
    }
    c.snd.nxt = iss + 1;
    c.rcv.offeredBySyn();
    tcp.env().counters().add(Counter.TCP_SYN_COOKIES_ACCEPTED);
    seg.options.tsEcr = 0; // what it remembers is not when it was sent
    return c;
  }

  /// Puts into the options of the ACK what those of the SYN were.
  private static void restoreOptions(TcpOptions options, int mss) {
    options.mss = mss;
    options.windowScale = options.hasTimestamps ? SynCookie.windowScale(options.tsEcr) : -1;
    options.sackPermitted = options.hasTimestamps && SynCookie.sack(options.tsEcr);
  }
}
