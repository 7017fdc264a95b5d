package microps.core.device;

import java.io.IOException;
import java.util.List;
import microps.core.bytes.Packet;

/// A source and sink of frames outside the stack: a TAP, a packet socket, a wire in memory.
///
/// One thread receives. `send` may be called by any thread, one at a time; `wake` and `close` by
/// any at any time.
public interface Device extends AutoCloseable {

  /// What it is and can do; does not change.
  DeviceInfo info();

  /// Waits for a frame and puts it into the (cleared by this method, large enough) packet.
  ///
  /// @param timeoutNanos how long to wait at most; 0 or less: not at all
  /// @return whether there is a frame; false when the time is over, after [#wake()], or when a
  ///   device that refused a frame takes frames again
  /// @throws IOException where the device is gone
  boolean receive(Packet frame, long timeoutNanos) throws IOException;

  /// Sends a frame without waiting. The packet's bytes may be overwritten afterwards.
  ///
  /// @return false where the device is full: the frame was not taken, and is to be offered again
  ///   when [#receive] has returned
  /// @throws IOException where the device is gone
  boolean send(Packet frame) throws IOException;

  /// How many frames were lost in the device: sent and then refused (too long, interface down), or
  /// too long to be received. May be asked by any thread.
  default long discarded() {
    return 0;
  }

  /// What a user may want to know once: what was wanted, and is not there on this kernel or device,
  /// a line each.
  default List<String> notes() {
    return List.of();
  }

  /// Lets a [#receive] that waits, or the next one, return at once.
  void wake();

  /// Releases it; a waiting [#receive] returns or throws.
  @Override
  void close();
}
