package microps.core.ethernet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// Ethernet II: takes the link header off what arrives for us, and puts one in front of what
/// leaves, for which it finds the neighbour's MAC address.
public final class Ethernet {
  /// `01:00:5e:00:00:00`: where IPv4 multicast addresses begin (RFC 1112, section 6.4).
  private static final long IPV4_MULTICAST = 0x0100_5e00_0000L;

  /// The group of all hosts, 224.0.0.1, the only one that we are in.
  private static final long ALL_HOSTS = IPV4_MULTICAST | 1;

  private final Environment env;
  private final int maxNeighbors;
  private final Arp arp;
  private final Map<Nic, NeighborTable> tables = new LinkedHashMap<>();
  private @Nullable LinkUser ipv4;

  /// @param maxNeighbors how many entries each interface's neighbour table has at most
  public Ethernet(Environment env, int maxNeighbors) {
    this.env = env;
    this.maxNeighbors = maxNeighbors;
    this.arp = new Arp(env);
  }

  /// Says who takes IPv4 packets; called once.
  public void connect(LinkUser user) {
    ipv4 = user;
  }

  /// A frame has arrived; its window is the whole frame.
  public void receive(Nic nic, Packet frame, long now) {
    if (frame.length() < EthernetHeader.LENGTH) {
      env.drop(nic, DropReason.ETHERNET_TOO_SHORT);
      return;
    }
    long destination = EthernetHeader.destination(frame);
    if (MacAddress.isMulticast(EthernetHeader.source(frame))) {
      env.drop(nic, DropReason.ETHERNET_BAD_SOURCE);
      return;
    }
    boolean group = MacAddress.isMulticast(destination);
    boolean forUs =
        group
            ? destination == MacAddress.BROADCAST.value() || destination == ALL_HOSTS
            : destination == nic.mac().value();
    if (!forUs) {
      env.drop(nic, DropReason.ETHERNET_NOT_FOR_US);
      return;
    }
    frame.linkBroadcast(group);
    int type = EthernetHeader.type(frame);
    frame.pull(EthernetHeader.LENGTH);
    LinkUser user = ipv4;
    if (type == EtherType.IPV4 && user != null) {
      user.receive(nic, frame, now);
    } else if (type == EtherType.ARP) {
      arp.receive(nic, table(nic), frame, now);
    } else {
      env.drop(nic, DropReason.ETHERNET_UNKNOWN_TYPE);
    }
  }

  /// Puts the link header in front of an IPv4 packet.
  ///
  /// @param broadcast whether the next hop is a broadcast address
  /// @return whether it is a frame now; false: its bytes were taken to wait for the neighbour's
  ///   address, or dropped and counted
  public boolean encapsulate(
      Nic nic, IpAddress nextHop, boolean broadcast, Packet packet, long now) {
    long destination;
    if (broadcast) {
      destination = MacAddress.BROADCAST.value();
    } else if (nextHop.isMulticast()) {
      destination = IPV4_MULTICAST | nextHop.low() & 0x7f_ffff;
    } else {
      MacAddress mac = table(nic).resolve(nextHop, packet, now);
      if (mac == null) {
        return false;
      }
      destination = mac.value();
    }
    EthernetHeader.push(packet, destination, nic.mac().value(), EtherType.IPV4);
    return true;
  }

  /// Tells the neighbours an address of ours, new or on an interface that came up.
  public void announce(Nic nic, Cidr address) {
    if (nic.isUp() && address.address() instanceof Ipv4Address ip) {
      arp.announce(nic, ip);
    }
  }

  /// The neighbour gave a sign of life (RFC 4861, section 7.3.1).
  public void confirmReachable(Nic nic, IpAddress nextHop, long now) {
    table(nic).confirm(nextHop, now);
  }

  /// The neighbour gave no sign of life for some time (RFC 1122, section 2.3.2.1 (4)).
  public void doubtReachable(Nic nic, IpAddress nextHop, long now) {
    table(nic).doubt(nextHop, now);
  }

  /// Sets a neighbour by hand.
  ///
  /// @return false: no room, the table is full of such entries
  public boolean setNeighbor(Nic nic, IpAddress address, MacAddress mac) {
    return table(nic).setPermanent(address, mac);
  }

  /// Forgets one neighbour.
  public void removeNeighbor(Nic nic, IpAddress address) {
    table(nic).remove(address);
  }

  /// The interface went down: forgets its neighbours, but those set by hand.
  public void down(Nic nic) {
    table(nic).clear(true);
  }

  /// The interface is gone.
  public void detach(Nic nic) {
    table(nic).clear(false);
    tables.remove(nic);
  }

  /// All neighbours of all interfaces, as they are now.
  public List<Neighbor> neighbors() {
    List<Neighbor> list = new ArrayList<>();
    for (NeighborTable table : tables.values()) {
      list.addAll(table.snapshot());
    }
    return list;
  }

  private NeighborTable table(Nic nic) {
    NeighborTable table = tables.get(nic);
    if (table == null) {
      LinkUser user = Objects.requireNonNull(ipv4);
      table = new NeighborTable(nic, env, EtherType.IPV4, maxNeighbors, arp, user);
      tables.put(nic, table);
    }
    return table;
  }
}
