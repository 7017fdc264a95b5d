package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import org.jspecify.annotations.Nullable;

/// What IP offers to the layers above it for sending.
public interface IpOutput {

  /// What became of a packet.
  enum Outcome {
    /// The packet is now a whole frame, to be sent on the path's interface at once.
    FRAME,
    /// Its bytes were taken to wait for the neighbour's address; the packet object is empty and
    /// free.
    HELD,
    /// It was dropped, and counted.
    DROPPED
  }

  /// Finds the way to a destination.
  ///
  /// @param source the source address that the caller is bound to; null or unspecified: IP chooses
  ///   one
  /// @throws SocketFailure `NETWORK_UNREACHABLE` without a route, `ADDRESS_NOT_AVAILABLE` where the
  ///   source is not ours, `NETWORK_DOWN` where the interface is down
  Path route(@Nullable IpAddress source, IpAddress destination) throws SocketFailure;

  /// Whether a path found earlier is still what [#route] would find.
  boolean isCurrent(Path path);

  /// Whether an address is one of this host's own.
  boolean isLocal(IpAddress address);

  /// Whether an address is a broadcast address of one of our networks, the limited broadcast, or
  /// multicast.
  boolean isBroadcast(IpAddress address);

  /// Puts the IP and link headers in front of a transport's packet, which fits the path MTU: the
  /// way of TCP, which is asked for a frame.
  ///
  /// @param dontFragment whether routers may not fragment it
  Outcome encapsulate(
      Path path,
      int protocol,
      int trafficClass,
      int hopLimit,
      boolean dontFragment,
      Packet packet,
      long now);

  /// Sends a transport's packet of any length up to 65,515 bytes, fragmented where needed and
  /// allowed: the way of UDP and ICMP. The packet belongs to IP from here on; the frames wait in
  /// the interface's queue.
  ///
  /// @throws SocketFailure `MESSAGE_TOO_LONG` where it is too long for IP, or for the path and may
  ///   not be fragmented
  void send(
      Path path,
      int protocol,
      int trafficClass,
      int hopLimit,
      boolean dontFragment,
      Packet packet,
      long now)
      throws SocketFailure;

  /// The neighbour on this path is alive: what was sent to it was acknowledged (RFC 4861, section
  /// 7.3.1). Spares a probe.
  void confirmReachable(Path path, long now);

  /// What was sent on this path is not acknowledged: the neighbour may be dead (RFC 1122, section
  /// 3.3.1.4). It is asked.
  void doubtReachable(Path path, long now);

  /// Answers a datagram with "port unreachable", where RFC 1122 allows it and the rate limit too.
  void portUnreachable(Datagram datagram, long now);
}
