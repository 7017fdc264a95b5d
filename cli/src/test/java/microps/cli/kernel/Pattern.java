package microps.cli.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import org.assertj.core.api.Assertions;

/// A stream of bytes that both sides know, so that every byte that arrives is compared with the one
/// that belongs at its place: what a hash does, but it says where it first went wrong. It repeats
/// after a prime number of bytes, which no buffer, segment or window divides.
final class Pattern {
  static final int CHUNK = 1 << 16;
  private static final int PERIOD = 1_048_583;
  private static final byte[] BYTES = new byte[PERIOD + CHUNK];

  static {
    new Random(9293).nextBytes(BYTES);
    System.arraycopy(BYTES, 0, BYTES, PERIOD, CHUNK);
  }

  private Pattern() {}

  /// Up to [#CHUNK] bytes of the stream from a place on.
  static ByteBuffer at(long place, long most) {
    return ByteBuffer.wrap(BYTES, (int) (place % PERIOD), (int) Math.min(most, CHUNK)).slice();
  }

  /// Fails where the bytes are not those of the stream at this place.
  static void check(long place, ByteBuffer arrived) {
    int length = arrived.remaining();
    int wrong = arrived.mismatch(at(place, length));
    if (wrong >= 0) {
      Assertions.fail("byte " + (place + wrong) + " of the stream is wrong");
    }
  }

  /// Sends that many bytes of the stream.
  static void send(SocketChannel to, long length) throws IOException {
    for (long sent = 0; sent < length; ) {
      ByteBuffer chunk = at(sent, length - sent);
      sent += chunk.remaining();
      while (chunk.hasRemaining()) {
        to.write(chunk);
      }
    }
  }

  /// Receives that many bytes of the stream.
  static void receive(SocketChannel from, long length) throws IOException {
    long received = receive(from, 0, length);
    if (received != length) {
      Assertions.fail("the stream of " + length + " bytes ended after " + received);
    }
  }

  /// Receives the stream from a place on until it ends.
  ///
  /// @return the place where it ended
  static long receiveToEnd(SocketChannel from, long place) throws IOException {
    return receive(from, place, Long.MAX_VALUE);
  }

  /// Receives the stream from a place on up to another.
  ///
  /// @return where it ended
  static long receive(SocketChannel from, long place, long end) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    while (place < end) {
      buffer.clear().limit((int) Math.min(CHUNK, end - place));
      int n = from.read(buffer);
      if (n < 0) {
        return place;
      }
      check(place, buffer.flip());
      place += n;
    }
    return place;
  }

  /// Sends back what comes, until it ends.
  ///
  /// @return how many bytes
  static long echo(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    long total = 0;
    while (channel.read(buffer.clear()) >= 0) {
      total += buffer.flip().remaining();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    return total;
  }
}
