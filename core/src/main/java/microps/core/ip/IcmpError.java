package microps.core.ip;

import microps.core.address.IpAddress;
import microps.core.basis.SocketError;
import microps.core.bytes.Packet;

/// An ICMP error about a datagram of ours, demultiplexed by what it quotes (RFC 1122, section
/// 3.2.2); also made by this host itself, where a neighbour does not answer.
///
/// @param kind what happened, in terms of both families
/// @param code the code as received
/// @param reporter who says so
/// @param source the quoted datagram's source: an address of ours
/// @param destination the quoted datagram's destination
/// @param protocol the quoted protocol
/// @param mtu for [Kind#PACKET_TOO_BIG], the path MTU that is now assumed; otherwise 0
/// @param quote the window begins at the quoted transport header; at least 8 bytes; valid during
///   the call only
public record IcmpError(
    Kind kind,
    int code,
    IpAddress reporter,
    IpAddress source,
    IpAddress destination,
    int protocol,
    int mtu,
    Packet quote) {

  /// The same with another MTU.
  IcmpError withMtu(int other) {
    return new IcmpError(kind, code, reporter, source, destination, protocol, other, quote);
  }

  /// What happened.
  public enum Kind {
    /// Destination unreachable 0, 6, 9, 11.
    NETWORK_UNREACHABLE(SocketError.NETWORK_UNREACHABLE),
    /// Destination unreachable 1, 5, 7, 8, 10, 12, 13, 14, 15.
    HOST_UNREACHABLE(SocketError.HOST_UNREACHABLE),
    /// Destination unreachable 2.
    PROTOCOL_UNREACHABLE(SocketError.PROTOCOL_UNREACHABLE),
    /// Destination unreachable 3.
    PORT_UNREACHABLE(SocketError.CONNECTION_REFUSED),
    /// Destination unreachable 4.
    PACKET_TOO_BIG(SocketError.MESSAGE_TOO_LONG),
    /// Time exceeded 0 or 1.
    TIME_EXCEEDED(SocketError.HOST_UNREACHABLE),
    /// Parameter problem.
    PARAMETER_PROBLEM(SocketError.PROTOCOL_UNREACHABLE);

    private final SocketError error;

    Kind(SocketError error) {
      this.error = error;
    }

    /// What a socket reports.
    public SocketError error() {
      return error;
    }
  }
}
