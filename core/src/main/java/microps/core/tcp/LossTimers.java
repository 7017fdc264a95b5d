package microps.core.tcp;

import microps.core.tcp.TcpTimers.Kind;

/// The timers of RFC 8985, as [LossRecovery] wants them set.
final class LossTimers {
  private LossTimers() {}

  /// Sets the timer of the tail loss probe (section 7.2), or stops it.
  ///
  /// @param restart whether PTO counts from now on, if the timer runs
  static void startProbe(TcpConnection c, boolean restart, long now) {
    TcpTimers timers = c.timers;
    LossRecovery recovery = c.recovery();
    if (!recovery.mayProbe() || !timers.isRunning(Kind.RETRANSMIT)) {
      timers.stop(Kind.LOSS_PROBE);
    } else if (restart || !timers.isRunning(Kind.LOSS_PROBE)) {
      long untilRto = timers.deadline(Kind.RETRANSMIT) - now;
      boolean oneSegment = recovery.segments().isOneSegment();
      timers.start(Kind.LOSS_PROBE, now + TailLossProbe.pto(c.rtt.srtt(), oneSegment, untilRto));
    }
  }

  /// Sets the reordering timer (section 6.3) as loss detection wants it.
  static void startReordering(TcpConnection c, long now) {
    long wait = c.recovery().reorderingWait();
    if (wait > 0) {
      c.timers.start(Kind.REORDERING, now + wait);
    } else {
      c.timers.stop(Kind.REORDERING);
    }
  }
}
