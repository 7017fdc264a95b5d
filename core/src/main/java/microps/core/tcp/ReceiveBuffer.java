package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// What has arrived and the user has not read: first the octets in order, then, with gaps that the
/// [Reassembly] knows, those beyond RCV.NXT, each at its place.
final class ReceiveBuffer {
  private final Ring ring = new Ring();
  private int readable;
  private int held;

  /// Octets in order.
  int readable() {
    return readable;
  }

  /// Octets allocated.
  int memory() {
    return ring.memory();
  }

  /// Puts text at `distance` octets beyond RCV.NXT.
  void put(int distance, Packet source, int offset, int length) {
    int end = readable + distance + length;
    ring.ensure(end, held);
    ring.put(readable + distance, source, offset, length);
    held = Math.max(held, end);
  }

  /// RCV.NXT moved on by `n`: those octets are in order now.
  void advance(int n) {
    readable += n;
  }

  /// RCV.NXT moved on by `n` and nobody wants to read them.
  void skip(int n) {
    if (readable == 0) {
      ring.drop(n);
      held -= n;
    } else {
      readable += n;
    }
  }

  /// Reads octets in order, as many as there are and fit.
  int read(ByteBuffer target) {
    int n = Math.min(target.remaining(), readable);
    if (n > 0) {
      ring.get(0, target, n);
      ring.drop(n);
      readable -= n;
      held -= n;
    }
    return n;
  }

  /// Nobody wants to read what is in order.
  void discardReadable() {
    ring.drop(readable);
    held -= readable;
    readable = 0;
  }

  /// Forgets everything.
  void clear() {
    readable = 0;
    held = 0;
    ring.release();
  }
}
