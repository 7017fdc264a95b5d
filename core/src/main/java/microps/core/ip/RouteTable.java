package microps.core.ip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import microps.core.address.IpAddress;
import org.jspecify.annotations.Nullable;

/// Routes in the order in which they are tried: the longest prefix first (RFC 1812, section
/// 5.2.4.3), then the smallest metric, then the first that came.
///
/// A lookup takes a step for each length of prefix that is in use, 33 at most for IPv4, however
/// many routes there are, and allocates nothing.
final class RouteTable {
  private static final Comparator<Route> ORDER =
      Comparator.comparingInt((Route r) -> -r.network().prefix()).thenComparingInt(Route::metric);

  private final Set<Route> routes = new LinkedHashSet<>(); // in the order in which they came
  private final List<Prefixes> lengths = new ArrayList<>(); // the longest first

  /// The routes to one network, in the order in which they are tried.
  private static final class Network {
    final long high;
    final long low;
    final List<Route> routes = new ArrayList<>(1);
    @Nullable Network next;

    Network(long high, long low) {
      this.high = high;
      this.low = low;
    }
  }

  /// The networks of one family that have prefixes of one length: a chained hash table.
  private static final class Prefixes {
    final int width;
    final int length;
    private final long maskHigh;
    private final long maskLow;
    private @Nullable Network[] buckets = new Network[4];
    int size;

    Prefixes(int width, int length) {
      this.width = width;
      this.length = length;
      int bits = length + 128 - width;
      maskHigh = bits == 0 ? 0 : -1L << 64 - Math.min(64, bits);
      maskLow = bits <= 64 ? 0 : -1L << 128 - bits;
    }

    private int index(long high, long low) {
      long h = (high * 0xc2b2ae3d27d4eb4fL ^ low) * 0x9e3779b97f4a7c15L;
      return (int) (h >>> 40) & buckets.length - 1;
    }

    @Nullable Network find(IpAddress address) {
      long high = address.high() & maskHigh;
      long low = address.low() & maskLow;
      Network n = buckets[index(high, low)];
      while (n != null && (n.low != low || n.high != high)) {
        n = n.next;
      }
      return n;
    }

    Network findOrAdd(IpAddress address) {
      Network n = find(address);
      if (n == null) {
        n = new Network(address.high() & maskHigh, address.low() & maskLow);
        if (size == buckets.length) {
          grow();
        }
        link(n);
        size++;
      }
      return n;
    }

    private void link(Network n) {
      int i = index(n.high, n.low);
      n.next = buckets[i];
      buckets[i] = n;
    }

    private void grow() {
      @Nullable Network[] before = buckets;
      buckets = new Network[2 * before.length];
      for (Network head : before) {
        for (Network each = head; each != null; ) {
          Network following = each.next;
          link(each);
          each = following;
        }
      }
    }

    void remove(Network gone) {
      int i = index(gone.high, gone.low);
      Network before = null;
      for (Network n = buckets[i]; n != null && n != gone; n = n.next) {
        before = n;
      }
      if (before == null) {
        buckets[i] = gone.next;
      } else {
        before.next = gone.next;
      }
      size--;
    }
  }

  /// Adds a route; one that is there already is not added twice.
  boolean add(Route route) {
    if (!routes.add(route)) {
      return false;
    }
    List<Route> same = prefixes(route).findOrAdd(route.network().address()).routes;
    same.add(route);
    same.sort(ORDER); // stable: of equals, the first that came is the first that is tried
    return true;
  }

  private Prefixes prefixes(Route route) {
    int width = route.network().address().width();
    int length = route.network().prefix();
    int at = 0;
    for (; at < lengths.size() && lengths.get(at).length >= length; at++) {
      Prefixes each = lengths.get(at);
      if (each.length == length && each.width == width) {
        return each;
      }
    }
    Prefixes added = new Prefixes(width, length);
    lengths.add(at, added);
    return added;
  }

  boolean remove(Route route) {
    if (!routes.remove(route)) {
      return false;
    }
    Prefixes prefixes = prefixes(route);
    Network network = prefixes.findOrAdd(route.network().address());
    network.routes.remove(route);
    if (network.routes.isEmpty()) {
      prefixes.remove(network);
      if (prefixes.size == 0) {
        lengths.remove(prefixes);
      }
    }
    return true;
  }

  boolean removeIf(Predicate<Route> condition) {
    List<Route> gone = routes.stream().filter(condition).toList();
    gone.forEach(this::remove);
    return !gone.isEmpty();
  }

  /// The best route whose interface is up; where all are down, the best of those; null for none.
  @Nullable Route lookup(IpAddress destination) {
    Route down = null;
    int width = destination.width();
    for (int i = 0; i < lengths.size(); i++) {
      Prefixes prefixes = lengths.get(i);
      Network network = prefixes.width == width ? prefixes.find(destination) : null;
      if (network == null) {
        continue;
      }
      for (int j = 0; j < network.routes.size(); j++) {
        Route r = network.routes.get(j);
        if (r.nic().isUp()) {
          return r;
        }
        down = down == null ? r : down;
      }
    }
    return down;
  }

  List<Route> list() {
    Route[] sorted = routes.toArray(Route[]::new);
    Arrays.sort(sorted, ORDER);
    return List.of(sorted);
  }
}
