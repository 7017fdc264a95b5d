package microps.core.device;

/// What a device takes over from the stack. [#NONE] for one that takes plain frames only.
///
/// @param transmitChecksum completes partial transport checksums of what is sent
/// @param maxSegmentationBytes the largest TCP super-frame, headers included, that it cuts into
///   segments; 0 where it cannot
public record Offloads(boolean transmitChecksum, int maxSegmentationBytes) {

  /// Plain frames only.
  public static final Offloads NONE = new Offloads(false, 0);
}
