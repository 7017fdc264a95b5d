package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// What the user has written and the peer has not acknowledged. Offset 0 is the octet at SND.UNA.
final class SendBuffer extends Ring {
  private int size;

  SendBuffer(BufferMemory memory) {
    super(memory);
  }

  /// Octets in it.
  int size() {
    return size;
  }

  /// Takes what fits below `limit`, and, where memory is scarce, what fits into a smaller ring.
  ///
  /// @return how many bytes were taken
  int write(ByteBuffer source, int limit) {
    int n = Math.min(source.remaining(), limit - size);
    while (n > 0 && !ensure(size + n, size, BufferMemory.SMALL)) {
      n = BufferMemory.sizeFor(size + n) / 2 - size;
    }
    if (n <= 0) {
      return 0;
    }
    copyIn(size, source, n);
    size += n;
    return n;
  }

  /// Whether one more byte would be taken.
  boolean hasRoom() {
    return hasRoomFor(size);
  }

  /// Appends `length` octets from `offset` on to a packet.
  void copyTo(int offset, Packet target, int length) {
    if (length > 0) {
      copyOut(offset, target, length);
    }
  }

  /// The first `n` octets are acknowledged.
  void acknowledge(int n) {
    size -= n;
    drop(n, size);
  }

  /// Forgets everything.
  void clear() {
    size = 0;
    release();
  }
}
