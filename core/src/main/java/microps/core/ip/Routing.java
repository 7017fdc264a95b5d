package microps.core.ip;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.device.DeviceInfo;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// Which addresses are ours, and which way leads to the others: interfaces, routes and path MTUs,
/// and from them the [Path] of a datagram.
///
/// The host is a "weak" one (RFC 1122, section 3.3.4.2): an address belongs to the host rather than
/// to the interface.
public final class Routing {
  private final List<Nic> nics;
  private final RouteTable table = new RouteTable();
  private final PathMtu pathMtu;
  private long generation;
  private @Nullable Path lastPath;
  // Sorted; made anew when an address comes or goes.
  private int[] own = {};
  private int[] broadcasts = {};

  /// @param nics the interfaces of the stack, a list that may grow and shrink; the loopback is the
  ///   first
  public Routing(List<Nic> nics, TimerQueue timers) {
    this.nics = nics;
    this.pathMtu = new PathMtu(timers, () -> generation++);
  }

  // Changes

  /// Gives an interface an address, and the host a route to its network.
  public void add(Nic nic, Cidr address) {
    nic.add(address);
    if (hasNetwork(nic, address)) {
      table.add(new Route(address.network(), null, nic, 0));
    }
    changed();
  }

  /// Takes an address away, and the route to its network where no other address needs it.
  ///
  /// @return whether it was there
  public boolean remove(Nic nic, Cidr address) {
    if (!nic.remove(address)) {
      return false;
    }
    boolean needed = nic.addresses().stream().anyMatch(c -> c.network().equals(address.network()));
    if (!needed) {
      table.remove(new Route(address.network(), null, nic, 0));
    }
    changed();
    return true;
  }

  private static boolean hasNetwork(Nic nic, Cidr address) {
    return nic.info().link() != LinkType.LOOPBACK && address.prefix() < address.address().width();
  }

  /// Adds a route.
  ///
  /// @return false: it is there already
  public boolean add(Route route) {
    boolean added = table.add(route);
    changed();
    return added;
  }

  /// Removes a route.
  ///
  /// @return whether it was there
  public boolean remove(Route route) {
    boolean removed = table.remove(route);
    changed();
    return removed;
  }

  /// The interface is gone, and its routes with it.
  public void detach(Nic nic) {
    table.removeIf(r -> r.nic() == nic);
    changed();
  }

  /// Interfaces, addresses or routes are not what they were: every [Path] is looked up again.
  public void changed() {
    generation++;
    own = values(nics.stream().flatMap(n -> n.addresses().stream()).map(Cidr::address));
    broadcasts = values(nics.stream().flatMap(n -> n.addresses().stream()).map(Cidr::broadcast));
  }

  private static int[] values(Stream<? extends @Nullable IpAddress> addresses) {
    return addresses
        .flatMapToInt(a -> a instanceof Ipv4Address v4 ? IntStream.of(v4.value()) : IntStream.of())
        .sorted()
        .toArray();
  }

  /// A router refused a datagram as too long.
  ///
  /// @return the path MTU from here on; 0: it is not lower than what was known
  int lowerPathMtu(IpAddress destination, int reported, int totalLength, long now) {
    int mtu = PathMtu.estimate(reported, totalLength);
    boolean refusedForNothing = reported >= totalLength;
    if (refusedForNothing || mtu >= pathMtu.of(destination, DeviceInfo.MAX_MTU)) {
      return 0;
    }
    pathMtu.lower(destination, mtu, now);
    return mtu;
  }

  // Questions

  /// The lines of the route table, in the order in which they are tried.
  public List<Route> routes() {
    return table.list();
  }

  /// The interface on whose link an address is, or null.
  public @Nullable Nic onLink(IpAddress address) {
    Route route = table.lookup(address);
    return route == null || route.gateway() != null ? null : route.nic();
  }

  /// How many destinations have a path MTU of their own.
  public int pathMtus() {
    return pathMtu.size();
  }

  boolean isCurrent(Path path) {
    return path.generation() == generation;
  }

  boolean isLocal(IpAddress address) {
    return address instanceof Ipv4Address v4 && isLocal(v4.value());
  }

  /// Whether an IPv4 address is one of our own; all of 127/8 is.
  boolean isLocal(int address) {
    return address >>> 24 == 127 || Arrays.binarySearch(own, address) >= 0;
  }

