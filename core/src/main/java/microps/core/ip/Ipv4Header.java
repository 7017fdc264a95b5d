package microps.core.ip;

import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;

/// The header of an IPv4 datagram (RFC 791, section 3.1), at the head of a packet:
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |Version|  IHL  |Type of Service|          Total Length         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         Identification        |Flags|      Fragment Offset    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Time to Live |    Protocol   |         Header Checksum       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       Source Address                          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Destination Address                        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Options                    |    Padding    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The caller has checked that the packet is [#MIN_LENGTH] bytes long.
public final class Ipv4Header {
  /// Bytes of a header without options.
  public static final int MIN_LENGTH = 20;

  /// Bytes of the longest header.
  public static final int MAX_LENGTH = 60;

  /// The largest datagram, header included.
  public static final int MAX_DATAGRAM = 65_535;

  /// Of the flags: may not be fragmented.
  public static final int DONT_FRAGMENT = 0x4000;

  /// Of the flags: not the last fragment.
  public static final int MORE_FRAGMENTS = 0x2000;

  private static final int OFFSET_MASK = 0x1fff;

  private Ipv4Header() {}

  /// 4.
  public static int version(Packet p) {
    return p.get8(0) >>> 4;
  }

  /// The length of the header in bytes: IHL counts words of four.
  public static int headerLength(Packet p) {
    return (p.get8(0) & 0xf) * 4;
  }

  /// The octet of DSCP (RFC 2474) and ECN (RFC 3168), the former Type of Service.
  public static int trafficClass(Packet p) {
    return p.get8(1);
  }

  /// The length of the datagram in bytes, header included.
  public static int totalLength(Packet p) {
    return p.get16(2);
  }

  /// What the fragments of one datagram have in common.
  public static int identification(Packet p) {
    return p.get16(4);
  }

  /// Flags and fragment offset as they stand.
  public static int flagsAndOffset(Packet p) {
    return p.get16(6);
  }

  /// Whether routers may not fragment it.
  public static boolean dontFragment(Packet p) {
    return (p.get16(6) & DONT_FRAGMENT) != 0;
  }

  /// Whether it is not the last fragment.
  public static boolean moreFragments(Packet p) {
    return (p.get16(6) & MORE_FRAGMENTS) != 0;
  }

  /// Where in the datagram's data this fragment begins, in bytes.
  public static int fragmentOffset(Packet p) {
    return (p.get16(6) & OFFSET_MASK) * 8;
  }

  /// Whether it is one of several fragments.
  public static boolean isFragment(Packet p) {
    return (p.get16(6) & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
  }

  /// How many more hops it may take.
  public static int timeToLive(Packet p) {
    return p.get8(8);
  }

  /// What follows: one of [Protocol].
  public static int protocol(Packet p) {
    return p.get8(9);
  }

  /// The checksum of the header.
  public static int checksum(Packet p) {
    return p.get16(10);
  }

  /// Who sent it.
  public static int source(Packet p) {
    return p.get32(12);
  }

  /// To whom.
  public static int destination(Packet p) {
    return p.get32(16);
  }

  /// Puts a header without options in front of a payload.
  public static void push(
      Packet p,
      int trafficClass,
      int identification,
      int flagsAndOffset,
      int timeToLive,
      int protocol,
      int source,
      int destination) {
    p.push(MIN_LENGTH);
    p.put8(0, 0x45);
    p.put8(1, trafficClass);
    p.put16(2, p.length());
    p.put16(4, identification);
    p.put16(6, flagsAndOffset);
    p.put8(8, timeToLive);
    p.put8(9, protocol);
    p.put32(12, source);
    p.put32(16, destination);
    writeChecksum(p, MIN_LENGTH);
  }

  /// Changes the lengths and the fragment fields of a header that stands already.
  public static void rewrite(Packet p, int headerLength, int totalLength, int flagsAndOffset) {
    p.put8(0, 0x40 | headerLength / 4);
    p.put16(2, totalLength);
    p.put16(6, flagsAndOffset);
    writeChecksum(p, headerLength);
  }

  /// One hop less; the checksum follows by RFC 1624, equation 3.
  public static void decrementTimeToLive(Packet p) {
    int before = p.get16(8);
    int after = before - 0x100;
    p.put16(8, after);
    p.put16(10, Checksum.finish((~checksum(p) & 0xffff) + (~before & 0xffff) + after));
  }

  private static void writeChecksum(Packet p, int headerLength) {
    p.put16(10, 0);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, headerLength)));
  }
}
