package microps.core.ip;

import java.util.random.RandomGenerator;

/// Chooses the Identification of datagrams that may be fragmented: different for those between the
/// same two hosts that are under way at the same time (RFC 6864), and no global counter, from which
/// others could read how much this host sends (RFC 7739).
final class Identification {
  private final short[] next = new short[1024];
  private final long secret;

  Identification(RandomGenerator random) {
    secret = random.nextLong() | 1;
    for (int i = 0; i < next.length; i++) {
      next[i] = (short) random.nextInt();
    }
  }

  /// 0 to 65,535.
  int next(int source, int destination, int protocol) {
    long mixed = ((long) source << 32 | destination & 0xffff_ffffL) * secret + protocol;
    mixed = (mixed ^ mixed >>> 29) * 0xbf58_476d_1ce4_e5b9L;
    int bucket = (int) (mixed >>> 54);
    return next[bucket]++ & 0xffff;
  }
}
