package microps.core.ip;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// Puts fragments together again (RFC 791, section 3.2; RFC 1122, section 3.3.2).
///
/// Overlaps: RFC 5722, applied to IPv4. A fragment that overlaps another drops the whole datagram
/// silently, and what else comes of it; only an exact repetition is ignored (RFC 8200, section
/// 4.5).
///
/// Memory is bounded: a source that holds more than its share loses its oldest datagram; when all
/// is taken, the oldest of anybody goes. So a flood of fragments that never become whole displaces
/// itself, and honest datagrams, which are whole within milliseconds, get through.
final class Reassembler {
  /// RFC 1122, section 3.3.2: 60 to 120 s.
  static final long TIMEOUT = 60_000_000_000L;

  /// What a fragment costs besides its bytes.
  static final int OVERHEAD = 128;

  /// What a datagram costs besides its fragments.
  static final int DATAGRAM_OVERHEAD = 512;

  /// Told of a datagram of which fragments lacked when its time was over.
  interface Timeout {

    /// @param first the first fragment, its window at the IP header
    void timedOut(Nic nic, Packet first, boolean broadcast, long now);
  }

  private record Key(int source, int destination, int identification, int protocol) {}

  private final class Partial extends TimerQueue.Timer {
    final Key key;
    final Nic nic;
    final TreeMap<Integer, byte[]> fragments = new TreeMap<>(); // data by offset
    byte @Nullable [] header; // of the first fragment
    int length = -1; // of the whole data; -1 while the last fragment lacks
    int gathered;
    int memory = DATAGRAM_OVERHEAD;
    boolean congestion; // RFC 3168, section 5.3: a CE mark on one is a mark on all
    boolean broadcast;
    boolean overlapped; // RFC 5722: dropped, and so is what comes

    Partial(Key key, Nic nic) {
      this.key = key;
      this.nic = nic;
    }

    @Override
    protected void expire(long now) {
      forget(this);
      if (!overlapped) {
        env.drop(nic, DropReason.FRAGMENT_TIMEOUT);
        tellSource(this, now);
      }
    }
  }

  private final Environment env;
  private final int limit;
  private final Timeout timeout;
  private final LinkedHashMap<Key, Partial> partials = new LinkedHashMap<>(); // oldest first
  private final Map<Integer, Integer> memoryOf = new HashMap<>(); // by source
  private int memory;

  /// @param limit bytes in all; a quarter of it for each source
  Reassembler(Environment env, int limit, Timeout timeout) {
    this.env = env;
    this.limit = limit;
    this.timeout = timeout;
  }

  /// Takes a fragment, whose header is checked and whose window begins at it and ends with it.
  ///
  /// @return the whole datagram, header in front, where this was the fragment that lacked: a packet
  ///   of the pool, for the caller to give back; otherwise null
  @Nullable Packet add(Nic nic, Packet p, long now) {
    int headerLength = Ipv4Header.headerLength(p);
    int offset = Ipv4Header.fragmentOffset(p);
    int length = p.length() - headerLength;
    boolean more = Ipv4Header.moreFragments(p);
    if (length == 0 || more && length % 8 != 0) {
      env.drop(nic, DropReason.FRAGMENT_BAD_LENGTH);
      return null;
    }
    if (headerLength + offset + length > Ipv4Header.MAX_DATAGRAM) {
      env.drop(nic, DropReason.FRAGMENT_TOO_LONG);
      return null;
    }
    Key key =
        new Key(
            Ipv4Header.source(p),
            Ipv4Header.destination(p),
            Ipv4Header.identification(p),
            Ipv4Header.protocol(p));
    Partial d = partials.get(key);
    if (d == null) {
      d = new Partial(key, nic);
      partials.put(key, d);
      account(d, DATAGRAM_OVERHEAD);
      env.timers().set(d, now + TIMEOUT); // fixed: not set again by later fragments
    }
    if (d.overlapped || conflicts(d, offset, length, more)) {
      overlap(d);
      return null;
    }
    if (d.fragments.containsKey(offset)) {
      return null; // an exact repetition
    }
    byte[] data = new byte[length];
    p.copyTo(headerLength, data, 0, length);
    d.fragments.put(offset, data);
    d.gathered += length;
    if (!more) {
      d.length = offset + length;
    }
    if (offset == 0) {
      d.header = new byte[headerLength];
      p.copyTo(0, d.header, 0, headerLength);
    }
    d.congestion |= (Ipv4Header.trafficClass(p) & 3) == 3;
    d.broadcast |= p.linkBroadcast();
    d.memory += length + OVERHEAD;
    account(d, length + OVERHEAD);
    if (d.gathered == d.length && d.header != null) {
      forget(d);
      if (d.header.length + d.length > Ipv4Header.MAX_DATAGRAM) {
        env.drop(nic, DropReason.FRAGMENT_TOO_LONG); // the first has options, the last had none
        return null;
      }
      return assemble(d, d.header, p.timestamp());
    }
    makeRoom(d);
    return null;
  }

