package microps.core.ethernet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.basis.DropReason;
import microps.core.basis.TimerQueue;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// The neighbours of one interface: which MAC address an IP address has, and how sure that is (RFC
/// 4861, sections 5.1 and 7.3, whose states serve ARP too).
///
/// A stale entry is used while it is asked for again, so that expiry loses no packet. Packets to an
/// unknown neighbour wait; when nobody answers, each is given to [LinkUser#unreachable]. The table,
/// and what waits, is bounded: the entry that was not used for the longest time makes room.
public final class NeighborTable {
  private static final long SECOND = 1_000_000_000L;

  // The constants of RFC 4861, section 10.
  static final long REACHABLE_TIME = 30 * SECOND;
  static final long RETRANS_TIMER = SECOND;
  static final long DELAY_FIRST_PROBE_TIME = 5 * SECOND;
  static final int MAX_MULTICAST_SOLICIT = 3;
  static final int MAX_UNICAST_SOLICIT = 3;

  /// How long a failure is remembered.
  static final long FAILED_TIME = SECOND;

  /// How long an entry that nobody uses is kept.
  static final long STALE_TIME = 600 * SECOND;

  /// Packets that wait for one neighbour; the largest datagram in fragments for an MTU of 68 fits.
  static final int MAX_WAITING = 1536;

  /// Packets that wait in the whole table; beyond it, one for each neighbour (RFC 1122, section
  /// 2.3.2.2).
  static final int MAX_WAITING_ALL = 4096;

  /// Asks the link who has an address.
  interface Solicitor {

    /// @param known where it was last time; null: ask everybody
    void solicit(Nic nic, IpAddress target, @Nullable MacAddress known, long now);
  }

  private final Nic nic;
  private final Environment env;
  private final int etherType;
  private final int limit;
  private final Solicitor solicitor;
  private final LinkUser user;
  // In order of use: the first was not used for the longest time.
  private final LinkedHashMap<IpAddress, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int waiting;

  /// @param etherType of the packets that wait
  /// @param limit how many entries
  NeighborTable(
      Nic nic, Environment env, int etherType, int limit, Solicitor solicitor, LinkUser user) {
    this.nic = nic;
    this.env = env;
    this.etherType = etherType;
    this.limit = limit;
    this.solicitor = solicitor;
    this.user = user;
  }

  /// One neighbour, which is also its own timer.
  private final class Entry extends TimerQueue.Timer {
    final IpAddress address;
    NeighborState state = NeighborState.INCOMPLETE;
    @Nullable MacAddress mac;
    int solicits;
    long confirmed; // when it last gave a sign of life
    long reachableTime;
    long failedUntil;
    final ArrayDeque<Packet> queue = new ArrayDeque<>(2);

    Entry(IpAddress address) {
      this.address = address;
    }

    @Override
    protected void expire(long now) {
      switch (state) {
        case INCOMPLETE -> {
          if (solicits < MAX_MULTICAST_SOLICIT) {
            solicit(this, null, now);
          } else {
            state = NeighborState.FAILED;
            failedUntil = now + FAILED_TIME;
            changed("state", this);
            env.timers().set(this, failedUntil);
            giveUp(this, now);
          }
        }
        case REACHABLE -> {
          long until = confirmed + reachableTime;
          if (until > now) {
            env.timers().set(this, until);
          } else {
            enter(this, NeighborState.STALE, now + STALE_TIME);
          }
        }
        case DELAY -> probe(this, now);
        case PROBE -> {
          if (solicits < MAX_UNICAST_SOLICIT) {
            solicit(this, mac, now);
          } else {
            delete(this, DropReason.NEIGHBOR_UNREACHABLE);
          }
        }
        case FAILED -> {
          boolean over = now >= failedUntil;
          if (!over) {
            // before a report, which may make another packet take this entry's place
            env.timers().set(this, failedUntil);
          }
          giveUp(this, now);
          if (over) {
            delete(this, DropReason.NEIGHBOR_UNREACHABLE);
          }
        }
        case STALE -> delete(this, DropReason.NEIGHBOR_UNREACHABLE);
        case PERMANENT -> {}
      }
    }
  }

