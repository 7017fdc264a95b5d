package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// A ring of bytes that grows by doubling up to what is asked of it; positions count from its
/// front.
final class Ring {
  private static final byte[] NOTHING = {};
  private static final int FIRST = 2048;

  private byte[] bytes = NOTHING;
  private int front;

  /// Octets allocated.
  int memory() {
    return bytes.length;
  }

  /// Sees to it that positions below `length` exist; `used` bytes from the front are kept.
  void ensure(int length, int used) {
    if (length <= bytes.length) {
      return;
    }
    int size = Math.max(FIRST, bytes.length);
    while (size < length) {
      size *= 2;
    }
    byte[] grown = new byte[size];
    get(0, grown, 0, used);
    bytes = grown;
    front = 0;
  }

  private int index(int position) {
    return front + position & bytes.length - 1;
  }

  /// Copies from a buffer to a position.
  void put(int position, ByteBuffer source, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    source.get(bytes, at, first);
    source.get(bytes, 0, length - first);
  }

  /// Copies from a packet to a position.
  void put(int position, Packet source, int offset, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    source.copyTo(offset, bytes, at, first);
    source.copyTo(offset + first, bytes, 0, length - first);
  }

  /// Copies from a position to a buffer.
  void get(int position, ByteBuffer target, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    target.put(bytes, at, first);
    target.put(bytes, 0, length - first);
  }

  /// Appends from a position to a packet.
  void get(int position, Packet target, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    target.append(bytes, at, first);
    target.append(bytes, 0, length - first);
  }

  private void get(int position, byte[] target, int offset, int length) {
    if (length == 0) {
      return;
    }
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, offset, first);
    System.arraycopy(bytes, 0, target, offset + first, length - first);
  }

  /// Moves the front on: the first `n` bytes are gone.
  void drop(int n) {
    if (n > 0) {
      front = index(n);
    }
  }

  /// Lets the memory go.
  void release() {
    bytes = NOTHING;
    front = 0;
  }
}