  /// Whether a fragment contradicts what is there: it overlaps without being a repetition, or ends
  /// elsewhere than the last one.
  private static boolean conflicts(Partial d, int offset, int length, boolean more) {
    int end = offset + length;
    if (d.length >= 0 && (more ? end >= d.length : end != d.length)) {
      return true;
    }
    if (!more && !d.fragments.isEmpty() && d.length < 0) {
      Map.Entry<Integer, byte[]> last = d.fragments.lastEntry();
      if (last.getKey() + last.getValue().length > offset) {
        return true;
      }
    }
    Map.Entry<Integer, byte[]> before = d.fragments.floorEntry(offset);
    if (before != null && before.getKey() + before.getValue().length > offset) {
      return before.getKey() != offset || before.getValue().length != length;
    }
    Integer after = d.fragments.higherKey(offset);
    return after != null && after < end;
  }

  private void overlap(Partial d) {
    env.drop(d.nic, DropReason.FRAGMENT_OVERLAP);
    if (!d.overlapped) {
      d.overlapped = true;
      d.fragments.clear();
      account(d, DATAGRAM_OVERHEAD - d.memory);
      d.memory = DATAGRAM_OVERHEAD;
    }
  }

  private Packet assemble(Partial d, byte[] header, long arrival) {
    Packet whole = env.pool().take(header.length + d.length);
    whole.append(header, 0, header.length);
    for (byte[] data : d.fragments.values()) {
      whole.append(data, 0, data.length);
    }
    if (d.congestion) {
      whole.put8(1, Ipv4Header.trafficClass(whole) | 3);
    }
    int dontFragment = Ipv4Header.flagsAndOffset(whole) & Ipv4Header.DONT_FRAGMENT;
    Ipv4Header.rewrite(whole, header.length, header.length + d.length, dontFragment);
    whole.linkBroadcast(d.broadcast);
    whole.timestamp(arrival);
    env.counters().add(Counter.IP_REASSEMBLED);
    return whole;
  }

  private void makeRoom(Partial newest) {
    int share = limit / 4;
    while (memoryOf.getOrDefault(newest.key.source, 0) > share) {
      evictOldest(newest.key.source);
    }
    while (memory > limit) {
      evictOldest(null);
    }
  }

  /// @param source null: of anybody
  private void evictOldest(@Nullable Integer source) {
    for (Partial d : partials.values()) {
      if (source == null || d.key.source == source) {
        env.drop(d.nic, DropReason.FRAGMENT_NO_MEMORY);
        forget(d);
        return;
      }
    }
  }

  private void forget(Partial d) {
    partials.remove(d.key);
    env.timers().cancel(d);
    account(d, -d.memory);
  }

  private void account(Partial d, int bytes) {
    memory += bytes;
    memoryOf.merge(d.key.source, bytes, (a, b) -> a + b == 0 ? null : a + b);
  }

  /// RFC 1122, section 3.3.2: a Time Exceeded only where fragment zero is here.
  private void tellSource(Partial d, long now) {
    byte[] header = d.header;
    byte[] data = d.fragments.get(0);
    if (header == null || data == null) {
      return;
    }
    Packet first = env.pool().take(header.length + data.length);
    first.append(header, 0, header.length);
    first.append(data, 0, data.length);
    timeout.timedOut(d.nic, first, d.broadcast, now);
    env.pool().give(first);
  }

  /// Datagrams that wait for fragments.
  int size() {
    return partials.size();
  }

  /// Bytes that they take.
  int memory() {
    return memory;
  }
}
