package microps.sim;

import java.util.ArrayDeque;
import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;
import org.jspecify.annotations.Nullable;

/// The frames that wait in front of one direction of a wire, by the rules of a [SimQueue].
final class WireQueue {
  private static final int CE = 3;
  private static final int ECN = 3;

  /// Told of what is done to frames in the queue.
  interface Listener {
    /// It must go; the packet is the listener's.
    void dropped(Packet frame, long now);

    /// It was marked CE.
    void marked(Packet frame, long now);
  }

  private record Waiting(Packet frame, long since) {}

  private final Listener listener;
  private final int linkHeader;
  private final ArrayDeque<Waiting> line = new ArrayDeque<>();
  private SimQueue rules = SimQueue.UNBOUNDED;
  private @Nullable CoDelControl codel;
  private long bytes;
  private int largest;

  private long frames;
  private long sentBytes;
  private long totalDelay;
  private long maxDelay;
  private long maxBytes;
  private long dropped;
  private long marked;

  WireQueue(int linkHeader, Listener listener) {
    this.linkHeader = linkHeader;
    this.listener = listener;
  }

  /// Other rules; what waits goes on to wait.
  void set(SimQueue other) {
    if (!other.equals(rules)) {
      rules = other;
      codel = other instanceof SimQueue.CoDel c ? new CoDelControl(c.target(), c.interval()) : null;
    }
  }

  /// The bytes that wait.
  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return line.isEmpty();
  }

  /// A frame comes.
  ///
  /// @param onWire the bytes of the frame on the wire that are still to be sent
  /// @return whether it was taken; where not, it was dropped
  boolean offer(Packet frame, long onWire, long now) {
    long before = bytes + onWire;
    boolean waits = rules instanceof SimQueue.BackPressure;
    if (!waits && before > 0 && before + frame.length() > rules.bytes()) {
      drop(frame, now);
      return false;
    }
    largest = Math.max(largest, frame.length());
    if (rules instanceof SimQueue.MarkAbove r && before + frame.length() > r.threshold()) {
      mark(frame, now);
    }
    line.add(new Waiting(frame, now));
    bytes += frame.length();
    maxBytes = Math.max(maxBytes, before + frame.length());
    return true;
  }

  /// Takes the frame to send now; null where none waits any more.
  @Nullable Packet next(long now) {
    Waiting head = take();
    if (codel != null) {
      head = controlled(codel, head, now);
    }
    if (head == null) {
      return null;
    }
    long delay = now - head.since;
    frames++;
    sentBytes += head.frame.length();
    totalDelay += delay;
    maxDelay = Math.max(maxDelay, delay);
    return head.frame;
  }

  // RFC 8289, section 5.1 dequeue
  private @Nullable Waiting controlled(CoDelControl control, @Nullable Waiting first, long now) {
    Waiting head = first;
    boolean began = !control.isDropping();
    boolean goes = head != null && control.first(now - head.since, bytes, largest, now);
    while (head != null && goes) {
      boolean marks = rules instanceof SimQueue.CoDel c && c.marks();
      if (marks && mark(head.frame, now)) {
        control.marked(began);
        return head;
      }
      drop(head.frame, now);
      head = take();
      goes = head != null && control.next(now - head.since, bytes, largest, now, began);
    }
    if (head == null) {
      control.empty();
    }
    return head;
  }

  private @Nullable Waiting take() {
    Waiting head = line.poll();
    if (head != null) {
      bytes -= head.frame.length();
    }
    return head;
  }

  private void drop(Packet frame, long now) {
    dropped++;
    listener.dropped(frame, now);
  }

  /// RFC 3168, section 5: sets CE where the sender understands ECN.
  ///
  /// @return whether it does
  private boolean mark(Packet frame, long now) {
    if (!markCongestion(frame, linkHeader)) {
      return false;
    }
    marked++;
    listener.marked(frame, now);
    return true;
  }

  /// Sets the codepoint CE of an IPv4 packet that has ECT, and corrects its checksum (RFC 1624).
  static boolean markCongestion(Packet frame, int ip) {
    if (frame.length() < ip + 20
        || ip > 0 && frame.get16(ip - 2) != EtherType.IPV4
        || frame.get8(ip) >> 4 != 4
        || (frame.get8(ip + 1) & ECN) == 0) {
      return false;
    }
    int before = frame.get16(ip);
    int after = before | CE;
    frame.put16(ip, after);
    // HC' = ~(~HC + ~m + m')
    int sum = (~frame.get16(ip + 10) & 0xffff) + (~before & 0xffff) + after;
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    frame.put16(ip + 10, ~sum & 0xffff);
    return true;
  }

  QueueStats stats() {
    return new QueueStats(frames, sentBytes, totalDelay, maxDelay, maxBytes, dropped, marked);
  }

  /// Counts from here on.
  void reset() {
    frames = 0;
    sentBytes = 0;
    totalDelay = 0;
    maxDelay = 0;
    maxBytes = 0;
    dropped = 0;
    marked = 0;
  }
}
