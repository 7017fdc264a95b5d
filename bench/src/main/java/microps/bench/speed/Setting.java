package microps.bench.speed;

/// On what a trial is held.
///
/// @param device of microps
/// @param offloads whether devices have super-frames and partial checksums, on both sides
/// @param oneCpu whether all processes share one processor
record Setting(Device device, boolean offloads, boolean oneCpu) {
  static final Setting TAP = new Setting(Device.TAP, true, false);
  static final Setting PACKET = new Setting(Device.PACKET, true, false);
  static final Setting PLAIN = new Setting(Device.TAP, false, false);
  static final Setting ONE_CPU = new Setting(Device.TAP, true, true);

  /// What microps is on.
  enum Device {
    /// A TAP, whose other end is the kernel's.
    TAP,
    /// A packet socket on an end of a veth pair, whose other end is the kernel's.
    PACKET
  }
}
