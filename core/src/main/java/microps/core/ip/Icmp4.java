package microps.core.ip;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.basis.Trace.Level;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import org.jspecify.annotations.Nullable;

/// ICMP for IPv4 (RFC 792; RFC 1122, section 3.2.2): answers echo requests, and hands errors and
/// echo replies to those whom they concern. Errors of our own are made in [IcmpErrors].
///
/// Source quench is ignored (RFC 6633), and so are redirects: they would let anybody on the link
/// change our routes.
public final class Icmp4 implements Transport {
  private static final int HOP_LIMIT = 64;

  private final Environment env;
  private final IpConfig config;
  private final Routing routing;
  private final IpOutput output;
  private final Transports transports;
  private final Map<Integer, PingSocket> pings = new HashMap<>(); // by identifier
  private final ArrayDeque<PingSocket> refused = new ArrayDeque<>();

  /// ICMP over the IP layer; `transports` are told of errors.
  public Icmp4(
      Environment env, IpConfig config, Routing routing, IpOutput output, Transports transports) {
    this.env = env;
    this.config = config;
    this.routing = routing;
    this.output = output;
    this.transports = transports;
  }

  @Override
  public void receive(Datagram d, long now) {
    env.counters().add(Counter.ICMP_RECEIVED);
    Packet p = d.packet;
    if (p.length() < Icmp4Header.LENGTH) {
      env.drop(d.nic, DropReason.ICMP_TOO_SHORT);
      return;
    }
    if (p.checksumState() == Packet.ChecksumState.NONE
        && !Checksum.isRight(Checksum.sum(p, 0, p.length()))) {
      env.drop(d.nic, DropReason.ICMP_BAD_CHECKSUM);
      return;
    }
    switch (Icmp4Header.type(p)) {
      case Icmp4Header.ECHO_REQUEST -> echoRequest(d, now);
      case Icmp4Header.ECHO_REPLY -> echoReply(d);
      case Icmp4Header.DESTINATION_UNREACHABLE,
          Icmp4Header.TIME_EXCEEDED,
          Icmp4Header.PARAMETER_PROBLEM ->
          errorMessage(d, now);
      case Icmp4Header.SOURCE_QUENCH -> env.drop(d.nic, DropReason.ICMP_SOURCE_QUENCH);
      case Icmp4Header.REDIRECT -> env.drop(d.nic, DropReason.ICMP_REDIRECT);
      // RFC 1122, section 3.2.2: silently discarded. Timestamp and address mask are optional.
      default -> env.drop(d.nic, DropReason.ICMP_UNKNOWN_TYPE);
    }
  }

  // Echo

  private void echoRequest(Datagram d, long now) {
    if (d.broadcast) {
      // RFC 1122, section 3.2.2.6: may be discarded; it would multiply.
      env.drop(d.nic, DropReason.ICMP_BROADCAST_ECHO);
      return;
    }
    if (!config.answerEcho()) {
      env.drop(d.nic, DropReason.ICMP_ECHO_DISABLED);
      return;
    }
    try {
      // RFC 1122, section 3.2.2.6: from the address that was asked.
      Path path = output.route(d.destination(), d.source());
      if (path.nic().hasRoom()) {
        env.counters().add(Counter.ICMP_SENT);
        Packet reply = replyTo(d.packet);
        output.send(path, Protocol.ICMP, d.trafficClass, HOP_LIMIT, false, reply, now);
      } else {
        env.drop(path.nic(), DropReason.OUTPUT_QUEUE_FULL);
      }
    } catch (SocketFailure noWay) {
      env.drop(d.nic, DropReason.IP_NO_ROUTE);
    }
  }

  private Packet replyTo(Packet request) {
    int dataLength = request.length() - Icmp4Header.LENGTH;
    Packet reply = env.pool().take(dataLength);
    reply.append(request.array(), request.offset() + Icmp4Header.LENGTH, dataLength);
    Icmp4Header.push(reply, Icmp4Header.ECHO_REPLY, 0, request.get32(4));
    return reply;
  }

  private void echoReply(Datagram d) {
    PingSocket socket = pings.get(Icmp4Header.identifier(d.packet));
    if (socket == null || d.broadcast) {
      env.drop(d.nic, DropReason.ICMP_NO_SOCKET);
      return;
    }
    Packet p = d.packet;
    int sequence = Icmp4Header.sequence(p);
    p.pull(Icmp4Header.LENGTH);
    socket.answer(
        new PingSocket.Answer(d.source(), sequence, d.hopLimit, p.timestamp(), p.toBytes(), null));
  }

  /// A new echo client; it has no identifier before it sends.
  public PingSocket openPing() {
    return new PingSocket(this);
  }

  Environment environment() {
    return env;
  }

  IpOutput output() {
    return output;
  }

  /// Gives a client an identifier of its own.
  ///
  /// @return -1: all are taken
  int register(PingSocket socket) {
    if (pings.size() > 0xffff) {
      return -1;
    }
    int identifier = env.random().nextInt(0x1_0000);
    while (pings.putIfAbsent(identifier, socket) != null) {
      identifier = identifier + 1 & 0xffff;
    }
    return identifier;
  }

  void unregister(int identifier) {
    pings.remove(identifier);
  }

  /// The client is told when there may be room again.
  void waitForRoom(PingSocket socket) {
    if (!socket.waitsForRoom) {
      socket.waitsForRoom = true;
      refused.add(socket);
    }
  }

  /// An interface took frames from its queue: clients that were refused may try again.
  public void roomAgain() {
    for (PingSocket s = refused.poll(); s != null; s = refused.poll()) {
      s.waitsForRoom = false;
      env.events().changed(s);
    }
  }

