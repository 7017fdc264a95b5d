package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// A ring of bytes that grows by doubling up to what is asked of it, and holds no memory while it
/// is empty; positions count from its front.
abstract class Ring {
  static final byte[] NOTHING = {};

  private final BufferMemory memory;
  private byte[] bytes = NOTHING;
  private int front;

  /// How large it had to be since it was empty, as a power of two.
  private byte peak;

  /// How large it is to be when something comes again, so that it need not grow step by step; as a
  /// power of two.
  private byte usual;

  Ring(BufferMemory memory) {
    this.memory = memory;
  }

  /// Octets allocated.
  final int memory() {
    return bytes.length;
  }

  /// Whether a ring that holds `used` bytes can take one more.
  final boolean hasRoomFor(int used) {
    return used < Math.max(bytes.length, BufferMemory.SMALL)
        || memory.allows(bytes.length, BufferMemory.sizeFor(used + 1));
  }

  /// Whether memory is scarce in the whole stack.
  final boolean isPressed() {
    return memory.isPressed();
  }

  /// Whether it is all but spent.
  final boolean isCritical() {
    return memory.isCritical();
  }

  /// Sees to it that positions below `length` exist; `used` bytes from the front are kept.
  ///
  /// @param promised a ring of so many octets is given although the budget is spent
  /// @return false where there is no memory for it
  final boolean ensure(int length, int used, int promised) {
    if (length <= bytes.length) {
      remember(length);
      return true;
    }
    int size = BufferMemory.sizeFor(length);
    if (bytes.length == 0 && !memory.isPressed()) {
      size = Math.max(size, 1 << usual);
    }
    if (!memory.allows(bytes.length, size) && size > promised) {
      return false;
    }
    resize(size, used);
    remember(length);
    return true;
  }

  private void remember(int length) {
    if (length > 1 << peak) {
      peak = (byte) Integer.numberOfTrailingZeros(BufferMemory.sizeFor(length));
    }
  }

  private void resize(int size, int used) {
    byte[] other = memory.take(size);
    copyOut(0, other, used);
    memory.give(bytes);
    bytes = other;
    front = 0;
  }

  /// Gives back what `used` bytes do not need.
  final void fit(int used) {
    if (used == 0) {
      release();
    } else if (BufferMemory.sizeFor(used) < bytes.length) {
      resize(BufferMemory.sizeFor(used), used);
    }
  }

  private int index(int position) {
    return front + position & bytes.length - 1;
  }

  /// Copies from a buffer to a position.
  final void copyIn(int position, ByteBuffer source, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    source.get(bytes, at, first);
    source.get(bytes, 0, length - first);
  }

  /// Copies from a packet to a position.
  final void copyIn(int position, Packet source, int offset, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    source.copyTo(offset, bytes, at, first);
    source.copyTo(offset + first, bytes, 0, length - first);
  }

  /// Copies from a position to a buffer.
  final void copyOut(int position, ByteBuffer target, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    target.put(bytes, at, first);
    target.put(bytes, 0, length - first);
  }

  /// Appends from a position to a packet.
  final void copyOut(int position, Packet target, int length) {
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    target.append(bytes, at, first);
    target.append(bytes, 0, length - first);
  }

  private void copyOut(int position, byte[] target, int length) {
    if (length == 0) {
      return;
    }
    int at = index(position);
    int first = Math.min(length, bytes.length - at);
    System.arraycopy(bytes, at, target, 0, first);
    System.arraycopy(bytes, 0, target, first, length - first);
  }

  /// Moves the front on: the first `n` bytes are gone, `left` remain.
  final void drop(int n, int left) {
    if (left == 0) {
      release();
    } else if (n > 0) {
      front = index(n);
    }
  }

  /// Gives the memory back.
  final void release() {
    if (bytes.length > 0) {
      usual = (byte) Math.max(peak, usual - 1); // comes down by halves
      peak = 0;
      memory.give(bytes);
      bytes = NOTHING;
      front = 0;
    }
  }
}
