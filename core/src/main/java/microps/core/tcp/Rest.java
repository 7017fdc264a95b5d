package microps.core.tcp;

import microps.core.basis.TimerQueue;

/// What a connection gives back when nothing is under way.
final class Rest {
  /// How long a connection keeps what it needs for sending although it does not send.
  private static final long AFTER = 5_000_000_000L;

  /// How long what was learnt of a path counts although nothing is sent on it.
  private static final long STALE = 300_000_000_000L;

  private Rest() {}

  /// Gives back what only a connection needs that is in use, some time after text went one way or
  /// the other. Until then a D-SACK may still tell of what was sent; and what was learnt of the
  /// path counts for as long as RFC 7661, section 4.4, trusts it.
  static void look(TcpConnection c, long now) {
    LossRecovery recovery = c.recoveryIfAny();
    if (!c.isSynchronized()
        || c.snd.flight() > 0
        || c.snd.buffer.size() > 0
        || recovery != null && recovery.phase() != TcpInfo.Phase.OPEN) {
      return;
    }
    long last = Math.max(c.sentAt, c.counts.dataReceivedAt);
    if (now - last < AFTER) {
      c.timers.look(last + AFTER);
      return;
    }
    c.forgetRecovery();
    c.forgetPacer();
    c.rcv.rest();
    GuardedCongestion learnt = c.congestionIfAny();
    if (learnt != null && learnt.isBuiltIn()) {
      if (learnt.isFresh() || now - last >= STALE) {
        c.forgetCongestion();
      } else {
        c.timers.look(last + STALE);
      }
    }
  }

  /// Sees to it that [#look] comes to be asked.
  static void later(TcpConnection c, long now) {
    if (c.recoveryIfAny() != null
        && c.timers.deadline() == TimerQueue.NEVER
        && c.isSynchronized()) {
      c.timers.look(now + AFTER);
    }
  }
}
