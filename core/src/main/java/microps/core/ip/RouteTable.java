package microps.core.ip;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import microps.core.address.IpAddress;
import org.jspecify.annotations.Nullable;

/// Routes in the order in which they are tried: the longest prefix first (RFC 1812, section
/// 5.2.4.3), then the smallest metric.
final class RouteTable {
  private static final Comparator<Route> ORDER =
      Comparator.comparingInt((Route r) -> -r.network().prefix()).thenComparingInt(Route::metric);

  private final List<Route> routes = new ArrayList<>();

  /// Adds a route; one that is there already is not added twice.
  boolean add(Route route) {
    if (routes.contains(route)) {
      return false;
    }
    routes.add(route);
    routes.sort(ORDER); // stable: of equals, the first that came is the first that is tried
    return true;
  }

  boolean remove(Route route) {
    return routes.remove(route);
  }

  boolean removeIf(Predicate<Route> condition) {
    return routes.removeIf(condition);
  }

  /// The best route whose interface is up; where all are down, the best of those; null for none.
  @Nullable Route lookup(IpAddress destination) {
    Route down = null;
    for (int i = 0; i < routes.size(); i++) {
      Route r = routes.get(i);
      if (r.network().contains(destination)) {
        if (r.nic().isUp()) {
          return r;
        }
        down = down == null ? r : down;
      }
    }
    return down;
  }

  List<Route> list() {
    return List.copyOf(routes);
  }
}