  /// The MAC address to send a packet to.
  ///
  /// @return null: not known yet; the packet's bytes were taken to wait for it
  @Nullable MacAddress resolve(IpAddress address, Packet packet, long now) {
    Entry e = entries.get(address);
    if (e == null) {
      e = insert(address);
      if (e == null) {
        env.drop(nic, DropReason.NEIGHBOR_QUEUE_FULL);
        return null;
      }
      solicit(e, null, now);
    }
    switch (e.state) {
      case REACHABLE, DELAY, PROBE, PERMANENT -> {}
      case STALE -> enter(e, NeighborState.DELAY, now + DELAY_FIRST_PROBE_TIME);
      case INCOMPLETE -> hold(e, packet);
      case FAILED -> {
        hold(e, packet);
        // Reported by the timer, not from within the sender's call.
        env.timers().set(e, now);
      }
    }
    return e.mac;
  }

  /// A neighbour has told its MAC address.
  ///
  /// @param create whether it is worth a new entry
  /// @param solicited whether it answers a request of ours
  void learn(IpAddress address, MacAddress mac, boolean create, boolean solicited, long now) {
    Entry e = entries.get(address);
    if (e == null) {
      e = create ? insert(address) : null;
      if (e == null) {
        return;
      }
      e.mac = mac;
      e.state = NeighborState.STALE;
      changed("insert", e);
      env.timers().set(e, now + STALE_TIME);
      return;
    }
    if (e.state == NeighborState.PERMANENT) {
      return;
    }
    boolean isNew = e.mac == null;
    boolean moved = !mac.equals(e.mac);
    boolean asked = isNew || e.state == NeighborState.PROBE;
    e.mac = mac;
    if (solicited && asked) {
      reachable(e, now);
    } else if (!e.queue.isEmpty()) {
      e.state = NeighborState.DELAY;
      env.timers().set(e, now + DELAY_FIRST_PROBE_TIME);
    } else if (moved) {
      // RFC 4861, section 7.2.5: an unsolicited change is used, but not believed.
      e.state = NeighborState.STALE;
      env.timers().set(e, now + STALE_TIME);
    }
    if (isNew || moved) {
      changed(isNew ? "insert" : "update", e);
    }
    release(e);
  }

  /// What was sent to this neighbour has been answered (RFC 4861, section 7.3.1).
  void confirm(IpAddress address, long now) {
    Entry e = entries.get(address);
    if (e == null) {
      return;
    }
    switch (e.state) {
      case REACHABLE -> e.confirmed = now; // the timer sees it when it expires
      case STALE, DELAY, PROBE -> {
        reachable(e, now);
        changed("state", e);
      }
      case INCOMPLETE, FAILED, PERMANENT -> {}
    }
  }

  /// What was sent to this neighbour has not been answered for some time (RFC 1122, section 2.3.2.1
  /// (4)): asks it at once whether it is still there.
  void doubt(IpAddress address, long now) {
    Entry e = entries.get(address);
    if (e == null) {
      return;
    }
    switch (e.state) {
      case REACHABLE, STALE, DELAY -> probe(e, now);
      case INCOMPLETE, PROBE, FAILED, PERMANENT -> {}
    }
  }

  /// Sets an entry by hand.
  ///
  /// @return false: no room, the table is full of such entries
  boolean setPermanent(IpAddress address, MacAddress mac) {
    Entry e = entries.get(address);
    if (e == null) {
      e = insert(address);
    }
    if (e == null) {
      return false;
    }
    e.mac = mac;
    e.state = NeighborState.PERMANENT;
    env.timers().cancel(e);
    changed("insert", e);
    release(e);
    return true;
  }

  /// Removes an entry, by hand.
  void remove(IpAddress address) {
    Entry e = entries.get(address);
    if (e != null) {
      delete(e, DropReason.NEIGHBOR_UNREACHABLE);
    }
  }

  /// Forgets everything, as when the interface goes down; entries set by hand stay where asked.
  void clear(boolean keepPermanent) {
    for (Iterator<Entry> i = entries.values().iterator(); i.hasNext(); ) {
      Entry e = i.next();
      if (!keepPermanent || e.state != NeighborState.PERMANENT) {
        i.remove();
        forget(e, DropReason.NIC_DOWN);
      }
    }
  }

