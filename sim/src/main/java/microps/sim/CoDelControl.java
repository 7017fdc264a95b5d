package microps.sim;

/// When CoDel drops (RFC 8289, section 5): a leaf that gets times and sizes. It decides about one
/// frame after the other at the head of the queue.
final class CoDelControl {
  private final long target;
  private final long interval;
  private long firstAbove; // 0: below the target
  private long dropNext;
  private int count;
  private int lastCount;
  private boolean dropping;

  CoDelControl(long target, long interval) {
    this.target = target;
    this.interval = interval;
  }

  /// Whether the frame at the head has to go, the queue beginning a dequeue with it.
  ///
  /// @param sojourn how long it waited
  /// @param backlog the bytes behind it
  /// @param most the bytes of the largest frame
  boolean first(long sojourn, long backlog, long most, long now) {
    boolean late = isLate(sojourn, backlog, most, now);
    if (dropping) {
      dropping = late;
      return late && again(now);
    }
    if (!late) {
      return false;
    }
    dropping = true;
    // 5.4: if it was dropping a short time ago, go on at about the rate that controlled the queue
    int delta = count - lastCount;
    count = delta > 1 && now - dropNext < 16 * interval ? delta : 1;
    lastCount = count;
    dropNext = law(now);
    return true;
  }

  /// Whether the next one has to go too, after the one before it was dropped.
  boolean next(long sojourn, long backlog, long most, long now, boolean began) {
    boolean late = isLate(sojourn, backlog, most, now);
    if (began) {
      return false; // 5.4: one drop enters the dropping state
    }
    dropping = late;
    if (!late) {
      return false;
    }
    dropNext = law(dropNext);
    return again(now);
  }

  /// The queue is empty.
  void empty() {
    firstAbove = 0;
    dropping = false;
  }

  /// A frame was marked instead of dropped: the next one's time comes nearer in the same way.
  void marked(boolean began) {
    if (!began) {
      dropNext = law(dropNext);
    }
  }

  boolean isDropping() {
    return dropping;
  }

  private boolean again(long now) {
    if (now < dropNext) {
      return false;
    }
    count++;
    return true;
  }

  // 5.2 dodequeue
  private boolean isLate(long sojourn, long backlog, long most, long now) {
    if (sojourn < target || backlog <= most) {
      firstAbove = 0;
      return false;
    }
    if (firstAbove == 0) {
      firstAbove = now + interval;
      return false;
    }
    return now >= firstAbove;
  }

  // 5.3
  private long law(long from) {
    return from + Math.round(interval / Math.sqrt(count));
  }
}
