package microps.core.device;

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
}
