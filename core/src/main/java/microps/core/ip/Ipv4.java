package microps.core.ip;

import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.ethernet.LinkUser;
import org.jspecify.annotations.Nullable;

/// The way up: checks what a link delivers (RFC 791; RFC 1122, section 3.2.1), puts fragments
/// together, and hands the datagram to the transport, or to the [Forwarder] where it is for another
/// host.
public final class Ipv4 implements LinkUser {
  /// 224.0.0.1, all hosts on this link: the only group that we are in.
  private static final int ALL_HOSTS = 0xe000_0001;

  private final Environment env;
  private final Routing routing;
  private final Ipv4Output output;
  private final Transports transports;
  private final Icmp4 icmp;
  private final Reassembler reassembler;
  private final @Nullable Forwarder forwarder;
  private final Datagram datagram = new Datagram();

  /// The receiving side of IP.
  public Ipv4(
      Environment env,
      IpConfig config,
      Routing routing,
      Ipv4Output output,
      Icmp4 icmp,
      Transports transports) {
    this.env = env;
    this.routing = routing;
    this.output = output;
    this.icmp = icmp;
    this.transports = transports;
    this.reassembler = new Reassembler(env, config.reassemblyBytes(), this::reassemblyTimedOut);
    this.forwarder = config.forwarding() ? new Forwarder(env, routing, output) : null;
  }

  @Override
  public void receive(Nic nic, Packet p, long now) {
    env.counters().add(Counter.IP_RECEIVED);
    DropReason malformed = checkForm(p);
    if (malformed != null) {
      env.drop(nic, malformed);
      return;
    }
    int source = Ipv4Header.source(p);
    int destination = Ipv4Header.destination(p);
    boolean loopback = nic.info().link() == LinkType.LOOPBACK;
    if (!isPossibleSource(source, destination, loopback)) {
      env.drop(nic, DropReason.IP_BAD_SOURCE);
      return;
    }
    boolean toGroup = destination >>> 28 == 0xe || routing.isBroadcast(destination);
    if (destination >>> 24 == 0
        || destination >>> 24 == 127 && !loopback
        || destination >>> 28 == 0xf && !toGroup
        // RFC 1122, section 3.3.6: a link broadcast holds an IP broadcast or multicast.
        || p.linkBroadcast() && !toGroup) {
      env.drop(nic, DropReason.IP_BAD_DESTINATION);
      return;
    }
    if (!checkOptions(nic, p, toGroup, now)) {
      return;
    }
    boolean forUs =
        toGroup
            ? destination == ALL_HOSTS || destination >>> 28 != 0xe || loopback
            : routing.isLocal(destination);
    if (!forUs) {
      if (forwarder != null && !toGroup) {
        forwarder.forward(nic, p, now);
      } else {
        env.drop(nic, DropReason.IP_NOT_FOR_US);
      }
      return;
    }
    if (!Ipv4Header.isFragment(p)) {
      deliver(nic, p, toGroup, now);
      return;
    }
    env.counters().add(Counter.IP_FRAGMENTS_RECEIVED);
    Packet whole = reassembler.add(nic, p, now);
    if (whole != null) {
      deliver(nic, whole, toGroup, now);
      env.pool().give(whole);
    }
  }

  /// Well-formedness, checked once and trusted from here on; cuts padding off.
  private static @Nullable DropReason checkForm(Packet p) {
    if (p.length() < Ipv4Header.MIN_LENGTH) {
      return DropReason.IP_TOO_SHORT;
    }
    if (Ipv4Header.version(p) != 4) {
      return DropReason.IP_BAD_VERSION;
    }
    int headerLength = Ipv4Header.headerLength(p);
    if (headerLength < Ipv4Header.MIN_LENGTH || headerLength > p.length()) {
      return DropReason.IP_BAD_HEADER_LENGTH;
    }
    int totalLength = Ipv4Header.totalLength(p);
    if (totalLength < headerLength || totalLength > p.length()) {
      return DropReason.IP_BAD_TOTAL_LENGTH;
    }
    if (!Checksum.isRight(Checksum.sum(p, 0, headerLength))) {
      return DropReason.IP_BAD_CHECKSUM;
    }
    p.truncate(totalLength);
    return null;
  }

  /// RFC 1122, section 3.2.1.3: the source is one host, not this one, not the loopback network. All
  /// zeros is a host that looks for its address: it can only speak to everybody.
  private boolean isPossibleSource(int source, int destination, boolean loopback) {
    if (source >>> 28 >= 0xe || source >>> 24 == 0 && (source != 0 || destination != -1)) {
      return false;
    }
    return loopback || !routing.isLocal(source) && !routing.isBroadcast(source);
  }

  private boolean checkOptions(Nic nic, Packet p, boolean toGroup, long now) {
    int headerLength = Ipv4Header.headerLength(p);
    if (headerLength == Ipv4Header.MIN_LENGTH) {
      return true;
    }
    int fault = Ipv4Options.check(p, headerLength);
    if (fault == Ipv4Options.SOURCE_ROUTE) {
      env.drop(nic, DropReason.IP_SOURCE_ROUTED);
      return false;
    }
    if (fault != Ipv4Options.FINE) {
      env.drop(nic, DropReason.IP_BAD_OPTION);
      boolean broadcast = toGroup || p.linkBroadcast();
      output.errors().send(nic, Icmp4Header.PARAMETER_PROBLEM, 0, fault << 24, p, broadcast, now);
      return false;
    }
    return true;
  }

  private void deliver(Nic nic, Packet p, boolean toGroup, long now) {
    Datagram d = datagram;
    d.nic = nic;
    d.packet = p;
    d.headerLength = Ipv4Header.headerLength(p);
    d.sourceHigh = 0;
    d.sourceLow = Ipv4Address.mapped(Ipv4Header.source(p));
    d.destinationHigh = 0;
    d.destinationLow = Ipv4Address.mapped(Ipv4Header.destination(p));
    d.protocol = Ipv4Header.protocol(p);
    d.trafficClass = Ipv4Header.trafficClass(p);
    d.hopLimit = Ipv4Header.timeToLive(p);
    d.broadcast = toGroup || p.linkBroadcast();
    p.pull(d.headerLength);
    Transport transport = transports.get(d.protocol);
    if (transport == null) {
      env.drop(nic, DropReason.IP_UNKNOWN_PROTOCOL);
      output.answerWithError(
          d, nic, Icmp4Header.DESTINATION_UNREACHABLE, Icmp4Header.PROTOCOL_UNREACHABLE, now);
      return;
    }
    env.counters().add(Counter.IP_DELIVERED);
    transport.receive(d, now);
  }

  private void reassemblyTimedOut(Nic nic, Packet first, boolean broadcast, long now) {
    output
        .errors()
        .send(nic, Icmp4Header.TIME_EXCEEDED, Icmp4Header.REASSEMBLY, 0, first, broadcast, now);
  }

  /// The neighbour does not answer: tells our own transport, or the host that we forward for.
  @Override
  public void unreachable(Nic nic, Packet p, long now) {
    if (routing.isLocal(Ipv4Header.source(p))) {
      icmp.unreachableNeighbor(p, now);
    } else {
      int type = Icmp4Header.DESTINATION_UNREACHABLE;
      output.errors().send(nic, type, Icmp4Header.HOST_UNREACHABLE, 0, p, false, now);
    }
  }

  /// Datagrams that wait for fragments.
  public int reassemblies() {
    return reassembler.size();
  }

  /// Bytes that fragments take.
  public int reassemblyMemory() {
    return reassembler.memory();
  }
}
