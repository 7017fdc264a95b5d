package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.LinkType;
import microps.core.device.Nic;

/// Forwards datagrams that are for other hosts (RFC 1812, section 5.2): off unless asked for,
/// because a host must not (RFC 1122, section 3.3.1.1). It never forwards what was broadcast, and
/// sends no redirects.
final class Forwarder {
  private final Environment env;
  private final Routing routing;
  private final Ipv4Output output;

  Forwarder(Environment env, Routing routing, Ipv4Output output) {
    this.env = env;
    this.routing = routing;
    this.output = output;
  }

  /// Takes a datagram, its header checked, the window at its header, sent to one host that is not
  /// this one.
  void forward(Nic from, Packet p, long now) {
    Ipv4Address destination = new Ipv4Address(Ipv4Header.destination(p));
    if (isForOneLink(Ipv4Header.source(p)) || isForOneLink(destination.value())) {
      env.drop(from, DropReason.IP_NOT_FOR_US);
      return;
    }
    // All is decided before the header changes: errors quote the datagram as it came.
    if (Ipv4Header.timeToLive(p) <= 1) {
      env.drop(from, DropReason.IP_TTL_EXCEEDED);
      error(from, Icmp4Header.TIME_EXCEEDED, Icmp4Header.IN_TRANSIT, 0, p, now);
      return;
    }
    Route route = routing.lookup(destination);
    if (route == null || !route.nic().isUp() || route.nic().info().link() == LinkType.LOOPBACK) {
      env.drop(from, DropReason.IP_NO_ROUTE);
      unreachable(from, Icmp4Header.NET_UNREACHABLE, 0, p, now);
      return;
    }
    Nic to = route.nic();
    boolean isSuper = p.segmentSize() > 0 && p.length() > to.mtu() && Segmenter.canCut(p);
    int longest = isSuper ? Segmenter.longest(p) : p.length();
    if (longest > to.mtu() && Ipv4Header.dontFragment(p)) {
      env.drop(from, DropReason.IP_NEEDS_FRAGMENTATION);
      unreachable(from, Icmp4Header.FRAGMENTATION_NEEDED, to.mtu(), p, now);
      return;
    }
    env.counters().add(Counter.IP_FORWARDED);
    Packet copy = env.pool().take(p.length());
    copy.copyFrom(p);
    Ipv4Header.decrementTimeToLive(copy);
    IpAddress nextHop = route.gateway() == null ? destination : route.gateway();
    // Super-frames and partial checksums are between a device and its neighbour: not passed on.
    if (isSuper) {
      Segmenter.cut(
          copy, env.pool(), piece -> output.enqueueInPieces(to, nextHop, to.mtu(), piece, now));
      env.pool().give(copy);
    } else {
      copy.completeChecksum();
      copy.segmentSize(0);
      output.enqueueInPieces(to, nextHop, to.mtu(), copy, now);
    }
  }

  /// Link-local (RFC 3927, section 7) or nobody's.
  private static boolean isForOneLink(int address) {
    return address >>> 16 == 0xa9fe || address >>> 24 == 0;
  }

  private void unreachable(Nic nic, int code, int rest, Packet p, long now) {
    error(nic, Icmp4Header.DESTINATION_UNREACHABLE, code, rest, p, now);
  }

  private void error(Nic nic, int type, int code, int rest, Packet p, long now) {
    output.errors().send(nic, type, code, rest, p, p.linkBroadcast(), now);
  }
}
