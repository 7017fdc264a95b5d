package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.ethernet.Ethernet;
import org.jspecify.annotations.Nullable;

/// The way down: puts the IPv4 header in front of what a transport sends, fragments it where it
/// must, and hands it to the link.
public final class Ipv4Output implements IpOutput {
  private final Environment env;
  private final Routing routing;
  private final Ethernet ethernet;
  private final IcmpErrors errors;
  private final Identification identification;
  private final Nic loopback;

  /// @param loopback where broadcasts of ours are heard by ourselves
  public Ipv4Output(
      Environment env, IpConfig config, Routing routing, Ethernet ethernet, Nic loopback) {
    this.env = env;
    this.routing = routing;
    this.ethernet = ethernet;
    this.loopback = loopback;
    this.errors = new IcmpErrors(env, config, routing, this);
    this.identification = new Identification(env.random());
  }

  IcmpErrors errors() {
    return errors;
  }

  @Override
  public Path route(@Nullable IpAddress source, IpAddress destination) throws SocketFailure {
    return routing.route(source, destination);
  }

  @Override
  public boolean isCurrent(Path path) {
    return routing.isCurrent(path);
  }

  @Override
  public boolean isLocal(IpAddress address) {
    return routing.isLocal(address);
  }

  @Override
  public boolean isBroadcast(IpAddress address) {
    return routing.isBroadcast(address);
  }

  @Override
  public Outcome encapsulate(
      Path path,
      int protocol,
      int trafficClass,
      int hopLimit,
      boolean dontFragment,
      Packet packet,
      long now) {
    pushHeader(path, protocol, trafficClass, hopLimit, dontFragment, packet);
    env.counters().add(Counter.IP_SENT);
    return toLink(path.nic(), path.nextHop(), packet, now);
  }

  @Override
  public void send(
      Path path,
      int protocol,
      int trafficClass,
      int hopLimit,
      boolean dontFragment,
      Packet packet,
      long now)
      throws SocketFailure {
    int total = Ipv4Header.MIN_LENGTH + packet.length();
    boolean tooLong = total > Ipv4Header.MAX_DATAGRAM || dontFragment && total > path.mtu();
    if (tooLong) {
      env.pool().give(packet);
      throw new SocketFailure(SocketError.MESSAGE_TOO_LONG);
    }
    pushHeader(path, protocol, trafficClass, hopLimit, dontFragment, packet);
    env.counters().add(Counter.IP_SENT);
    if (routing.isBroadcast(toInt(path.destination()))) {
      Packet ours = env.pool().take(packet.length());
      ours.copyFrom(packet);
      ours.linkBroadcast(true);
      enqueue(loopback, path.destination(), ours, now);
    }
    enqueueInPieces(path.nic(), path.nextHop(), path.mtu(), packet, now);
  }

  private void pushHeader(
      Path path,
      int protocol,
      int trafficClass,
      int hopLimit,
      boolean dontFragment,
      Packet packet) {
    int source = toInt(path.source());
    int destination = toInt(path.destination());
    // See PathMtu.FLOOR: where even that may be too long, routers may fragment.
    boolean atomic = dontFragment && path.mtu() > PathMtu.FLOOR;
    // RFC 6864, section 4.1: what is never fragmented needs no identification.
    int id = atomic ? 0 : identification.next(source, destination, protocol);
    int flags = atomic ? Ipv4Header.DONT_FRAGMENT : 0;
    int timeToLive = Math.clamp(hopLimit, 1, 255); // RFC 1122, section 3.2.1.7: never 0
    Ipv4Header.push(packet, trafficClass, id, flags, timeToLive, protocol, source, destination);
  }

  /// Queues a datagram whose header stands, cut where it is longer than `mtu`; it belongs to this
  /// method.
  void enqueueInPieces(Nic nic, IpAddress nextHop, int mtu, Packet datagram, long now) {
    if (datagram.length() <= mtu) {
      enqueue(nic, nextHop, datagram, now);
      return;
    }
    Fragmenter.cut(
        datagram,
        mtu,
        env.pool(),
        fragment -> {
          env.counters().add(Counter.IP_FRAGMENTS_SENT);
          enqueue(nic, nextHop, fragment, now);
        });
    env.pool().give(datagram);
  }

  private void enqueue(Nic nic, IpAddress nextHop, Packet datagram, long now) {
    switch (toLink(nic, nextHop, datagram, now)) {
      case FRAME -> nic.enqueue(datagram);
      case HELD, DROPPED -> env.pool().give(datagram);
    }
  }

  private Outcome toLink(Nic nic, IpAddress nextHop, Packet datagram, long now) {
    if (!nic.isUp()) {
      env.drop(nic, DropReason.NIC_DOWN);
      return Outcome.DROPPED;
    }
    return switch (nic.info().link()) {
      case ETHERNET -> {
        boolean broadcast = routing.isBroadcast(toInt(nextHop));
        yield ethernet.encapsulate(nic, nextHop, broadcast, datagram, now)
            ? Outcome.FRAME
            : Outcome.HELD;
      }
      case LOOPBACK -> {
        // It does not leave this machine; who captures it can still complete a partial checksum.
        if (datagram.checksumState() == Packet.ChecksumState.NONE) {
          datagram.checksumVerified();
        }
        yield Outcome.FRAME;
      }
      case IP, NULL -> Outcome.FRAME;
    };
  }

  @Override
  public void confirmReachable(Path path, long now) {
    if (path.nic().info().link() == LinkType.ETHERNET) {
      ethernet.confirmReachable(path.nic(), path.nextHop(), now);
    }
  }

  @Override
  public void doubtReachable(Path path, long now) {
    if (path.nic().info().link() == LinkType.ETHERNET) {
      ethernet.doubtReachable(path.nic(), path.nextHop(), now);
    }
  }

  @Override
  public void portUnreachable(Datagram datagram, long now) {
    Nic nic = datagram.nic;
    if (nic == null) {
      return;
    }
    answerWithError(
        datagram, nic, Icmp4Header.DESTINATION_UNREACHABLE, Icmp4Header.PORT_UNREACHABLE, now);
  }

  /// Tells the source of a datagram that arrived whole what is wrong with it.
  void answerWithError(Datagram datagram, Nic nic, int type, int code, long now) {
    Packet p = datagram.packet;
    p.unpull(datagram.headerLength);
    errors.send(nic, type, code, 0, p, datagram.broadcast, now);
    p.pull(datagram.headerLength);
  }

  private static int toInt(IpAddress address) {
    return address instanceof Ipv4Address v4 ? v4.value() : 0;
  }
}
