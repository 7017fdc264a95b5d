package microps.sim;

import org.jspecify.annotations.Nullable;

/// Whether what arrived on one connection was acknowledged in time: within half a second (RFC 9293,
/// MUST-40), and at least every second full segment at once (SHLD-19). Times in nanoseconds.
final class AckDuty {
  /// MUST-40
  private static final long LATEST = 500_000_000L;

  private static final int OFTEN = 2;

  private boolean owed;
  private long since;
  private int full;
  private long fullSince;
  private int largest = 536; // MUST-15: less is not taken for a full segment

  /// A segment with text arrived, new or not: the largest is what is called full, and those before
  /// a larger one were not.
  void saw(int size) {
    if (size > largest) {
      largest = size;
      full = 0;
    }
  }

  /// Text arrived that the host has to take.
  void arrived(int size, long now) {
    if (!owed) {
      owed = true;
      since = now;
    }
    if (size == largest && ++full == OFTEN) {
      fullSince = now;
    }
  }

  /// Something was sent that acknowledges.
  void acknowledged() {
    owed = false;
    full = 0;
  }

  /// What is violated now, if anything; told once.
  ///
  /// @param held until when the host could not send
  @Nullable String check(long held, long now) {
    if (owed && now - Math.max(since, held) > LATEST) {
      acknowledged();
      return "what arrived is not acknowledged within 500 ms (MUST-40)";
    }
    if (full >= OFTEN && now > Math.max(fullSince, held)) {
      full = 0;
      return "two full segments are not acknowledged at once (SHLD-19)";
    }
    return null;
  }
}
