package microps.sim;

import microps.sim.Arrived.Kind;
import org.jspecify.annotations.Nullable;

/// Whether what arrived on one connection was acknowledged in time: within half a second (RFC 9293,
/// MUST-40), every second full segment at once (SHLD-19), and each segment that is out of order,
/// fills a gap, or is there already, at once and by an ACK of its own (RFC 5681, section 4.2; RFC
/// 2883, section 4). Times in nanoseconds.
///
/// Where many frames arrive at one go, each of these acknowledgments is to be sent nevertheless,
/// and none may know of a segment with text that arrived after what it is for. What the device does
/// not take cannot be sent yet; but it is not merged for that, as long as the interface's queue has
/// room.
final class AckDuty {
  /// MUST-40
  private static final long LATEST = 500_000_000L;

  private static final int OFTEN = 2;
  private static final int MOST = 256;

  private boolean owed;
  private long since;
  private int full;
  private int largest = 536; // MUST-15: less is not taken for a full segment

  // The acknowledgments that are owed at once, a ring: how far each may reach, since when
  private final int[] reach = new int[MOST];
  private final long[] dueSince = new long[MOST];
  private final boolean[] exact = new boolean[MOST];
  private int first;
  private int due;

  /// A segment with text arrived, new or not: the largest is what is called full, and those before
  /// a larger one were not.
  void saw(int size) {
    if (size > largest) {
      largest = size;
      full = 0;
    }
  }

  /// Something arrives while the interface's queue is full: the acknowledgment that is owed may be
  /// merged with the next.
  void mayMerge() {
    if (due > 0) {
      due--;
    }
  }

  /// Text arrived that the host has to answer.
  ///
  /// @param kind what it is to the host; null where that is not certain
  /// @param next how far what is in order reaches with it
  void arrived(int size, @Nullable Kind kind, int next, long now) {
    if (!owed && kind != Kind.DUPLICATE) {
      owed = true;
      since = now;
    }
    boolean second = kind != Kind.DUPLICATE && size == largest && ++full == OFTEN;
    if (second || kind != null && kind != Kind.IN_ORDER) {
      full = 0;
      if (due < MOST) {
        int place = (first + due++) % MOST;
        reach[place] = next;
        dueSince[place] = now;
        exact[place] = kind != null;
      }
    }
  }

  /// Something was sent that acknowledges.
  ///
  /// @return what is violated by it, if anything
  @Nullable String acknowledged(int ack, Arrived arrived, long now) {
    boolean expected = false;
    boolean late = false;
    if (due > 0) {
      expected = ack == reach[first];
      late = exact[first] && ack - reach[first] > 0;
      first = (first + 1) % MOST;
      due--;
    }
    arrived.acknowledged(ack, due == 0 && !expected);
    owed = arrived.isCertain() && arrived.next() - ack > 0;
    since = now;
    if (!owed && due == 0) {
      full = 0;
    }
    return late
        ? "an ACK that is owed at once is merged with a later one (SHLD-19; RFC 5681 4.2)"
        : null;
  }

  /// The connection is over, or was never there.
  void forget() {
    owed = false;
    full = 0;
    due = 0;
  }

  /// What is violated now, if anything; told once.
  ///
  /// @param held until when the host could not send
  @Nullable String check(long held, long now) {
    if (owed && now - Math.max(since, held) > LATEST) {
      forget();
      return "what arrived is not acknowledged within 500 ms (MUST-40)";
    }
    if (due > 0 && now > Math.max(dueSince[first], held)) {
      forget();
      return "an ACK that is owed at once is not sent (SHLD-19; RFC 5681 4.2)";
    }
    return null;
  }
}
