package microps.sim;

/// The queue in front of a wire with a rate ([Faults#rate]): what it does when more comes than
/// leaves. Sizes are bytes of frames, the one on the wire included; times are nanoseconds. An empty
/// queue takes any frame.
public sealed interface SimQueue {

  /// As many as come wait.
  SimQueue UNBOUNDED = new DropTail(Long.MAX_VALUE);

  /// RFC 8289, section 4.4: 5 ms are tolerable.
  long TARGET = 5_000_000L;

  /// RFC 8289, section 4.3: 100 ms, about the slowest round trip.
  long INTERVAL = 100_000_000L;

  /// The room it has.
  long bytes();

  /// What does not fit is lost.
  record DropTail(long bytes) implements SimQueue {
    /// @throws IllegalArgumentException where there is no room
    public DropTail {
      check(bytes);
    }
  }

  /// A host waits until there is room, as a driver does; nothing is lost. What a switch or a
  /// duplicating wire adds waits too.
  record BackPressure(long bytes) implements SimQueue {
    /// @throws IllegalArgumentException where there is no room
    public BackPressure {
      check(bytes);
    }
  }

  /// What does not fit is lost; what finds more than a threshold and understands ECN (RFC 3168) is
  /// marked CE, as in the switches of a data center (RFC 8257, section 3.1).
  ///
  /// @param threshold bytes above which a frame is marked
  record MarkAbove(long bytes, long threshold) implements SimQueue {
    /// @throws IllegalArgumentException where there is no room, or the threshold is negative
    public MarkAbove {
      check(bytes);
      check(threshold);
    }
  }

  /// Controlled delay (RFC 8289): while frames have waited longer than a target for a whole
  /// interval, one is dropped, then the next ever sooner; and what does not fit is lost.
  ///
  /// @param target how long a frame may wait
  /// @param interval how long it takes to be sure
  /// @param marks whether frames that understand ECN are marked CE instead of dropped
  record CoDel(long bytes, long target, long interval, boolean marks) implements SimQueue {
    /// @throws IllegalArgumentException where a size or time is not positive
    public CoDel {
      check(bytes);
      check(target - 1);
      check(interval - 1);
    }
  }

  /// CoDel as RFC 8289 recommends it, dropping.
  static SimQueue codel(long bytes) {
    return new CoDel(bytes, TARGET, INTERVAL, false);
  }

  /// CoDel as RFC 8289 recommends it, marking what understands ECN.
  static SimQueue codelMarking(long bytes) {
    return new CoDel(bytes, TARGET, INTERVAL, true);
  }

  private static void check(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("rates, times and sizes of a wire are not negative");
    }
  }
}
