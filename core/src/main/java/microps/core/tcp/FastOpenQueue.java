package microps.core.tcp;

import java.util.ArrayDeque;

/// How many connections of a listener may have text before their handshake is through (RFC 7413,
/// section 5.1). Who sends SYNs with a stolen cookie from addresses that answer with RST would get
/// through any number: what ended so counts for a while still.
final class FastOpenQueue {
  /// How long a connection counts that was reset before its handshake was through.
  static final long PENALTY = 60 * 1_000_000_000L;

  private final ArrayDeque<Long> until = new ArrayDeque<>();
  private int pending;

  /// Whether there may be one more.
  boolean hasRoom(int limit, long now) {
    while (!until.isEmpty() && now - until.peekFirst() >= 0) {
      until.removeFirst();
    }
    return pending + until.size() < limit;
  }

  /// There is one more.
  void opened() {
    pending++;
  }

  /// One has got through.
  void established() {
    pending--;
  }

  /// One has ended before.
  void failed(long now) {
    pending--;
    until.addLast(now + PENALTY);
  }
}
