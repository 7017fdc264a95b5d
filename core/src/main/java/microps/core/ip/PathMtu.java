package microps.core.ip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import microps.core.address.IpAddress;
import microps.core.basis.TimerQueue;

/// What routers said about the path MTU to destinations (RFC 1191): bounded, and forgotten after
/// ten minutes, because the path may have become better (section 6.3).
final class PathMtu {
  /// RFC 1191, section 6.3: "every 10 minutes".
  static final long LIFETIME = 600_000_000_000L;

  /// How many destinations; beyond it, the one that will be forgotten next goes.
  static final int LIMIT = 1024;

  /// The smallest MTU that is believed.
  // Deviation: RFC 1191 goes down to 68; an attacker could make TCP send segments of 28 bytes. As
  // Linux: at this floor, what we send may be fragmented on the way instead (see Ipv4Output).
  static final int FLOOR = 552;

  /// RFC 1191, table 7-1: likely MTUs, for routers that do not say theirs.
  private static final int[] PLATEAUS = {32_000, 17_914, 8166, 4352, 2002, 1492, 1006, FLOOR};

  private record Entry(int mtu, long expiry) {}

  private final TimerQueue timers;
  private final Runnable changed;
  // Oldest first: each is put at the end, and all live equally long.
  private final LinkedHashMap<IpAddress, Entry> entries = new LinkedHashMap<>();
  private final TimerQueue.Timer timer =
      new TimerQueue.Timer() {
        @Override
        protected void expire(long now) {
          removeExpired(now);
        }
      };

  /// @param changed told when an entry comes, changes or goes
  PathMtu(TimerQueue timers, Runnable changed) {
    this.timers = timers;
    this.changed = changed;
  }

  /// The path MTU to a destination, at most that of the link.
  int of(IpAddress destination, int linkMtu) {
    if (entries.isEmpty()) {
      return linkMtu;
    }
    Entry e = entries.get(destination);
    return e == null ? linkMtu : Math.min(linkMtu, e.mtu);
  }

  /// What to assume after a router refused a datagram.
  ///
  /// @param reported the next-hop MTU of the message; 0 from routers older than RFC 1191
  /// @param totalLength the length of the refused datagram
  /// @return the MTU to assume; not below [#FLOOR]
  static int estimate(int reported, int totalLength) {
    if (reported != 0) {
      return Math.max(reported, FLOOR);
    }
    for (int plateau : PLATEAUS) {
      if (plateau < totalLength) {
        return plateau;
      }
    }
    return FLOOR;
  }

  /// Notes an MTU below the one known so far.
  void lower(IpAddress destination, int mtu, long now) {
    entries.remove(destination);
    if (entries.size() >= LIMIT) {
      Iterator<IpAddress> oldest = entries.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    entries.put(destination, new Entry(mtu, now + LIFETIME));
    setTimer();
    changed.run();
  }

  int size() {
    return entries.size();
  }

  private void removeExpired(long now) {
    entries.values().removeIf(e -> e.expiry <= now);
    setTimer();
    changed.run();
  }

  private void setTimer() {
    Iterator<Map.Entry<IpAddress, Entry>> first = entries.entrySet().iterator();
    timers.set(timer, first.hasNext() ? first.next().getValue().expiry : TimerQueue.NEVER);
  }
}
