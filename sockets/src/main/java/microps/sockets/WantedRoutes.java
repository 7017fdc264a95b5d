package microps.sockets;

import java.util.ArrayList;
import java.util.List;
import microps.core.Stack;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// The routes and neighbours of a host as asked for: each lies on a network of one of its devices.
final class WantedRoutes {
  private static final Cidr DEFAULT = new Cidr(Ipv4Address.ANY, 0);

  private record Route(Cidr network, IpAddress gateway) {}

  private record Neighbor(IpAddress address, MacAddress mac) {}

  private final List<WantedDevice> devices;
  private final List<Route> routes = new ArrayList<>();
  private final List<Neighbor> neighbors = new ArrayList<>();

  /// @param devices the host's, which may be added to
  WantedRoutes(List<WantedDevice> devices) {
    this.devices = devices;
  }

  void add(Cidr network, IpAddress gateway) {
    routes.add(new Route(network.network(), gateway));
  }

  void addDefault(IpAddress gateway) {
    add(DEFAULT, gateway);
  }

  void addNeighbor(IpAddress address, MacAddress mac) {
    neighbors.add(new Neighbor(address, mac));
  }

  /// @throws IllegalArgumentException where a gateway or neighbour is on no network of the host
  void check() {
    for (Route route : routes) {
      requireOnLink("gateway", route.gateway);
    }
    for (Neighbor neighbor : neighbors) {
      requireOnLink("neighbour", neighbor.address);
    }
  }

  /// Gives the addresses of the devices, the routes and the neighbours to a stack.
  ///
  /// @param nics the devices', in their order
  void configure(Stack stack, List<Nic> nics, long now) {
    for (int i = 0; i < nics.size(); i++) {
      for (Cidr address : devices.get(i).addresses) {
        stack.addAddress(nics.get(i), address, now);
      }
    }
    for (Route route : routes) {
      Nic nic = nics.get(requireOnLink("gateway", route.gateway));
      stack.addRoute(route.network, route.gateway, nic, 0);
    }
    for (Neighbor neighbor : neighbors) {
      Nic nic = nics.get(requireOnLink("neighbour", neighbor.address));
      stack.setNeighbor(nic, neighbor.address, neighbor.mac);
    }
  }

  /// The number of the device on one of whose networks an address is.
  private int requireOnLink(String what, IpAddress address) {
    for (int i = 0; i < devices.size(); i++) {
      for (Cidr cidr : devices.get(i).addresses) {
        if (cidr.contains(address)) {
          return i;
        }
      }
    }
    throw new IllegalArgumentException(
        "the "
            + what
            + " "
            + address
            + " is on no network of this host; give a device an address in its network");
  }

  /// The address of the kernel's side of a device that is created: as asked for, or the default
  /// router's.
  @Nullable Cidr peerAddress(WantedDevice wanted) {
    if (wanted.peerAddress != null) {
      return wanted.peerAddress;
    }
    for (Cidr own : wanted.addresses) {
      for (Route route : routes) {
        if (own.contains(route.gateway) && route.network.equals(DEFAULT)) {
          return new Cidr(route.gateway, own.prefix());
        }
      }
    }
    return null;
  }
}
