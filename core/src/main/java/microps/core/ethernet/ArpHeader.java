package microps.core.ethernet;

import microps.core.bytes.Packet;

/// An ARP packet for IPv4 over Ethernet (RFC 826), behind the Ethernet header:
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |        Hardware Space         |        Protocol Space         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | Hardw. Length | Prot. Length  |            Opcode             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Sender Hardware Address                    |
/// +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                               |    Sender Protocol Address    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   (Sender Protocol Address)   |    Target Hardware Address    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Target Protocol Address                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The caller has checked that the packet is [#LENGTH] bytes long.
public final class ArpHeader {
  /// Bytes of the packet.
  public static final int LENGTH = 28;

  /// Hardware space of Ethernet.
  public static final int ETHERNET = 1;

  /// Opcode: who has the target protocol address?
  public static final int REQUEST = 1;

  /// Opcode: the sender has.
  public static final int REPLY = 2;

  private ArpHeader() {}

  /// ar$hrd: [#ETHERNET].
  public static int hardwareSpace(Packet p) {
    return p.get16(0);
  }

  /// ar$pro: [EtherType#IPV4].
  public static int protocolSpace(Packet p) {
    return p.get16(2);
  }

  /// ar$hln: 6.
  public static int hardwareLength(Packet p) {
    return p.get8(4);
  }

  /// ar$pln: 4.
  public static int protocolLength(Packet p) {
    return p.get8(5);
  }

  /// ar$op: [#REQUEST] or [#REPLY].
  public static int opcode(Packet p) {
    return p.get16(6);
  }

  /// ar$sha.
  public static long senderHardware(Packet p) {
    return p.get48(8);
  }

  /// ar$spa.
  public static int senderProtocol(Packet p) {
    return p.get32(14);
  }

  /// ar$tha.
  public static long targetHardware(Packet p) {
    return p.get48(18);
  }

  /// ar$tpa.
  public static int targetProtocol(Packet p) {
    return p.get32(24);
  }

  /// Appends a whole packet.
  public static void append(
      Packet p,
      int opcode,
      long senderHardware,
      int senderProtocol,
      long targetHardware,
      int targetProtocol) {
    p.extend(LENGTH);
    p.put16(0, ETHERNET);
    p.put16(2, EtherType.IPV4);
    p.put8(4, 6);
    p.put8(5, 4);
    p.put16(6, opcode);
    p.put48(8, senderHardware);
    p.put32(14, senderProtocol);
    p.put48(18, targetHardware);
    p.put32(24, targetProtocol);
  }
}
