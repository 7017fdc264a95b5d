package microps.bench.path;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;
import org.jspecify.annotations.Nullable;

/// One direction of a path, without clock or thread: frames go in at a moment, and are due at
/// another.
///
/// The bottleneck's time is computed, not waited for, so that a relay that is late with one frame
/// makes no other later.
final class Line {
  /// No frame is under way.
  static final long NEVER = Long.MAX_VALUE;

  private static final class Flight {
    final Packet frame = new Packet(2048);
    long due;
  }

  private final PathSpec path;
  private final SplittableRandom random;
  private final ArrayDeque<Flight> flights = new ArrayDeque<>();
  private final ArrayDeque<Flight> spare = new ArrayDeque<>();
  private long busyUntil = Long.MIN_VALUE;
  private long passed;
  private long lost;
  private long overflowed;

  /// @param seed decides which frames are lost: the same numbers of the same seed
  Line(PathSpec path, long seed) {
    this.path = path;
    random = new SplittableRandom(seed);
  }

  /// Takes a frame, whose bytes are swapped away; or loses it, and then it is as it was.
  ///
  /// @return whether it will arrive
  boolean offer(Packet frame, long now) {
    // ARP passes: its loss would be paid by one connection in a hundred, with a second.
    if (path.loss() > 0 && isIp(frame) && random.nextDouble() < path.loss()) {
      lost++;
      return false;
    }
    long free = Math.max(now, busyUntil);
    if (free > now + path.serialization(path.queueBytes())) {
      overflowed++;
      return false;
    }
    passed++;
    busyUntil = free + path.serialization(frame.length());
    Flight flight = spare.isEmpty() ? new Flight() : spare.removeFirst();
    flight.frame.swap(frame);
    flight.due = busyUntil + path.rtt() / 2;
    flights.addLast(flight);
    return true;
  }

  private static boolean isIp(Packet frame) {
    return frame.length() >= 14 && frame.get16(12) == EtherType.IPV4;
  }

  /// When the next frame is due; [#NEVER] where none is under way.
  long due() {
    Flight first = flights.peekFirst();
    return first == null ? NEVER : first.due;
  }

  /// Takes out the next frame, or null; it belongs to the line again with the next call.
  @Nullable Packet take() {
    Flight first = flights.pollFirst();
    if (first == null) {
      return null;
    }
    spare.addFirst(first);
    return first.frame;
  }

  /// Frames that arrived, or will.
  long passed() {
    return passed;
  }

  /// Frames lost by the seed.
  long lost() {
    return lost;
  }

  /// Frames for which the queue had no room.
  long overflowed() {
    return overflowed;
  }
}
