package microps.core.tcp;

import java.util.function.Consumer;
import microps.core.address.Endpoint;
import org.jspecify.annotations.Nullable;

/// Connections by their two endpoints: a chained hash table that looks up by numbers and allocates
/// nothing. The hash is keyed, so that a peer cannot choose its ports to fill one chain.
final class FlowTable {
  private TcpConnection[] buckets = new TcpConnection[16];
  private final long key;
  private int size;
  private int hand;

  FlowTable(long key) {
    this.key = key | 1;
  }

  private int index(long localLow, long remoteHigh, long remoteLow, int localPort, int remotePort) {
    long h = remoteLow * 0x9e3779b97f4a7c15L ^ remoteHigh * 0xc2b2ae3d27d4eb4fL;
    h = (h ^ localLow ^ (long) localPort << 48 ^ (long) remotePort << 32) * key;
    h ^= h >>> 32;
    h *= 0xd6e8feb86659fd93L;
    return (int) (h >>> 32) & buckets.length - 1;
  }

  private int index(TcpConnection c) {
    Endpoint r = c.remote;
    return index(
        c.local.address().low(), r.address().high(), r.address().low(), c.local.port(), r.port());
  }

  /// The connection between these endpoints, or null.
  @Nullable TcpConnection find(
      long localHigh,
      long localLow,
      int localPort,
      long remoteHigh,
      long remoteLow,
      int remotePort) {
    TcpConnection c = buckets[index(localLow, remoteHigh, remoteLow, localPort, remotePort)];
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
      TcpConnection[] old = buckets;
      buckets = new TcpConnection[2 * old.length];
      for (TcpConnection head : old) {
        for (TcpConnection each = head; each != null; ) {
          TcpConnection next = each.flowNext;
          link(each);
          each = next;
        }
      }
    }
    link(c);
    size++;
  }

  private void link(TcpConnection c) {
    int i = index(c);
    c.flowNext = buckets[i];
    buckets[i] = c;
  }

  /// Removes a connection, if it is there.
  void remove(TcpConnection c) {
    int i = index(c);
    TcpConnection before = null;
    for (TcpConnection each = buckets[i]; each != null; each = each.flowNext) {
      if (each == c) {
        if (before == null) {
          unlinkHead(i, c.flowNext);
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
  private void unlinkHead(int i, @Nullable TcpConnection next) {
    buckets[i] = next;
  }

  /// How many there are.
  int size() {
    return size;
  }

  /// Visits those in the next so many buckets, going round and round.
  void sweep(int count, Consumer<TcpConnection> visitor) {
    for (int i = Math.min(count, buckets.length); i > 0; i--) {
      hand = hand + 1 & buckets.length - 1;
      for (TcpConnection c = buckets[hand]; c != null; c = c.flowNext) {
        visitor.accept(c);
      }
    }
  }

  /// Visits all, in no order; they must not be added or removed meanwhile.
  void forEach(Consumer<TcpConnection> visitor) {
    for (TcpConnection head : buckets) {
      for (TcpConnection c = head; c != null; c = c.flowNext) {
        visitor.accept(c);
      }
    }
  }
}
