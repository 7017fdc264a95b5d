package microps.core.tcp;

import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpTimers.Kind;

/// What a connection does when time has passed (RFC 9293, section 3.10.8; RFC 6298, section 5).
final class Timeouts {
  private static final long SECOND = 1_000_000_000L;

  /// How long an unanswered SYN-ACK is sent again.
  // Deviation: MUST-23 says 3 minutes for a SYN; 63 s as Linux for the passive side, whose table of
  // half-open connections strangers can fill.
  static final long PASSIVE_SYN_PATIENCE = 63 * SECOND;

  /// R1 (MUST-20, SHLD-10): after so many retransmissions of a segment, IP and the user are told.
  static final int R1 = 3;

  /// So many timeouts in a row make a path that carried large segments a black hole. At 30 % loss
  /// in both directions, as many losses in a row are one in four hundred.
  private static final int HOLE_OF_LATE = 8;

  /// How long a connection that its user has closed waits for acknowledgments.
  static final long ORPHAN_PATIENCE = 120 * SECOND;

  private final Tcp tcp;

  Timeouts(Tcp tcp) {
    this.tcp = tcp;
  }

  void expired(TcpConnection c, Kind kind, long now) {
    switch (kind) {
      case RETRANSMIT -> retransmit(c, now);
      case REORDERING -> reordering(c, now);
      case LOSS_PROBE -> lossProbe(c, now);
      case PERSIST -> persist(c, now);
      case PACE -> {} // the output looks again
      case DELAYED_ACK -> c.rcv.ackNow = true;
      case KEEP_ALIVE -> keepAlive(c, now);
      case TIME_WAIT -> c.enter(TcpState.CLOSED, now);
    }
    tcp.schedule(c);
  }

  private void retransmit(TcpConnection c, long now) {
    Sender snd = c.snd;
    if (givesUp(c, now)) {
      return;
    }
    if (snd.flight() == 0) {
      return; // there was no route when something was to be sent; the output tries again
    }
    tcp.env().counters().add(Counter.TCP_RTO_EXPIRED);
    c.counts.trouble().timeouts++;
    if (c.isSynchronized() && snd.wnd == 0) {
      // SHLD-17: what lies beyond the window is not lost; ask whether it is still closed
      c.probeOwed = true;
    } else {
      MtuProbing.timedOut(c, now);
      if (isLikeBlackHole(c)) {
        MtuProbing.suspect(c);
      }
      c.recovery().timedOut(snd.una, snd.nxt, c.backOffs == 0, now);
      c.timers.stop(Kind.REORDERING);
      c.timers.stop(Kind.LOSS_PROBE);
      c.lossProbeOwed = false;
      Pacing.update(c);
    }
    if (!c.isSynchronized()) {
      c.synLost = true;
      tcp.fastOpens().synLost(c, now);
    }
    c.backOffs++;
    c.rtt.backOff();
    Patience.startRetransmitTimer(c, now);
    if (c.backOffs >= R1) {
      tcp.ip().doubtReachable(c.path, now);
      if (c.softError == null) {
        c.hinder(SocketError.CONNECTION_TIMED_OUT); // SHLD-9
      }
    }
  }

  /// RFC 8985, section 7.3.
  private static void lossProbe(TcpConnection c, long now) {
    if (c.snd.flight() > 0 && c.snd.wnd > 0 && c.recovery().mayProbe()) {
      c.lossProbeOwed = true;
      Patience.startRetransmitTimer(c, now);
    }
  }

  /// RFC 8985, section 6.3.
  private void reordering(TcpConnection c, long now) {
    Sender snd = c.snd;
    boolean before = c.recovery().isRecovering();
    if (c.recovery().reorderingTimeout(snd.una, snd.nxt, snd.mss, now) && !before) {
      tcp.env().counters().add(Counter.TCP_FAST_RETRANSMITS);
    }
    LossTimers.startReordering(c, now);
  }

  /// Whether so many timeouts in a row are more likely a black hole (RFC 4821, section 7.7) than
  /// losses. Where large segments got through before, it takes more of them.
  private boolean isLikeBlackHole(TcpConnection c) {
    return c.isSynchronized()
        && c.backOffs >= (c.largeAcked ? HOLE_OF_LATE : R1)
        && tcp.config().mtuProbing();
  }

  /// Probes a closed window; or, where it is open but small, sends what fits.
  private void persist(TcpConnection c, long now) {
    if (!c.probed && !c.orphaned) {
      c.progressAt = now; // MUST-37: so far the peer has answered; patience begins with this probe
    }
    if (givesUp(c, now)) {
      return;
    }
    if (now < c.probeDue) {
      // set for the end of our patience, but there was an answer meanwhile
      Patience.start(c, Kind.PERSIST, c.probeDue, now);
    } else if (c.snd.wnd == 0) {
      c.probeOwed = true;
      c.probed = true;
      c.backOffs++;
      tcp.env().counters().add(Counter.TCP_ZERO_WINDOW_PROBES);
    } else {
      c.sendOverride = true;
    }
  }

  /// MUST-20 R2; also a peer that keeps its window closed to a connection without a user.
  private static boolean givesUp(TcpConnection c, long now) {
    if (now - c.progressAt < Patience.of(c)) {
      return false;
    }
    c.tcp.env().counters().add(Counter.TCP_TIMEOUTS);
    SocketError soft = c.softError;
    SocketError reason = soft != null ? soft : SocketError.CONNECTION_TIMED_OUT;
    if (c.isSynchronized()) {
      c.tcp.resets().abort(c, reason, now);
    } else {
      c.fail(reason, now);
    }
    return true;
  }

  /// MUST-26: only where nothing is outstanding and nothing was heard for the whole interval.
  private void keepAlive(TcpConnection c, long now) {
    TcpSettings settings = c.settings;
    if (!settings.keepAlive || !c.isSynchronized()) {
      return;
    }
    if (c.snd.flight() > 0 || c.snd.unsent() > 0) {
      c.timers.start(Kind.KEEP_ALIVE, now + settings.keepAliveIdle);
      return;
    }
    long quiet = now - c.heardAt;
    if (quiet < settings.keepAliveIdle) {
      c.keepAlivesSent = 0;
      c.timers.start(Kind.KEEP_ALIVE, c.heardAt + settings.keepAliveIdle);
      return;
    }
    if (c.keepAlivesSent >= settings.keepAliveCount) {
      tcp.env().counters().add(Counter.TCP_TIMEOUTS);
      tcp.resets().abort(c, SocketError.CONNECTION_TIMED_OUT, now);
      return;
    }
    c.keepAlivesSent++;
    c.probeOwed = true;
    tcp.env().counters().add(Counter.TCP_KEEP_ALIVES);
    c.timers.start(Kind.KEEP_ALIVE, now + settings.keepAliveInterval);
  }
}