  /// The entries, as they are now.
  List<Neighbor> snapshot() {
    List<Neighbor> list = new ArrayList<>();
    for (Entry e : entries.values()) {
      list.add(new Neighbor(e.address, e.mac, e.state, nic.name(), e.queue.size()));
    }
    return list;
  }

  int size() {
    return entries.size();
  }

  private @Nullable Entry insert(IpAddress address) {
    if (entries.size() >= limit) {
      Entry oldest = null;
      for (Entry e : entries.values()) {
        if (e.state != NeighborState.PERMANENT) {
          oldest = e;
          break;
        }
      }
      if (oldest == null) {
        return null;
      }
      // Not reported to the senders of what waits: this is in the middle of another sender's call.
      delete(oldest, DropReason.NEIGHBOR_QUEUE_FULL);
    }
    Entry e = new Entry(address);
    entries.put(address, e);
    return e;
  }

  private void solicit(Entry e, @Nullable MacAddress known, long now) {
    e.solicits++;
    env.timers().set(e, now + RETRANS_TIMER);
    solicitor.solicit(nic, e.address, known, now);
  }

  private void probe(Entry e, long now) {
    e.solicits = 0;
    enter(e, NeighborState.PROBE, TimerQueue.NEVER);
    solicit(e, e.mac, now);
  }

  private void reachable(Entry e, long now) {
    // RFC 4861, section 6.3.2: uniform between 0.5 and 1.5 times the base.
    e.reachableTime = REACHABLE_TIME / 2 + env.random().nextLong(REACHABLE_TIME);
    e.confirmed = now;
    e.state = NeighborState.REACHABLE;
    env.timers().set(e, now + e.reachableTime);
  }

  private void enter(Entry e, NeighborState state, long deadline) {
    e.state = state;
    changed("state", e);
    env.timers().set(e, deadline);
  }

  private void hold(Entry e, Packet packet) {
    boolean full =
        e.queue.size() >= MAX_WAITING || waiting >= MAX_WAITING_ALL && !e.queue.isEmpty();
    if (full) {
      // RFC 1122, section 2.3.2.2: the latest is the one to keep.
      env.drop(nic, DropReason.NEIGHBOR_QUEUE_FULL);
      take(e);
    }
    Packet held = env.pool().take(packet.length());
    held.copyFrom(packet);
    e.queue.addLast(held);
    waiting++;
  }

  private void take(Entry e) {
    Packet held = e.queue.pollFirst();
    if (held != null) {
      waiting--;
      env.pool().give(held);
    }
  }

  /// Sends what has waited.
  private void release(Entry e) {
    MacAddress mac = e.mac;
    for (Packet p = e.queue.pollFirst(); p != null && mac != null; p = e.queue.pollFirst()) {
      waiting--;
      EthernetHeader.push(p, mac.value(), nic.mac().value(), etherType);
      nic.enqueue(p);
    }
  }

  /// Tells the senders of what has waited that it was in vain.
  private void giveUp(Entry e, long now) {
    // Only what waits now: a sender may answer with the next packet.
    for (int n = e.queue.size(); n > 0; n--) {
      Packet p = e.queue.pollFirst();
      if (p == null) {
        return;
      }
      waiting--;
      env.drop(nic, DropReason.NEIGHBOR_UNREACHABLE);
      user.unreachable(nic, p, now);
      env.pool().give(p);
    }
  }

  private void delete(Entry e, DropReason reason) {
    entries.remove(e.address, e);
    changed("delete", e);
    forget(e, reason);
  }

  private void forget(Entry e, DropReason reason) {
    env.timers().cancel(e);
    while (!e.queue.isEmpty()) {
      env.drop(nic, reason);
      take(e);
    }
  }

  private void changed(String action, Entry e) {
    TraceEvent.NeighborChanged event =
        new TraceEvent.NeighborChanged(action, e.address, e.mac, e.state.name(), nic.name());
    if (env.trace().listens(event.level())) {
      env.trace().event(event);
    }
  }
}
