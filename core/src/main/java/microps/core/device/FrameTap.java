package microps.core.device;

import microps.core.bytes.Packet;

/// Sees every frame that passes a [Nic]: captures and frame logs. It must not change the packet,
/// keep it, or call back into the stack.
@FunctionalInterface
public interface FrameTap {

  /// Which way a frame goes.
  enum Direction {
    IN,
    OUT
  }

  /// A frame passes. The packet's window is the whole frame.
  void frame(Nic nic, Direction direction, Packet frame, long now);
}
