package microps.sim;

import java.nio.ByteBuffer;

/// An endless stream of pseudo-random bytes in which each byte is known by its place: who receives
/// them can say of each whether it is the one that was sent, without keeping what was sent.
public final class ByteStream {
  private static final int WORD = 8;

  private final long seed;

  /// The stream of a seed.
  public ByteStream(long seed) {
    this.seed = seed;
  }

  private long word(long index) {
    long z = seed + index * 0x9e37_79b9_7f4a_7c15L;
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }

  /// The byte at a place, from 0.
  public byte at(long place) {
    return (byte) (word(place / WORD) >>> 8 * (int) (place % WORD));
  }

  /// Puts the bytes from a place on into a buffer, until it is full.
  public void fill(ByteBuffer target, long place) {
    long p = place;
    while (target.hasRemaining()) {
      if (p % WORD == 0 && target.remaining() >= WORD) {
        target.putLong(Long.reverseBytes(word(p / WORD)));
        p += WORD;
      } else {
        target.put(at(p++));
      }
    }
  }

  /// Compares what remains in a buffer with the stream from a place on.
  ///
  /// @return how many bytes are right before the first that is wrong; all that remain, if none is
  public int matching(ByteBuffer received, long place) {
    int start = received.position();
    int end = received.limit();
    int at = start;
    while (at < end) {
      long p = place + at - start;
      if (p % WORD == 0 && end - at >= WORD) {
        if (received.getLong(at) != Long.reverseBytes(word(p / WORD))) {
          break; // the bytes below say which
        }
        at += WORD;
      } else {
        if (received.get(at) != at(p)) {
          return at - start;
        }
        at++;
      }
    }
    while (at < end && received.get(at) == at(place + at - start)) {
      at++;
    }
    return at - start;
  }
}
