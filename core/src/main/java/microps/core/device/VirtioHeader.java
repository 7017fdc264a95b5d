package microps.core.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;

/// The header that Linux puts in front of a frame where an interface leaves checksums and
/// segmentation to whoever gets the frame (`struct virtio_net_hdr`; VIRTIO 1.2, section 5.1.6), in
/// the byte order of this machine:
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |     flags     |   gso_type    |            hdr_len            |
/// +---------------+---------------+-------------------------------+
/// |           gso_size            |          csum_start           |
/// +-------------------------------+-------------------------------+
/// |          csum_offset          |
/// +-------------------------------+
/// ```
public final class VirtioHeader {
  /// Its length in bytes.
  public static final int LENGTH = 10;

  private static final int NEEDS_CHECKSUM = 1;
  private static final int CHECKSUM_VALID = 2;

  private static final int GSO_NONE = 0;
  private static final int GSO_TCPV4 = 1;
  private static final int GSO_TCPV6 = 4;
  private static final int GSO_ECN = 0x80;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private VirtioHeader() {}

  /// Notes on a frame, whose window begins behind the header, what the header says of it; or that
  /// this cannot be true ([Packet#fault()]): a kind of segments that was not asked for or has no
  /// size, headers longer than the frame.
  ///
  /// @param at where in the array the header begins
  public static void read(byte[] array, int at, Packet frame) {
    int flags = array[at];
    int type = array[at + 1] & ~GSO_ECN & 0xff;
    if (type != GSO_NONE) {
      int segmentSize = u16(array, at + 4);
      if (type != GSO_TCPV4 && type != GSO_TCPV6 || segmentSize == 0) {
        frame.fault(DropReason.DEVICE_BAD_SEGMENT_SIZE);
        return;
      }
      if (u16(array, at + 2) > frame.length()) {
        frame.fault(DropReason.DEVICE_BAD_HEADER_LENGTH);
        return;
      }
      frame.segmentSize(segmentSize);
    }
    if ((flags & NEEDS_CHECKSUM) != 0) {
      frame.checksumPartial(frame.offset() + u16(array, at + 6), u16(array, at + 8));
    } else if ((flags & CHECKSUM_VALID) != 0) {
      frame.checksumVerified();
    }
  }

  /// Writes the header that says what is to be done to a frame.
  ///
  /// @param linkHeader the bytes of the frame in front of its IP header
  /// @param at where in the array the header goes; it may be the frame's own, in front of it
  public static void write(Packet frame, int linkHeader, byte[] array, int at) {
    java.util.Arrays.fill(array, at, at + LENGTH, (byte) 0);
    if (frame.checksumState() != ChecksumState.PARTIAL) {
      return;
    }
    int checksumStart = frame.checksumStart() - frame.offset();
    array[at] = NEEDS_CHECKSUM;
    put16(array, at + 6, checksumStart);
    put16(array, at + 8, frame.checksumOffset());
    if (frame.segmentSize() > 0) {
      boolean v6 = frame.get8(linkHeader) >>> 4 == 6;
      int tcpHeader = frame.get8(checksumStart + 12) >>> 4 << 2;
      boolean cwr = (frame.get8(checksumStart + 13) & 0x80) != 0;
      array[at + 1] = (byte) ((v6 ? GSO_TCPV6 : GSO_TCPV4) | (cwr ? GSO_ECN : 0));
      put16(array, at + 2, checksumStart + tcpHeader);
      put16(array, at + 4, frame.segmentSize());
    }
  }

  private static int u16(byte[] array, int at) {
    return (short) SHORT.get(array, at) & 0xffff;
  }

  private static void put16(byte[] array, int at, int value) {
    SHORT.set(array, at, (short) value);
  }
}
