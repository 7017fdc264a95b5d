package microps.core.ethernet;

import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.Trace.Level;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// The Address Resolution Protocol (RFC 826): asks who has an IPv4 address, answers for our own,
/// and fills the neighbour table.
final class Arp implements NeighborTable.Solicitor {
  private final Environment env;

  Arp(Environment env) {
    this.env = env;
  }

  /// An ARP packet has arrived ("Packet Reception" of RFC 826).
  void receive(Nic nic, NeighborTable table, Packet p, long now) {
    env.counters().add(Counter.ARP_RECEIVED);
    if (p.length() < ArpHeader.LENGTH) {
      env.drop(nic, DropReason.ARP_TOO_SHORT);
      return;
    }
    int opcode = ArpHeader.opcode(p);
    if (ArpHeader.hardwareSpace(p) != ArpHeader.ETHERNET
        || ArpHeader.protocolSpace(p) != EtherType.IPV4
        || ArpHeader.hardwareLength(p) != 6
        || ArpHeader.protocolLength(p) != 4
        || opcode != ArpHeader.REQUEST && opcode != ArpHeader.REPLY) {
      env.drop(nic, DropReason.ARP_BAD_FORMAT);
      return;
    }
    long senderMac = ArpHeader.senderHardware(p);
    Ipv4Address sender = new Ipv4Address(ArpHeader.senderProtocol(p));
    Ipv4Address target = new Ipv4Address(ArpHeader.targetProtocol(p));
    if (!isPossible(nic, senderMac, sender)) {
      env.drop(nic, DropReason.ARP_BAD_SENDER);
      return;
    }
    boolean forUs = nic.owns(target);
    if (!sender.isUnspecified()) { // RFC 5227: a probe, whose sender has no address yet
      boolean solicited = opcode == ArpHeader.REPLY && forUs;
      // RFC 826: merge always, insert where we are the target.
      boolean create = forUs && opcode == ArpHeader.REQUEST && isOnLink(nic, sender);
      table.learn(sender, new MacAddress(senderMac), create, solicited, now);
    }
    if (forUs && opcode == ArpHeader.REQUEST) {
      env.counters().add(Counter.ARP_REPLIES_SENT);
      send(
          nic,
          senderMac,
          ArpHeader.REPLY,
          nic.mac().value(),
          target.value(),
          senderMac,
          sender.value());
    }
  }

  /// Whether the sender's addresses can be those of a neighbour.
  private boolean isPossible(Nic nic, long mac, Ipv4Address ip) {
    if (MacAddress.isMulticast(mac) || mac == 0 || ip.isMulticast() || ip.isLoopback()) {
      return false;
    }
    for (Cidr cidr : nic.addresses()) {
      if (ip.equals(cidr.broadcast())) {
        return false;
      }
    }
    if (nic.owns(ip)) {
      if (mac != nic.mac().value() && env.trace().listens(Level.WARNING)) {
        env.note(
            Level.WARNING,
            "arp",
            "conflict: " + ip + " is also used by " + new MacAddress(mac) + " dev=" + nic.name());
      }
      return false;
    }
    return !ip.isLimitedBroadcast();
  }

  private static boolean isOnLink(Nic nic, Ipv4Address ip) {
    for (Cidr cidr : nic.addresses()) {
      if (cidr.contains(ip)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void solicit(Nic nic, IpAddress target, @Nullable MacAddress known, long now) {
    if (target instanceof Ipv4Address t) {
      env.counters().add(Counter.ARP_REQUESTS_SENT);
      long to = (known == null ? MacAddress.BROADCAST : known).value();
      int from = sourceFor(nic, t);
      send(nic, to, ArpHeader.REQUEST, nic.mac().value(), from, 0, t.value());
    }
  }

  /// Our address in the network that the target is in, or the first.
  private static int sourceFor(Nic nic, Ipv4Address target) {
    int first = 0;
    for (Cidr cidr : nic.addresses()) {
      if (cidr.address() instanceof Ipv4Address ours) {
        if (cidr.contains(target)) {
          return ours.value();
        }
        first = first == 0 ? ours.value() : first;
      }
    }
    return first;
  }

  /// Tells everybody an address of ours (RFC 5227, section 2.3: an ARP Announcement).
  void announce(Nic nic, Ipv4Address address) {
    env.counters().add(Counter.ARP_REQUESTS_SENT);
    int ip = address.value();
    long everybody = MacAddress.BROADCAST.value();
    send(nic, everybody, ArpHeader.REQUEST, nic.mac().value(), ip, 0, ip);
  }

  private void send(
      Nic nic, long to, int opcode, long senderMac, int sender, long targetMac, int target) {
    Packet p = env.pool().take(EthernetHeader.MIN_FRAME);
    ArpHeader.append(p, opcode, senderMac, sender, targetMac, target);
    EthernetHeader.push(p, to, nic.mac().value(), EtherType.ARP);
    nic.enqueue(p);
  }
}
