package microps.core.tcp;

import microps.core.bytes.Packet;

/// The TCP header (RFC 9293, section 3.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          Source Port          |       Destination Port        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                        Sequence Number                        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                    Acknowledgment Number                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Data |       |C|E|U|A|P|R|S|F|                               |
/// | Offset| Rsrvd |W|C|R|C|S|S|Y|I|            Window             |
/// |       |       |R|E|G|K|H|T|N|N|                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           Checksum            |         Urgent Pointer        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           [Options]                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The accessors read a packet whose window begins with this header and holds at least [#LENGTH]
/// bytes.
public final class TcpHeader {
  /// The bytes of a header without options.
  public static final int LENGTH = 20;

  /// The longest header: a data offset of 15.
  public static final int MAX_LENGTH = 60;

  /// No more data from the sender.
  public static final int FIN = 0x01;

  /// Synchronize sequence numbers.
  public static final int SYN = 0x02;

  /// Reset the connection.
  public static final int RST = 0x04;

  /// Push function.
  public static final int PSH = 0x08;

  /// The acknowledgment field is significant.
  public static final int ACK = 0x10;

  /// The urgent pointer is significant.
  public static final int URG = 0x20;

  /// ECN echo (RFC 3168).
  public static final int ECE = 0x40;

  /// Congestion window reduced (RFC 3168).
  public static final int CWR = 0x80;

  /// Offset of the control bits.
  static final int FLAGS = 13;

  /// Offset of the checksum field.
  static final int CHECKSUM = 16;

  /// Offset of the urgent pointer.
  static final int URGENT_POINTER = 18;

  private TcpHeader() {}

  /// Source port.
  public static int sourcePort(Packet p) {
    return p.get16(0);
  }

  /// Destination port.
  public static int destinationPort(Packet p) {
    return p.get16(2);
  }

  /// Sequence number.
  public static int sequence(Packet p) {
    return p.get32(4);
  }

  /// Acknowledgment number.
  public static int acknowledgment(Packet p) {
    return p.get32(8);
  }

  /// Data offset in bytes, 0 to 60.
  public static int dataOffset(Packet p) {
    return p.get8(12) >> 4 << 2;
  }

  /// The eight control bits.
  public static int flags(Packet p) {
    return p.get8(FLAGS);
  }

  /// Window, unscaled.
  public static int window(Packet p) {
    return p.get16(14);
  }

  /// Urgent pointer: the octet after the urgent data, counted from the sequence number.
  public static int urgentPointer(Packet p) {
    return p.get16(URGENT_POINTER);
  }

  /// Checksum.
  public static int checksum(Packet p) {
    return p.get16(CHECKSUM);
  }
}
