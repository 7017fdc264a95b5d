package microps.core;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace.Level;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.ethernet.Ethernet;
import microps.core.ip.Route;
import microps.core.ip.Routing;
import org.jspecify.annotations.Nullable;

/// The interfaces of a [Stack], their addresses and routes: what a user sets up, checked, passed on
/// to those who need it, and told. The methods are described where the user finds them.
final class Interfaces {
  private final Environment env;
  private final List<Nic> nics;
  private final Routing routing;
  private final Ethernet ethernet;
  private int nextIndex;

  /// @param nics is changed here alone; the first is the loopback
  Interfaces(Environment env, List<Nic> nics, Routing routing, Ethernet ethernet) {
    this.env = env;
    this.nics = nics;
    this.routing = routing;
    this.ethernet = ethernet;
  }

  List<Nic> all() {
    return Collections.unmodifiableList(nics);
  }

  Nic attach(DeviceInfo info) {
    Nic nic = new Nic(nextIndex++, info, env);
    nics.add(nic);
    routing.changed();
    if (tells()) {
      env.note(Level.INFO, "net", "attached dev=" + nic + " " + describe(info));
    }
    return nic;
  }

  private static String describe(DeviceInfo info) {
    String mac = info.mac() == null ? "" : " mac=" + info.mac();
    return info.link().name().toLowerCase(Locale.ROOT) + " mtu=" + info.mtu() + mac;
  }

  /// The interface is switched off already.
  void detach(Nic nic) {
    for (Cidr address : List.copyOf(nic.addresses())) {
      removeAddress(nic, address);
    }
    nics.remove(nic);
    ethernet.detach(nic);
    routing.detach(nic);
    if (tells()) {
      env.note(Level.INFO, "net", "detached dev=" + nic);
    }
  }

  /// The interface was switched on or off: tells of it, and those on its link.
  void switched(Nic nic, boolean up) {
    if (tells()) {
      env.note(Level.INFO, "net", (up ? "up" : "down") + " dev=" + nic);
    }
    if (nic.info().link() == LinkType.ETHERNET) {
      if (up) {
        nic.addresses().forEach(address -> ethernet.announce(nic, address));
      } else {
        ethernet.down(nic);
      }
    }
  }

  void addAddress(Nic nic, Cidr address) {
    check(address);
    routing.add(nic, address);
    if (tells()) {
      env.note(Level.INFO, "ip", "address added " + address + " dev=" + nic);
    }
    if (nic.info().link() == LinkType.ETHERNET) {
      ethernet.announce(nic, address);
    }
  }

  private void check(Cidr cidr) {
    IpAddress ip = cidr.address();
    if (!(ip instanceof Ipv4Address v4)) {
      throw new IllegalArgumentException(ip + " is not an IPv4 address; IPv6 is not there yet");
    }
    for (Nic nic : nics) {
      if (nic.owns(ip)) {
        throw new IllegalArgumentException(ip + " is already an address of " + nic);
      }
    }
    boolean isHost =
        v4.value() >>> 24 != 0
            && v4.value() >>> 28 < 0xe
            && !ip.equals(cidr.broadcast())
            && (cidr.prefix() >= 31 || !cidr.network().address().equals(ip));
    if (!isHost) {
      throw new IllegalArgumentException(
          cidr + " cannot be the address of a host; write one as in 192.0.2.2/24");
    }
  }

  void removeAddress(Nic nic, Cidr address) {
    if (routing.remove(nic, address) && tells()) {
      env.note(Level.INFO, "ip", "address removed " + address + " dev=" + nic);
    }
  }

  void addRoute(Cidr network, @Nullable IpAddress gateway, @Nullable Nic nic, int metric) {
    Nic way = nic != null ? nic : gateway != null ? routing.onLink(gateway) : null;
    if (way == null) {
      throw new IllegalArgumentException(
          gateway == null
              ? "a route needs a gateway or an interface"
              : "the gateway " + gateway + " is in no network of this host; add an address first");
    }
    Route route = new Route(network.network(), gateway, way, metric);
    if (routing.add(route) && tells()) {
      env.note(Level.INFO, "ip", "route added " + route);
    }
  }

  boolean removeRoute(Route route) {
    boolean removed = routing.remove(route);
    if (removed && tells()) {
      env.note(Level.INFO, "ip", "route removed " + route);
    }
    return removed;
  }

  /// Whether notes are wanted. They are written where the thing happens, so that the log shows the
  /// line.
  private boolean tells() {
    return env.trace().listens(Level.INFO);
  }
}