  boolean isBroadcast(IpAddress address) {
    return address.isMulticast() || address instanceof Ipv4Address v4 && isBroadcast(v4.value());
  }

  /// Whether an IPv4 address is the limited broadcast, or that of a network of ours.
  boolean isBroadcast(int address) {
    return address == -1 || Arrays.binarySearch(broadcasts, address) >= 0;
  }

  /// See [IpOutput#route]. Who asks for the same as the one before gets the same object.
  Path route(@Nullable IpAddress source, IpAddress destination) throws SocketFailure {
    Path fresh = findWay(source, destination);
    Path last = lastPath;
    if (last != null && last.equals(fresh)) {
      return last;
    }
    lastPath = fresh;
    return fresh;
  }

  private Path findWay(@Nullable IpAddress source, IpAddress destination) throws SocketFailure {
    if (source != null && source.isUnspecified()) {
      source = null;
    }
    if (source != null && !isLocal(source)) {
      throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, source.toString());
    }
    if (!(destination instanceof Ipv4Address v4) || v4.value() >>> 24 == 0) {
      throw new SocketFailure(SocketError.NETWORK_UNREACHABLE, destination.toString());
    }
    if (isLocal(v4.value())) {
      IpAddress from = source != null ? source : v4.isLoopback() ? Ipv4Address.LOOPBACK : v4;
      Nic lo = nics.getFirst();
      return new Path(lo, from, v4, v4, lo.mtu(), generation);
    }
    if (source != null && source.isLoopback()) {
      throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, source + " to " + destination);
    }
    Route route = lookup(source, v4);
    if (route == null) {
      throw new SocketFailure(SocketError.NETWORK_UNREACHABLE, destination.toString());
    }
    Nic nic = route.nic();
    if (!nic.isUp()) {
      throw new SocketFailure(SocketError.NETWORK_DOWN, nic.name());
    }
    IpAddress nextHop = route.gateway() == null ? v4 : route.gateway();
    IpAddress from = source != null ? source : sourceFor(nic, nextHop, v4);
    return new Path(nic, from, v4, nextHop, pathMtu.of(v4, nic.mtu()), generation);
  }

  /// The route to a destination; its interface may be down. Null for none.
  @Nullable Route lookup(IpAddress destination) {
    return table.lookup(destination);
  }

  private @Nullable Route lookup(@Nullable IpAddress source, Ipv4Address destination) {
    if (destination.isLimitedBroadcast() || destination.isMulticast()) {
      Nic nic = source == null ? defaultNic() : ownerOf(source);
      return nic == null ? null : new Route(new Cidr(destination, 32), null, nic, 0);
    }
    return table.lookup(destination);
  }

  /// Where broadcasts leave when nobody says otherwise: where the default route leads, or the first
  /// interface that is up.
  private @Nullable Nic defaultNic() {
    Route route = table.lookup(Ipv4Address.ANY);
    if (route != null && route.nic().isUp()) {
      return route.nic();
    }
    for (Nic nic : nics) {
      if (nic.isUp() && nic.info().link() != LinkType.LOOPBACK) {
        return nic;
      }
    }
    return null;
  }

  private @Nullable Nic ownerOf(IpAddress address) {
    for (Nic nic : nics) {
      if (nic.owns(address)) {
        return nic;
      }
    }
    return null;
  }

  /// Chooses a source address: one in the network of the next hop, or the interface's first, or
  /// that of another interface.
  private IpAddress sourceFor(Nic nic, IpAddress nextHop, Ipv4Address destination)
      throws SocketFailure {
    for (Cidr cidr : nic.addresses()) {
      if (cidr.contains(nextHop)) {
        return cidr.address();
      }
    }
    if (!nic.addresses().isEmpty()) {
      return nic.addresses().getFirst().address();
    }
    if (destination.isLimitedBroadcast()) {
      return Ipv4Address.ANY; // a host that looks for its address (RFC 1122, section 3.2.1.3)
    }
    for (Nic other : nics) {
      if (!other.addresses().isEmpty() && other.info().link() != LinkType.LOOPBACK) {
        return other.addresses().getFirst().address();
      }
    }
    throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, nic.name() + " has no address");
  }
}
