package microps.core.tcp;

import java.util.function.Consumer;
import microps.core.address.Endpoint;
import org.jspecify.annotations.Nullable;

/// Connections by their two endpoints: a chained hash table that looks up by numbers and allocates
/// nothing. The hash is keyed, so that a peer cannot choose its ports to fill one chain.
///
/// It grows by doubling, but not at once, for that would take the time of all connections: each
/// that is added moves a few buckets, from a table of half the size. What was there in bucket i is
/// then in i or in i + half.
final class FlowTable {
  /// Buckets that are moved for each connection that is added: by far enough to be through before
  /// the next doubling, which is as many additions away as there were buckets.
  static final int MOVED_AT_ONCE = 4;

  private static final TcpConnection[] NOTHING = {};

  private TcpConnection[] buckets = new TcpConnection[16];

  /// The table of half the size, while it is being moved; its buckets before [#moved] are empty.
  private TcpConnection[] half = NOTHING;

  private int moved;
  private final long key;
  private int size;
  private int hand;

  FlowTable(long key) {
    this.key = key | 1;
  }

  private int hash(long localLow, long remoteHigh, long remoteLow, int localPort, int remotePort) {
    long h = remoteLow * 0x9e3779b97f4a7c15L ^ remoteHigh * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ localLow ^ (long) localPort << 48 ^ (long) remotePort << 32) * key;
    h ^= h >>> 32;
    h *= 0xd6e8feb86659fd93L;
    return (int) (h >>> 32);
  }

  private int hash(TcpConnection c) {
    Endpoint r = c.remote;
    return hash(
        c.local.address().low(), r.address().high(), r.address().low(), c.local.port(), r.port());
  }

  /// Where the chain of a hash is: in this table...
  private TcpConnection[] table(int hash) {
    return moved < half.length && (hash & half.length - 1) >= moved ? half : buckets;
  }

  /// ... at this place.
  private static int index(TcpConnection[] table, int hash) {
    return hash & table.length - 1;
  }

  /// The connection between these endpoints, or null.
  @Nullable TcpConnection find(
      long localHigh,
      long localLow,
      int localPort,
      long remoteHigh,
      long remoteLow,
      int remotePort) {
    int hash = hash(localLow, remoteHigh, remoteLow, localPort, remotePort);
    TcpConnection[] table = table(hash);
    TcpConnection c = table[index(table, hash)];
    while (c != null
        && !(c.remote.port() == remotePort
            && c.local.port() == localPort
            && c.remote.address().low() == remoteLow
            && c.local.address().low() == localLow
            && c.remote.address().high() == remoteHigh
            && c.local.address().high() == localHigh)) {
      c = c.flowNext;
    }
    return c;
  }

  /// The connection between these endpoints, or null.
  @Nullable TcpConnection find(Endpoint local, Endpoint remote) {
    return find(
        local.address().high(),
        local.address().low(),
        local.port(),
        remote.address().high(),
        remote.address().low(),
        remote.port());
  }

  /// Adds a connection whose endpoints are not in the table.
  void add(TcpConnection c) {
    if (size >= buckets.length) {
      half = buckets;
      moved = 0;
      buckets = new TcpConnection[2 * half.length];
    }
    move(MOVED_AT_ONCE);
    link(c);
    size++;
  }

  /// How many buckets of the table of half the size are still to be moved.
  int unmoved() {
    return half.length - moved;
  }

  private void move(int count) {
    for (int i = Math.min(count, unmoved()); i > 0; i--) {
      TcpConnection each = half[moved];
      set(half, moved++, null);
      while (each != null) {
        TcpConnection next = each.flowNext;
        link(each);
        each = next;
      }
    }
    if (moved == half.length) {
      half = NOTHING;
      moved = 0;
    }
  }

  private void link(TcpConnection c) {
    int hash = hash(c);
    TcpConnection[] table = table(hash);
    int i = index(table, hash);
    c.flowNext = table[i];
    table[i] = c;
  }

  /// Removes a connection, if it is there.
  void remove(TcpConnection c) {
    int hash = hash(c);
    TcpConnection[] table = table(hash);
    int i = index(table, hash);
    TcpConnection before = null;
    for (TcpConnection each = table[i]; each != null; each = each.flowNext) {
      if (each == c) {
        if (before == null) {
          set(table, i, c.flowNext);
        } else {
          before.flowNext = c.flowNext;
        }
        c.flowNext = null;
        size--;
        return;
      }
      before = each;
    }
  }

  @SuppressWarnings("NullAway") // an empty bucket is null
  private static void set(TcpConnection[] table, int i, @Nullable TcpConnection head) {
    table[i] = head;
  }

  /// How many there are.
  int size() {
    return size;
  }

  /// Visits those in the next so many buckets, going round and round.
  void sweep(int count, Consumer<TcpConnection> visitor) {
    for (int i = Math.min(count, half.length + buckets.length); i > 0; i--) {
      hand = hand + 1 < half.length + buckets.length ? hand + 1 : 0;
      visit(hand < half.length ? half[hand] : buckets[hand - half.length], visitor);
    }
  }

  /// Visits all, in no order; they must not be added or removed meanwhile.
  void forEach(Consumer<TcpConnection> visitor) {
    for (TcpConnection head : half) {
      visit(head, visitor);
    }
    for (TcpConnection head : buckets) {
      visit(head, visitor);
    }
  }

  private static void visit(@Nullable TcpConnection head, Consumer<TcpConnection> visitor) {
    for (TcpConnection c = head; c != null; c = c.flowNext) {
      visitor.accept(c);
    }
  }
}
