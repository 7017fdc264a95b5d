package microps.core.ethernet;

import microps.core.bytes.Packet;

/// The header of an Ethernet II frame (RFC 894), at the head of a packet:
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      Destination Address                      |
/// +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                               |                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
/// |                        Source Address                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             Type              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The caller has checked that the packet is [#LENGTH] bytes long.
public final class EthernetHeader {
  /// Bytes of the header.
  public static final int LENGTH = 14;

  /// The smallest frame, without the frame check sequence; shorter ones are padded with zeros.
  public static final int MIN_FRAME = 60;

  private EthernetHeader() {}

  /// The address that the frame is sent to.
  public static long destination(Packet p) {
    return p.get48(0);
  }

  /// The address of the sender.
  public static long source(Packet p) {
    return p.get48(6);
  }

  /// What follows: an [EtherType]; below 1536 it is a length of IEEE 802.3 instead.
  public static int type(Packet p) {
    return p.get16(12);
  }

  /// Puts the header in front of a payload and pads the frame to [#MIN_FRAME].
  public static void push(Packet p, long destination, long source, int type) {
    p.push(LENGTH);
    p.put48(0, destination);
    p.put48(6, source);
    p.put16(12, type);
    p.padTo(MIN_FRAME);
  }
}
