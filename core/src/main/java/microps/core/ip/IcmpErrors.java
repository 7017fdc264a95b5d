package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import microps.core.basis.Trace.Level;
import microps.core.bytes.Packet;
import microps.core.device.Environment;
import microps.core.device.LinkType;
import microps.core.device.Nic;

/// Sends ICMP errors, where RFC 1122, section 3.2.2, allows them and the rate limit too.
final class IcmpErrors {
  // RFC 1812, section 4.3.2.3: as much of the original as fits into 576 bytes.
  private static final int MAX_QUOTE = 576 - Ipv4Header.MIN_LENGTH - Icmp4Header.LENGTH;
  private static final int HOP_LIMIT = 64;

  private final Environment env;
  private final Routing routing;
  private final IpOutput output;
  private final TokenBucket bucket;

  IcmpErrors(Environment env, IpConfig config, Routing routing, IpOutput output) {
    this.env = env;
    this.routing = routing;
    this.output = output;
    this.bucket = new TokenBucket(config.icmpErrorsPerSecond(), config.icmpErrorBurst());
  }

  /// Tells the source of a datagram what is wrong with it.
  ///
  /// @param rest the second word of the ICMP header
  /// @param about the datagram, its header checked, the window at its header; quoted unchanged
  /// @param broadcast whether it was sent to a broadcast or multicast address of IP or of the link
  void send(Nic nic, int type, int code, int rest, Packet about, boolean broadcast, long now) {
    if (broadcast || !mayAnswer(nic, about)) {
      return;
    }
    if (!bucket.take(now)) {
      env.drop(nic, DropReason.ICMP_RATE_LIMITED);
      return;
    }
    Ipv4Address to = new Ipv4Address(Ipv4Header.source(about));
    // RFC 1122, section 3.2.1.3: an answer comes from where the datagram was sent to.
    Ipv4Address asked = new Ipv4Address(Ipv4Header.destination(about));
    IpAddress from = routing.isLocal(asked.value()) ? asked : null;
    Path path;
    try {
      path = output.route(from, to);
    } catch (SocketFailure noRoute) {
      env.drop(nic, DropReason.IP_NO_ROUTE);
      return;
    }
    about.completeChecksum(); // what is quoted is what would have been on a wire
    Packet message = env.pool().take(MAX_QUOTE);
    message.append(about.array(), about.offset(), Math.min(about.length(), MAX_QUOTE));
    Icmp4Header.push(message, type, code, rest);
    env.counters().add(Counter.ICMP_SENT);
    env.counters().add(Counter.ICMP_ERRORS_SENT);
    if (env.trace().listens(Level.DEBUG)) {
      env.note(Level.DEBUG, "icmp", "error to " + to + ": type " + type + " code " + code);
    }
    try {
      output.send(path, Protocol.ICMP, 0, HOP_LIMIT, false, message, now);
    } catch (SocketFailure e) {
      throw new AssertionError("576 bytes that may be fragmented fit every path", e);
    }
  }

  private boolean mayAnswer(Nic nic, Packet about) {
    int source = Ipv4Header.source(about);
    int destination = Ipv4Header.destination(about);
    boolean sourceIsHost =
        source >>> 28 < 0xe // not multicast, not reserved
            && source >>> 24 != 0
            && !routing.isBroadcast(source)
            && (source >>> 24 != 127 || nic.info().link() == LinkType.LOOPBACK);
    if (!sourceIsHost
        || destination >>> 28 == 0xe
        || routing.isBroadcast(destination)
        || Ipv4Header.fragmentOffset(about) != 0) {
      return false;
    }
    if (Ipv4Header.protocol(about) != Protocol.ICMP) {
      return true;
    }
    int headerLength = Ipv4Header.headerLength(about);
    return about.length() > headerLength && Icmp4Header.isQuery(about.get8(headerLength));
  }
}
