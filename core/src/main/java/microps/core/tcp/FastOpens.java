package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.bytes.Packet;
import microps.core.ip.Datagram;
import org.jspecify.annotations.Nullable;

/// TCP Fast Open (RFC 7413): what a SYN with cookie, or its answer, means to a connection.
final class FastOpens {
  private final Tcp tcp;
  private final FastOpenCookies cookies;
  private final FastOpenCache cache = new FastOpenCache();

  FastOpens(Tcp tcp) {
    this.tcp = tcp;
    cookies = new FastOpenCookies(tcp.secrets());
  }

  // Client

  /// An active OPEN begins.
  ///
  /// @param withText whether the user brings its first octets
  void open(TcpConnection c, boolean withText, long now) {
    boolean wanted = withText || c.settings.fastOpenConnect;
    if (!wanted || !tcp.config().fastOpenClient()) {
      c.fastOpen = withText ? FastOpen.without() : null;
      return;
    }
    FastOpenCache.Entry known = cache.cookie(c.remote.address());
    byte[] cookie = known == null ? null : known.cookie();
    if (known != null && cookie != null) {
      c.fastOpen = FastOpen.with(cookie, known.mss(), !withText);
    } else if (cache.mayTry(c.remote.address(), now)) {
      c.fastOpen = FastOpen.asking(withText); // section 4.1.1: a cookie request
    } else {
      c.fastOpen = withText ? FastOpen.without() : null;
    }
  }

  /// The SYN waits no longer for text.
  void launch(TcpConnection c) {
    FastOpen f = c.fastOpen;
    if (f != null && f.deferred) {
      f.deferred = false;
      tcp.schedule(c);
    }
  }

  /// The peer's SYN has come instead of an answer: ours, if it was not sent yet, is the SYN-ACK.
  static void crossed(TcpConnection c) {
    FastOpen f = c.fastOpen;
    if (f != null) {
      f.deferred = false;
      f.fallBack();
    }
  }

  /// A SYN-ACK has come (section 4.2.1), and SND.UNA has moved: the server's cookie is for the next
  /// time.
  void answered(TcpConnection c, Segment seg) {
    FastOpen f = c.fastOpen;
    if (f == null) {
      return;
    }
    if (f.option != null && seg.options.cookieLength > 0) {
      cache.learn(c.remote.address(), seg.options.cookie(), c.snd.peerMss);
    }
    if (f.serverMss > 0 && Seq.after(seg.ack, c.snd.iss + 1)) {
      c.synText = seg.ack == c.snd.nxt;
      tcp.env().counters().add(Counter.TCP_FAST_OPENS_ACKNOWLEDGED);
    }
  }

  /// A SYN was not answered in time. It is sent again without text and option, and this server, or
  /// what is between, is spared for a while (section 4.1.3.1).
  void synLost(TcpConnection c, long now) {
    FastOpen f = c.fastOpen;
    if (f != null && f.option != null && c.state() == TcpState.SYN_SENT) {
      cache.block(c.remote.address(), now);
      f.fallBack();
    }
  }

  // Server

  /// A SYN has made a connection in SYN-RECEIVED (section 4.2.2). Its cookie may be right, and then
  /// its text is taken, and the user has the connection at once.
  void synArrived(TcpConnection c, TcpListener listener, Segment seg, long now) {
    TcpOptions options = seg.options;
    int limit = c.settings.fastOpenQueue;
    if (limit <= 0 || !tcp.config().fastOpenServer() || options.cookieLength < 0) {
      return;
    }
    Datagram d = seg.datagram();
    FastOpenCookies.Verdict verdict =
        options.cookieLength == FastOpenCookies.LENGTH
            ? cookies.check(options.cookieValue(), d.sourceHigh, d.sourceLow, now)
            : FastOpenCookies.Verdict.WRONG;
    long cookie = cookies.make(d.sourceHigh, d.sourceLow, now);
    if (verdict == FastOpenCookies.Verdict.WRONG) {
      c.fastOpen = FastOpen.giving(cookie, options.experimentalCookie);
      tcp.env().counters().add(Counter.TCP_FAST_OPENS_REFUSED, seg.textLength > 0 ? 1 : 0);
      return;
    }
    FastOpenQueue queue = listener.fastOpenQueue();
    if (seg.textLength == 0 || !queue.hasRoom(limit, now)) {
      // section 5.1: an ordinary handshake
      tcp.env().counters().add(Counter.TCP_FAST_OPENS_REFUSED, seg.textLength > 0 ? 1 : 0);
      return;
    }
    @Nullable Long fresh = verdict == FastOpenCookies.Verdict.OLD ? cookie : null;
    c.fastOpen = FastOpen.accepted(queue, fresh, options.experimentalCookie);
    // What its SYN-ACK offers, segments with scaled windows must be able to say, too.
    c.rcv.capacity = Math.min(c.rcv.capacity, 0xffff >>> c.rcv.shift << c.rcv.shift);
    takeText(c, seg);
    c.synText = true;
    c.congestion().start(c.snd.mss, false);
    tcp.env().counters().add(Counter.TCP_FAST_OPENS_ACCEPTED);
    listener.established(c);
  }

  private void takeText(TcpConnection c, Segment seg) {
    Packet packet = seg.packet();
    int length = Math.min(seg.textLength, c.rcv.capacity);
    c.rcv.take(seg.textSeq(), packet, seg.textOffset, length);
    tcp.env().counters().add(Counter.TCP_BYTES_DELIVERED, length);
  }

  /// Why a connection in SYN-RECEIVED fails when the peer resets it: one that its user has already
  /// is no longer refused.
  static SocketError reset(TcpConnection c) {
    FastOpen f = c.fastOpen;
    return f != null && f.isAccepted()
        ? SocketError.CONNECTION_RESET
        : SocketError.CONNECTION_REFUSED;
  }
}
