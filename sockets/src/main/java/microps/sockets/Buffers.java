package microps.sockets;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// The buffers of a scattering read or a gathering write.
final class Buffers {
  private Buffers() {}

  static ByteBuffer[] range(ByteBuffer[] buffers, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, buffers.length);
    return Arrays.copyOfRange(buffers, offset, offset + length);
  }

  /// @throws IllegalArgumentException where one cannot be written
  static void requireWritable(ByteBuffer... targets) {
    for (ByteBuffer target : targets) {
      if (target.isReadOnly()) {
        throw new IllegalArgumentException("Read-only buffer");
      }
    }
  }

  static boolean hasRemaining(ByteBuffer... buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  /// How much all together have room for, or hold.
  static long remaining(ByteBuffer... buffers) {
    long sum = 0;
    for (ByteBuffer buffer : buffers) {
      sum += buffer.remaining();
    }
    return sum;
  }

  /// Fills buffers, one after the other, with as much as they have room for.
  static void scatter(ByteBuffer whole, ByteBuffer... targets) {
    for (ByteBuffer target : targets) {
      int part = Math.min(target.remaining(), whole.remaining());
      target.put(whole.slice(whole.position(), part));
      whole.position(whole.position() + part);
    }
  }

  /// A copy of what all hold together, ready to be read; the positions stay.
  ///
  /// @param limit how much at the most
  static ByteBuffer gather(int limit, ByteBuffer... sources) {
    ByteBuffer whole = ByteBuffer.allocate((int) Math.min(remaining(sources), limit));
    for (ByteBuffer source : sources) {
      ByteBuffer part = source.duplicate();
      part.limit(part.position() + Math.min(part.remaining(), whole.remaining()));
      whole.put(part);
    }
    return whole.flip();
  }
}
