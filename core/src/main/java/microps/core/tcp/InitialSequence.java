package microps.core.tcp;

import java.util.random.RandomGenerator;
import microps.core.address.Endpoint;

/// Initial sequence numbers (RFC 6528) and timestamp offsets (RFC 7323, section 5.4), and what else
/// must not be guessed from outside: a keyed hash over the two endpoints.
final class InitialSequence {
  private final long key0;
  private final long key1;

  InitialSequence(RandomGenerator random) {
    key0 = random.nextLong();
    key1 = random.nextLong();
  }

  /// ISN = M + F(localip, localport, remoteip, remoteport, secretkey), M counting every 4
  /// microseconds.
  int next(Endpoint local, Endpoint remote, long now) {
    return (int) (now / 4000) + (int) hash(local, remote, 0);
  }

  /// What is added to the clock of this pair's timestamps.
  int timestampOffset(Endpoint local, Endpoint remote) {
    return (int) hash(local, remote, 1);
  }

  /// A number that only this host can compute; `use` tells its uses apart.
  long hash(Endpoint local, Endpoint remote, long use) {
    return sip(
            local.address().high(),
            local.address().low(),
            remote.address().high(),
            remote.address().low(),
            ports(local.port(), remote.port()) | use)
        .finish(40);
  }

  /// The two ports, with 32 bits of room behind them to tell uses apart.
  static long ports(int local, int remote) {
    return (long) local << 48 | (long) remote << 32;
  }

  /// The same for something more than endpoints.
  long hash(
      long localHigh, long localLow, long remoteHigh, long remoteLow, long portsAndUse, long what) {
    SipHash sip = sip(localHigh, localLow, remoteHigh, remoteLow, portsAndUse);
    sip.add(what);
    return sip.finish(48);
  }

  private SipHash sip(
      long localHigh, long localLow, long remoteHigh, long remoteLow, long portsAndUse) {
    SipHash sip = new SipHash(key0, key1);
    sip.add(localHigh);
    sip.add(localLow);
    sip.add(remoteHigh);
    sip.add(remoteLow);
    sip.add(portsAndUse);
    return sip;
  }

  /// SipHash-2-4 (Aumasson and Bernstein, 2012) over whole words.
  static final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    SipHash(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    void add(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long finish(int bytes) {
      add((long) bytes << 56);
      v2 ^= 0xff;
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
