package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.bytes.Packet;

/// What has arrived and the user has not read: first the octets in order, then, with gaps that the
/// [Reassembly] knows, those beyond RCV.NXT, each at its place.
final class ReceiveBuffer extends Ring {
  private int readable;
  private int held;

  ReceiveBuffer(BufferMemory memory) {
    super(memory);
  }

  /// Octets in order.
  int readable() {
    return readable;
  }

  /// Puts text at `distance` octets beyond RCV.NXT. An empty buffer takes [BufferMemory#SMALLEST]
  /// octets in order always, so that who reads goes on.
  ///
  /// @return false where there is no memory for it
  boolean put(int distance, Packet source, int offset, int length) {
    int end = readable + distance + length;
    if (!ensure(end, held, held == 0 && distance == 0 ? BufferMemory.SMALLEST : 0)) {
      return false;
    }
    copyIn(readable + distance, source, offset, length);
    held = Math.max(held, end);
    return true;
  }

  /// RCV.NXT moved on by `n`: those octets are in order now.
  void advance(int n) {
    readable += n;
  }

  /// RCV.NXT moved on by `n` and nobody wants to read them.
  void skip(int n) {
    if (readable == 0) {
      held -= n;
      drop(n, held);
    } else {
      readable += n;
    }
  }

  /// Reads octets in order, as many as there are and fit.
  int read(ByteBuffer target) {
    int n = Math.min(target.remaining(), readable);
    if (n > 0) {
      copyOut(0, target, n);
      readable -= n;
      held -= n;
      drop(n, held);
    }
    return n;
  }

  /// Nobody wants to read what is in order.
  void discardReadable() {
    held -= readable;
    drop(readable, held);
    readable = 0;
  }

  /// Forgets what is not in order, and gives back its memory.
  void prune() {
    held = readable;
    fit(held);
  }

  /// Forgets everything.
  void clear() {
    readable = 0;
    held = 0;
    release();
  }
}
