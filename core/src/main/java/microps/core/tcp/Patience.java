package microps.core.tcp;

import microps.core.tcp.TcpTimers.Kind;

/// How long a connection tries without progress: R2 of RFC 9293, section 3.8.3, which the user may
/// set (MUST-21), and the peer too (RFC 5482). No timer runs beyond the end of it.
final class Patience {
  /// As good as for ever, and far from an overflow: 146 years.
  private static final long LONGEST = Long.MAX_VALUE / 2;

  private Patience() {}

  /// RFC 5482, section 3.1: the peer says how long it waits. The user's own word counts for more.
  static void takeUserTimeout(TcpConnection c, TcpOptions options, long now) {
    if (options.userTimeout > 0 && c.tcp.config().userTimeoutOption()) {
      c.peerUserTimeout = UserTimeout.decode(options.userTimeout);
      changed(c, now);
    }
  }

  /// What our user timeout option says (RFC 5482: ADV_UTO).
  static int advertised(TcpConnection c) {
    return UserTimeout.encode(
        c.settings.userTimeout > 0 ? c.settings.userTimeout : c.tcp.config().dataTimeout());
  }

  /// R2 (3.8.3): how long we try without progress.
  static long of(TcpConnection c) {
    if (c.settings.userTimeout > 0) {
      return Math.min(c.settings.userTimeout, LONGEST);
    }
    return switch (c.state()) {
      case SYN_SENT -> c.tcp.config().synTimeout();
      case SYN_RECEIVED ->
          c.listener == null ? c.tcp.config().synTimeout() : Timeouts.PASSIVE_SYN_PATIENCE;
      case ESTABLISHED,
          FIN_WAIT_1,
          FIN_WAIT_2,
          CLOSE_WAIT,
          CLOSING,
          LAST_ACK,
          TIME_WAIT,
          CLOSED,
          LISTEN ->
          c.orphaned
              ? Math.min(Timeouts.ORPHAN_PATIENCE, c.tcp.config().dataTimeout())
              : UserTimeout.adopt(
                  c.tcp.config().dataTimeout(),
                  c.peerUserTimeout,
                  c.tcp.config().minUserTimeout(),
                  c.tcp.config().maxUserTimeout());
    };
  }

  /// Restarts the retransmission timer, but not beyond the end of our patience.
  static void startRetransmitTimer(TcpConnection c, long now) {
    start(c, Kind.RETRANSMIT, now + c.rtt.rto(), now);
  }

  /// Starts a timer that, when it expires, sees whether our patience is at its end.
  static void start(TcpConnection c, Kind kind, long deadline, long now) {
    c.timers.start(kind, Math.max(now, Math.min(deadline, c.progressAt + of(c))));
  }

  /// Our patience may have become shorter.
  static void changed(TcpConnection c, long now) {
    long end = Math.max(now, c.progressAt + of(c));
    c.timers.advance(Kind.RETRANSMIT, end);
    c.timers.advance(Kind.PERSIST, end);
  }
}
