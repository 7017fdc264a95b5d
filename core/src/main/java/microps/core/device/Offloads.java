package microps.core.device;

import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import org.jspecify.annotations.Nullable;

/// What a device takes over from the stack. [#NONE] for one that takes plain frames only.
///
/// @param transmitChecksum completes partial transport checksums of what is sent
/// @param maxSegmentationBytes the largest TCP super-segment, as an IP datagram, that it cuts into
///   segments, whose checksums it completes; 0 where it cannot. Such a device may also deliver
///   some, up to the largest datagram
public record Offloads(boolean transmitChecksum, int maxSegmentationBytes) {

  /// @throws IllegalArgumentException where it is to cut without completing checksums
  public Offloads {
    if (maxSegmentationBytes > 0 && !transmitChecksum) {
      throw new IllegalArgumentException("who cuts super-segments completes their checksums");
    }
  }

  /// Plain frames only.
  public static final Offloads NONE = new Offloads(false, 0);

  /// Partial checksums, and super-frames as long as an IP datagram can be.
  public static final Offloads FULL = new Offloads(true, DeviceInfo.MAX_MTU);

  private static final int MIN_IP_HEADER = 20;

  /// What is wrong with the notes of any device on a frame that arrived: segments that are longer
  /// than the frame, or a partial checksum outside of it or in front of its IP payload. Null where
  /// nothing is.
  ///
  /// @param link what the frame begins with
  public static @Nullable DropReason faultOf(Packet frame, LinkType link) {
    if (frame.fault() != null) {
      return frame.fault();
    }
    int segmentSize = frame.segmentSize();
    if (segmentSize < 0 || segmentSize > frame.length()) {
      return DropReason.DEVICE_BAD_SEGMENT_SIZE;
    }
    if (frame.checksumState() == ChecksumState.PARTIAL) {
      int start = frame.checksumStart() - frame.offset();
      int offset = frame.checksumOffset();
      if (start < link.headerLength() + MIN_IP_HEADER
          || offset < 0
          || start > frame.length()
          || start + offset > frame.length() - 2) {
        return DropReason.DEVICE_BAD_CHECKSUM_PLACE;
      }
    }
    return null;
  }
}