  // Errors

  private void errorMessage(Datagram d, long now) {
    env.counters().add(Counter.ICMP_ERRORS_RECEIVED);
    Packet p = d.packet;
    int type = Icmp4Header.type(p);
    int code = Icmp4Header.code(p);
    int rest = Icmp4Header.nextHopMtu(p);
    IcmpError.Kind kind = kind(type, code);
    if (kind == null) {
      env.drop(d.nic, DropReason.ICMP_UNKNOWN_TYPE);
      return;
    }
    p.pull(Icmp4Header.LENGTH);
    if (d.broadcast || !isQuoteOfOurs(p)) {
      env.drop(d.nic, DropReason.ICMP_BAD_QUOTE);
      return;
    }
    int totalLength = Ipv4Header.totalLength(p);
    boolean dontFragment = Ipv4Header.dontFragment(p);
    int mtuSaid = kind == IcmpError.Kind.PACKET_TOO_BIG ? rest : 0;
    IcmpError error = describe(p, kind, code, new Ipv4Address((int) d.sourceLow), mtuSaid);
    Transport transport = transports.get(error.protocol());
    if (transport == null) {
      env.drop(d.nic, DropReason.ICMP_BAD_QUOTE);
      return;
    }
    if (kind == IcmpError.Kind.PACKET_TOO_BIG && transport.isPlausible(error)) {
      int mtu =
          dontFragment ? routing.lowerPathMtu(error.destination(), rest, totalLength, now) : 0;
      if (mtu == 0) {
        env.drop(d.nic, DropReason.ICMP_BAD_QUOTE);
        return;
      }
      error = error.withMtu(mtu);
    }
    tell(error, transport, now);
  }

  private void tell(IcmpError error, Transport transport, long now) {
    if (env.trace().listens(Level.INFO) && transport.isPlausible(error)) {
      String mtu = error.mtu() == 0 ? "" : ", path MTU " + error.mtu();
      String what = error.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
      env.note(
          Level.INFO,
          "icmp",
          what + " to " + error.destination() + ", says " + error.reporter() + mtu);
    }
    transport.error(error, now);
  }

  /// Nobody answers at the next hop of a datagram of ours.
  ///
  /// @param p the window at its IP header
  void unreachableNeighbor(Packet p, long now) {
    if (!isQuoteOfOurs(p)) {
      return; // not the first fragment
    }
    Ipv4Address ourselves = new Ipv4Address(Ipv4Header.source(p));
    int code = Icmp4Header.HOST_UNREACHABLE;
    IcmpError error = describe(p, IcmpError.Kind.HOST_UNREACHABLE, code, ourselves, 0);
    Transport transport = transports.get(error.protocol());
    if (transport != null) {
      tell(error, transport, now);
    }
  }

  /// Whether this is the beginning of a datagram that this host may have sent, with at least eight
  /// bytes of the transport's.
  private boolean isQuoteOfOurs(Packet p) {
    return p.length() >= Ipv4Header.MIN_LENGTH + 8
        && Ipv4Header.version(p) == 4
        && Ipv4Header.headerLength(p) >= Ipv4Header.MIN_LENGTH
        && Ipv4Header.totalLength(p) >= Ipv4Header.headerLength(p) + 8
        && p.length() >= Ipv4Header.headerLength(p) + 8
        && Ipv4Header.fragmentOffset(p) == 0
        && routing.isLocal(Ipv4Header.source(p));
  }

  private static IcmpError describe(
      Packet quote, IcmpError.Kind kind, int code, Ipv4Address reporter, int mtu) {
    Ipv4Address source = new Ipv4Address(Ipv4Header.source(quote));
    Ipv4Address destination = new Ipv4Address(Ipv4Header.destination(quote));
    int protocol = Ipv4Header.protocol(quote);
    quote.pull(Ipv4Header.headerLength(quote));
    return new IcmpError(kind, code, reporter, source, destination, protocol, mtu, quote);
  }

  private static IcmpError.@Nullable Kind kind(int type, int code) {
    return switch (type) {
      case Icmp4Header.DESTINATION_UNREACHABLE ->
          switch (code) {
            case 0, 6, 9, 11 -> IcmpError.Kind.NETWORK_UNREACHABLE;
            case 1, 5, 7, 8, 10, 12, 13, 14, 15 -> IcmpError.Kind.HOST_UNREACHABLE;
            case 2 -> IcmpError.Kind.PROTOCOL_UNREACHABLE;
            case 3 -> IcmpError.Kind.PORT_UNREACHABLE;
            case 4 -> IcmpError.Kind.PACKET_TOO_BIG;
            default -> null;
          };
      case Icmp4Header.TIME_EXCEEDED -> code <= 1 ? IcmpError.Kind.TIME_EXCEEDED : null;
      case Icmp4Header.PARAMETER_PROBLEM -> IcmpError.Kind.PARAMETER_PROBLEM;
      default -> null;
    };
  }

  @Override
  public boolean isPlausible(IcmpError error) {
    return socketOf(error) != null;
  }

  @Override
  public void error(IcmpError error, long now) {
    PingSocket socket = socketOf(error);
    if (socket == null) {
      env.drop(null, DropReason.ICMP_NO_SOCKET);
      return;
    }
    int sequence = Icmp4Header.sequence(error.quote());
    socket.answer(
        new PingSocket.Answer(error.reporter(), sequence, 0, now, new byte[0], error.kind()));
  }

  private @Nullable PingSocket socketOf(IcmpError error) {
    Packet quote = error.quote();
    return Icmp4Header.type(quote) == Icmp4Header.ECHO_REQUEST
        ? pings.get(Icmp4Header.identifier(quote))
        : null;
  }
}
