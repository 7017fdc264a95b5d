package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// What the user has written and the peer has not acknowledged. Offset 0 is the octet at SND.UNA.
final class SendBuffer {
  private final Ring ring = new Ring();
  private int size;

  /// Octets in it.
  int size() {
    return size;
  }

  /// Octets allocated.
  int memory() {
    return ring.memory();
  }

  /// Takes what fits below `limit`.
  ///
  /// @return how many bytes were taken
  int write(ByteBuffer source, int limit) {
    int n = Math.min(source.remaining(), Math.max(0, limit - size));
    if (n > 0) {
      ring.ensure(size + n, size);
      ring.put(size, source, n);
      size += n;
    }
    return n;
  }

  /// Appends `length` octets from `offset` on to a packet.
  void copyTo(int offset, Packet target, int length) {
    if (length > 0) {
      ring.get(offset, target, length);
    }
  }

  /// The first `n` octets are acknowledged.
  void acknowledge(int n) {
    ring.drop(n);
    size -= n;
  }

  /// Forgets everything.
  void clear() {
    size = 0;
    ring.release();
  }
}
