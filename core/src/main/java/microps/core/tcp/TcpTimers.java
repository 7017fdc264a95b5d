package microps.core.tcp;

import java.util.Arrays;
import microps.core.basis.TimerQueue;

/// The deadlines of one connection: numbers in a table, one entry in the stack's queue.
///
/// Stopping or postponing a timer leaves the queue's entry where it is: it expires early, finds
/// nothing due, and is set again. So a busy connection moves its retransmission timer for the price
/// of a store.
final class TcpTimers extends TimerQueue.Timer {

  /// What a deadline is for.
  enum Kind {
    /// RFC 8985, section 6.3: something is lost unless it arrives until then.
    REORDERING,
    /// PTO of RFC 8985, section 7.2; before the next, which it restarts.
    LOSS_PROBE,
    /// RFC 6298; also for SYN and FIN.
    RETRANSMIT,
    /// Zero window probes, and small windows that nobody enlarges (3.8.6.1, 3.8.6.2.1).
    PERSIST,
    /// 3.8.6.3
    DELAYED_ACK,
    /// What is paced may go on.
    PACE,
    /// 3.8.4
    KEEP_ALIVE,
    /// 2 MSL in TIME-WAIT; also how long FIN-WAIT-2 waits without a user.
    TIME_WAIT
  }

  private static final Kind[] KINDS = Kind.values();
  private static final long[] NONE = {};

  private final TcpConnection connection;

  /// By [Kind]; empty while none runs.
  private long[] deadlines = NONE;

  TcpTimers(TcpConnection connection) {
    this.connection = connection;
  }

  private TimerQueue queue() {
    return connection.tcp.env().timers();
  }

  /// Starts a timer, or moves it.
  void start(Kind kind, long deadline) {
    if (deadlines == NONE) {
      deadlines = new long[KINDS.length];
      Arrays.fill(deadlines, TimerQueue.NEVER);
    }
    deadlines[kind.ordinal()] = deadline;
    if (deadline < deadline()) {
      queue().set(this, deadline);
    }
  }

  /// Lets a timer, if it runs, expire at this time at the latest.
  void advance(Kind kind, long latest) {
    if (isRunning(kind) && deadlines[kind.ordinal()] > latest) {
      start(kind, latest);
    }
  }

  /// Stops a timer.
  void stop(Kind kind) {
    if (deadlines != NONE) {
      deadlines[kind.ordinal()] = TimerQueue.NEVER;
    }
  }

  /// Stops all, and leaves the queue.
  void stopAll() {
    deadlines = NONE;
    queue().cancel(this);
  }

  /// Comes by at this time, though nothing is due: see [Rest#look].
  void look(long time) {
    if (time < deadline()) {
      queue().set(this, time);
    }
  }

  /// When a timer expires; [TimerQueue#NEVER] where it does not run.
  long deadline(Kind kind) {
    return deadlines == NONE ? TimerQueue.NEVER : deadlines[kind.ordinal()];
  }

  /// Whether a timer runs.
  boolean isRunning(Kind kind) {
    return deadline(kind) != TimerQueue.NEVER;
  }

  @Override
  protected void expire(long now) {
    for (Kind kind : KINDS) {
      if (deadline(kind) <= now) {
        stop(kind);
        connection.tcp.timeouts().expired(connection, kind, now);
      }
    }
    long next = TimerQueue.NEVER;
    for (long deadline : deadlines) {
      next = Math.min(next, deadline);
    }
    if (next != TimerQueue.NEVER) {
      queue().set(this, next);
    } else {
      deadlines = NONE;
    }
    if (next == deadline(Kind.KEEP_ALIVE)) { // or there is none
      Rest.look(connection, now);
    }
  }
}
