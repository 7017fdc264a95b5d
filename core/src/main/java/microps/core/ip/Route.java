package microps.core.ip;

import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// A line of the route table.
///
/// @param network where it leads to; 0.0.0.0/0 is the default route
/// @param gateway the router to hand packets to; null: the network is on the link
/// @param nic the interface to send on
/// @param metric the smaller one wins between routes to the same network
public record Route(Cidr network, @Nullable IpAddress gateway, Nic nic, int metric) {

  @Override
  public String toString() {
    return (network.prefix() == 0 ? "default" : network.toString())
        + (gateway == null ? "" : " via " + gateway)
        + " dev "
        + nic.name()
        + (metric == 0 ? "" : " metric " + metric);
  }
}
