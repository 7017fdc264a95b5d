package microps.core.udp;

import microps.core.bytes.Packet;

/// The header of a UDP datagram (RFC 768), behind the IP header:
///
/// ```text
///  0      7 8     15 16    23 24    31
/// +--------+--------+--------+--------+
/// |     Source      |   Destination   |
/// |      Port       |      Port       |
/// +--------+--------+--------+--------+
/// |                 |                 |
/// |     Length      |    Checksum     |
/// +--------+--------+--------+--------+
/// ```
///
/// The caller has checked that the packet is [#LENGTH] bytes long.
public final class UdpHeader {
  /// Bytes of the header.
  public static final int LENGTH = 8;

  /// Where the checksum stands.
  public static final int CHECKSUM = 6;

  private UdpHeader() {}

  /// The port it was sent from; 0 where no answer is wanted.
  public static int sourcePort(Packet p) {
    return p.get16(0);
  }

  /// The port it is sent to.
  public static int destinationPort(Packet p) {
    return p.get16(2);
  }

  /// Bytes of header and data.
  public static int length(Packet p) {
    return p.get16(4);
  }

  /// The checksum over pseudo-header, header and data; 0 where the sender made none.
  public static int checksum(Packet p) {
    return p.get16(CHECKSUM);
  }

  /// Puts a header in front of the data, its checksum field 0.
  public static void push(Packet p, int sourcePort, int destinationPort) {
    p.push(LENGTH);
    p.put16(0, sourcePort);
    p.put16(2, destinationPort);
    p.put16(4, p.length());
    p.put16(6, 0);
  }

  /// Writes the checksum.
  public static void checksum(Packet p, int checksum) {
    p.put16(CHECKSUM, checksum);
  }
}
