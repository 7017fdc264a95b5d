package microps.core.tcp;

/// What a listener under a flood of SYNs keeps of a SYN: nothing (RFC 4987, section 3.6 and
/// appendix A). The answer carries it, and the peer's acknowledgment brings it back: the MSS in the
/// initial sequence number, which only this host can compute, and, where the peer has timestamps,
/// window scale, SACK-permitted and ECN in the lowest bits of TSval.
///
/// ```
/// ISS = hash(addresses, ports) + count * 2^24
///     + hash(addresses, ports, SEG.SEQ, count, index of the MSS) mod 2^21 * 2^3 + index
/// ```
///
/// `count` is the number of the minute, so a cookie is good for two of them. Both hashes are keyed:
/// from outside the number is as good as any other (RFC 6528), and a guess is right once in a
/// million.
final class SynCookie {
  /// How long one count lasts.
  static final long PERIOD = 64_000_000_000L;

  /// For how many counts a cookie is good.
  static final int PERIODS = 2;

  /// The MSS that a cookie can remember: the largest of these that is not above the peer's.
  private static final int[] MSS = {64, 512, 536, 1220, 1440, 1460, 4312, 8960};

  private static final int LOW_BITS = 24;
  private static final int INDEX_BITS = 3;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final int LOW_MASK = (1 << LOW_BITS) - 1;

  // Tell these uses of the hash from others.
  private static final long BASE = 3;
  private static final long CHECK = 8; // and the index of the MSS

  // TSval: four bits of window scale, SACK-permitted, ECN, as on Linux.
  private static final int STAMP_MASK = 0x3f;
  private static final int NO_SCALE = 0xf;
  private static final int SACK = 1 << 4;
  private static final int ECN = 1 << 5;

  private final InitialSequence secrets;

  SynCookie(InitialSequence secrets) {
    this.secrets = secrets;
  }

  /// The number of a moment's period.
  static int count(long now) {
    return (int) Math.floorDiv(now, PERIOD);
  }

  /// The initial sequence number for the answer to a SYN.
  int make(
      long localHigh,
      long localLow,
      long remoteHigh,
      long remoteLow,
      long ports,
      int irs,
      int peerMss,
      int count) {
    int index = MSS.length - 1;
    while (index > 0 && MSS[index] > peerMss) {
      index--;
    }
    int base = (int) secrets.hash(localHigh, localLow, remoteHigh, remoteLow, ports | BASE, 0);
    int low = low(localHigh, localLow, remoteHigh, remoteLow, ports, irs, count, index);
    return base + (count << LOW_BITS) + low;
  }

  private int low(
      long localHigh,
      long localLow,
      long remoteHigh,
      long remoteLow,
      long ports,
      int irs,
      int count,
      int index) {
    long what = (long) irs << 32 | count & 0xffff_ffffL;
    long use = CHECK + index;
    long hash = secrets.hash(localHigh, localLow, remoteHigh, remoteLow, ports | use, what);
    return (int) hash << INDEX_BITS & LOW_MASK | index;
  }

  /// Looks whether an initial sequence number is a cookie of ours for these endpoints, and new
  /// enough.
  ///
  /// @return the MSS that it remembers, or -1
  int check(
      long localHigh,
      long localLow,
      long remoteHigh,
      long remoteLow,
      long ports,
      int irs,
      int iss,
      int count) {
    int base = (int) secrets.hash(localHigh, localLow, remoteHigh, remoteLow, ports | BASE, 0);
    int cookie = iss - base;
    int age = count - (cookie >>> LOW_BITS) & 0xff;
    if (age >= PERIODS) {
      return -1;
    }
    int index = cookie & INDEX_MASK;
    int low = low(localHigh, localLow, remoteHigh, remoteLow, ports, irs, count - age, index);
    return (cookie & LOW_MASK) == low ? MSS[index] : -1;
  }

  /// A TSval that remembers options: at most the clock, so that what the connection sends later is
  /// not older.
  ///
  /// @param windowScale the peer's shift, or -1
  static int stamp(int clock, int windowScale, boolean sack, boolean ecn) {
    int bits = (windowScale < 0 ? NO_SCALE : windowScale) | (sack ? SACK : 0) | (ecn ? ECN : 0);
    int stamp = clock & ~STAMP_MASK | bits;
    return Seq.after(stamp, clock) ? stamp - STAMP_MASK - 1 : stamp;
  }

  /// The peer's shift in a TSecr, or -1.
  static int windowScale(int stamp) {
    int scale = stamp & NO_SCALE;
    return scale > TcpOptions.MAX_SHIFT ? -1 : scale;
  }

  /// Whether a TSecr says that the peer permits SACK.
  static boolean sack(int stamp) {
    return (stamp & SACK) != 0;
  }

  /// Whether a TSecr says that ECN was agreed upon.
  static boolean ecn(int stamp) {
    return (stamp & ECN) != 0;
  }
}
