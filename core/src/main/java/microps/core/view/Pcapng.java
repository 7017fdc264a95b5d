package microps.core.view;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap.Direction;
import microps.core.device.LinkType;
import org.jspecify.annotations.Nullable;

/// The blocks of a pcapng file, as Wireshark reads it (IETF draft-ietf-opsawg-pcapng): one section
/// header, then a description of each interface before its first packet, then packets. Stamps are
/// nanoseconds since 1970.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                          Block Type                           |
/// +---------------------------------------------------------------+
/// |                      Block Total Length                       |
/// +---------------------------------------------------------------+
/// /          Block Body, options last; padded to 32 bits          /
/// +---------------------------------------------------------------+
/// |                      Block Total Length                       |
/// +---------------------------------------------------------------+
/// ```
///
/// Each method writes one block at the position of a big-endian buffer, and throws
/// `BufferOverflowException` where it does not fit.
public final class Pcapng {
  private static final int SECTION_HEADER = 0x0a0d_0d0a;
  private static final int INTERFACE_DESCRIPTION = 1;
  private static final int ENHANCED_PACKET = 6;
  private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;

  private static final int END_OF_OPTIONS = 0;
  private static final int COMMENT = 1;
  private static final int SECTION_USER_APPLICATION = 4;
  private static final int INTERFACE_NAME = 2;
  private static final int INTERFACE_MAC = 6;
  private static final int INTERFACE_RESOLUTION = 9;
  private static final int PACKET_FLAGS = 2;

  private static final int LINKTYPE_ETHERNET = 1;
  private static final int LINKTYPE_RAW = 101;
  private static final int NANOSECONDS = 9; // a negative power of ten
  private static final int INBOUND = 1;
  private static final int OUTBOUND = 2;

  private Pcapng() {}

  /// A section header: the file begins with one.
  public static void section(ByteBuffer out, String application) {
    int start = begin(out, SECTION_HEADER);
    out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0);
    out.putLong(-1); // the length of the section is not known
    option(out, SECTION_USER_APPLICATION, application.getBytes(StandardCharsets.UTF_8));
    end(out, start);
  }

  /// Describes an interface. The first in the section has the number 0, the next 1, and so on.
  public static void interfaceDescription(ByteBuffer out, DeviceInfo info) {
    interfaceDescription(out, info.name(), info.link(), info.mac());
  }

  /// Describes an interface, or something like one: without a MAC address of its own.
  public static void interfaceDescription(
      ByteBuffer out, String name, LinkType link, @Nullable MacAddress address) {
    int start = begin(out, INTERFACE_DESCRIPTION);
    int type = link == LinkType.ETHERNET ? LINKTYPE_ETHERNET : LINKTYPE_RAW;
    out.putShort((short) type).putShort((short) 0);
    out.putInt(0); // no limit to the length of a packet
    option(out, INTERFACE_NAME, name.getBytes(StandardCharsets.UTF_8));
    if (address != null) {
      byte[] mac = new byte[6];
      for (int i = 0; i < mac.length; i++) {
        mac[i] = (byte) (address.value() >>> 40 - 8 * i);
      }
      option(out, INTERFACE_MAC, mac);
    }
    option(out, INTERFACE_RESOLUTION, new byte[] {NANOSECONDS});
    end(out, start);
  }

  /// The room that a packet of this length takes.
  public static int packetSize(int length) {
    return 44 + (length + 3 & ~3);
  }

  /// The room that a packet of this length takes with a comment of so many characters, all ASCII.
  public static int packetSize(int length, String comment) {
    return packetSize(length) + (comment.isEmpty() ? 0 : 4 + (comment.length() + 3 & ~3));
  }

  /// A packet: the whole window.
  ///
  /// @param interfaceNumber where it passed
  /// @param nanos when, since 1970
  public static void packet(
      ByteBuffer out, int interfaceNumber, long nanos, Direction direction, Packet frame) {
    packet(out, interfaceNumber, nanos, direction, frame, "");
  }

  /// A packet with a comment.
  ///
  /// @param comment in ASCII; empty: none
  public static void packet(
      ByteBuffer out,
      int interfaceNumber,
      long nanos,
      Direction direction,
      Packet frame,
      String comment) {
    int start = begin(out, ENHANCED_PACKET);
    out.putInt(interfaceNumber);
    out.putLong(nanos); // as two numbers of 32 bits, the upper first
    out.putInt(frame.length()).putInt(frame.length());
    int at = out.position();
    out.put(frame.array(), frame.offset(), frame.length());
    if (frame.checksumState() == ChecksumState.PARTIAL) {
      completeChecksum(out, at, frame);
    }
    pad(out, frame.length());
    out.putShort((short) PACKET_FLAGS).putShort((short) 4);
    out.putInt(direction == Direction.IN ? INBOUND : OUTBOUND);
    if (!comment.isEmpty()) {
      option(out, COMMENT, comment.getBytes(StandardCharsets.US_ASCII));
    }
    end(out, start);
  }

  /// As a device does: a reader of the file does not know that one will.
  private static void completeChecksum(ByteBuffer out, int at, Packet frame) {
    int start = frame.checksumStart() - frame.offset();
    int field = start + frame.checksumOffset();
    if (start < 0 || field + 2 > frame.length()) {
      return;
    }
    out.putShort(at + field, (short) frame.completedChecksum(start, frame.checksumOffset()));
  }

  private static int begin(ByteBuffer out, int type) {
    int start = out.position();
    out.putInt(type).putInt(0);
    return start;
  }

  private static void end(ByteBuffer out, int start) {
    out.putShort((short) END_OF_OPTIONS).putShort((short) 0);
    int length = out.position() + 4 - start;
    out.putInt(length).putInt(start + 4, length);
  }

  private static void option(ByteBuffer out, int code, byte[] value) {
    out.putShort((short) code).putShort((short) value.length).put(value);
    pad(out, value.length);
  }

  private static void pad(ByteBuffer out, int length) {
    for (int i = length; (i & 3) != 0; i++) {
      out.put((byte) 0);
    }
  }
}
