package microps.sim;

import microps.core.Stack;
import microps.core.address.Cidr;
import microps.core.address.Ipv4Address;
import microps.core.ip.IpConfig;

/// A router between networks (RFC 1812): a [SimHost] that forwards. It decrements the time to live
/// and says so where it is over, fragments what may be fragmented and says what its next network
/// takes where not (RFC 1191), says what it cannot reach, and asks by ARP. Its queues are those of
/// the wires that leave it: [Faults#queue].
///
/// ```java
/// SimRouter r = network.router("r");
/// Wire one = r.connect(a.ethernet("192.0.2.1/24"), "192.0.2.254/24");
/// Wire other = r.connect(b.pointToPoint("198.51.100.1/24"), "198.51.100.254/24");
/// other.faults(r.port(1), Faults.NONE.rate(10_000_000).queue(SimQueue.codel(100_000)));
/// ```
public final class SimRouter {
  private final SimHost host;

  SimRouter(Network network, String name) {
    host = network.host(name, c -> c.with(new IpConfig(true, true)));
  }

  /// It, as a host: it answers pings, and its stack has the routes and counters.
  public SimHost host() {
    return host;
  }

  /// Its ports, counted from 0 in the order in which they were made.
  public SimNic port(int number) {
    return host.nics().get(number);
  }

  /// Wires an interface of a host, or of another router, to a new port of the same kind and MTU;
  /// for a host that has no route beyond its own networks yet, it becomes the gateway.
  ///
  /// @param cidr the address of the new port, in the interface's network
  public Wire connect(SimNic nic, String cidr) {
    return connect(nic, cidr, nic.nic().mtu());
  }

  /// Wires an interface to a new port with an MTU of its own.
  public Wire connect(SimNic nic, String cidr, int mtu) {
    SimNic port = nic.linkHeader() > 0 ? host.ethernet(cidr, mtu) : host.pointToPoint(cidr, mtu);
    Wire wire = host.network().wire(port, nic);
    Stack other = nic.host().stack();
    boolean forwards = nic.host().isRouter();
    if (!forwards && other.routes().stream().allMatch(r -> r.network().prefix() > 0)) {
      nic.host().act(() -> other.addGateway(Cidr.parse(cidr).address()));
    }
    return wire;
  }

  /// Plugs a new port into a switch.
  public Wire connect(SimSwitch hub, String cidr) {
    return hub.connect(host.ethernet(cidr));
  }

  /// Sends what is for a network to another router.
  ///
  /// @param cidr the network, as in `203.0.113.0/24`; `0.0.0.0/0`: all others
  /// @param gateway the other router's address, in a network of a port
  public SimRouter route(String cidr, String gateway) {
    host.act(() -> host.stack().addRoute(Cidr.parse(cidr), Ipv4Address.parse(gateway), null, 0));
    return this;
  }

  @Override
  public String toString() {
    return host.name();
  }
}
