package microps.core.ip;

/// Limits a rate: so many a second, and so many at once after a pause.
final class TokenBucket {
  private final long interval;
  private final long depth;
  private long full; // when the bucket will be full again

  /// @param perSecond how many in the long run, at least 1
  /// @param burst how many at once, at least 1
  TokenBucket(int perSecond, int burst) {
    interval = 1_000_000_000L / perSecond;
    depth = interval * burst;
    full = Long.MIN_VALUE;
  }

  /// Takes a token, if there is one.
  boolean take(long now) {
    long next = Math.max(full, now) + interval;
    if (next - now > depth) {
      return false;
    }
    full = next;
    return true;
  }
}
