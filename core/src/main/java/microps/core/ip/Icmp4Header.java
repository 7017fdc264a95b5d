package microps.core.ip;

import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;

/// The header of an ICMP message (RFC 792), behind the IP header:
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     Type      |     Code      |          Checksum             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           Identifier          |        Sequence Number        |  echo
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             unused            |         Next-Hop MTU          |  fragmentation needed
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |    Pointer    |                   unused                      |  parameter problem
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The caller has checked that the packet is [#LENGTH] bytes long.
public final class Icmp4Header {
  /// Bytes of the header.
  public static final int LENGTH = 8;

  /// Type: the answer to an echo request.
  public static final int ECHO_REPLY = 0;

  /// Type: could not be delivered; the code says why.
  public static final int DESTINATION_UNREACHABLE = 3;

  /// Type: deprecated by RFC 6633.
  public static final int SOURCE_QUENCH = 4;

  /// Type: a better gateway.
  public static final int REDIRECT = 5;

  /// Type: please answer.
  public static final int ECHO_REQUEST = 8;

  /// Type: code 0, too many hops; code 1, fragments lack.
  public static final int TIME_EXCEEDED = 11;

  /// Type: a header is wrong.
  public static final int PARAMETER_PROBLEM = 12;

  // Codes of DESTINATION_UNREACHABLE.

  /// Code: no route.
  public static final int NET_UNREACHABLE = 0;

  /// Code: the neighbour does not answer.
  public static final int HOST_UNREACHABLE = 1;

  /// Code: nobody takes this protocol.
  public static final int PROTOCOL_UNREACHABLE = 2;

  /// Code: nobody listens on this port.
  public static final int PORT_UNREACHABLE = 3;

  /// Code: too long for the next link, and may not be fragmented.
  public static final int FRAGMENTATION_NEEDED = 4;

  // Codes of TIME_EXCEEDED.

  /// Code: time to live exceeded in transit.
  public static final int IN_TRANSIT = 0;

  /// Code: fragment reassembly time exceeded.
  public static final int REASSEMBLY = 1;

  private Icmp4Header() {}

  /// What kind of message.
  public static int type(Packet p) {
    return p.get8(0);
  }

  /// Which of this kind.
  public static int code(Packet p) {
    return p.get8(1);
  }

  /// The checksum over the whole message.
  public static int checksum(Packet p) {
    return p.get16(2);
  }

  /// Whose echo.
  public static int identifier(Packet p) {
    return p.get16(4);
  }

  /// Which echo.
  public static int sequence(Packet p) {
    return p.get16(6);
  }

  /// With fragmentation needed, what would fit (RFC 1191, section 4).
  public static int nextHopMtu(Packet p) {
    return p.get16(6);
  }

  /// With parameter problem, which octet is at fault.
  public static int pointer(Packet p) {
    return p.get8(4);
  }

  /// Whether a type is an error, which nothing may answer with an error (RFC 1122, section 3.2.2).
  /// An unknown type may be one.
  public static boolean isQuery(int type) {
    return type == ECHO_REPLY || type == ECHO_REQUEST || type >= 13 && type <= 18;
  }

  /// Puts a header in front of the data, and the checksum over all into it.
  ///
  /// @param rest the second word: identifier and sequence, MTU, or pointer
  public static void push(Packet p, int type, int code, int rest) {
    p.push(LENGTH);
    p.put8(0, type);
    p.put8(1, code);
    p.put16(2, 0);
    p.put32(4, rest);
    p.put16(2, Checksum.finish(Checksum.sum(p, 0, p.length())));
  }
}
