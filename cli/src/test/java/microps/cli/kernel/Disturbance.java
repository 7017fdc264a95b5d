package microps.cli.kernel;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import microps.core.bytes.Packet;

/// What a path does to frames of an Ethernet. It counts what it did. SYNs pass unharmed where not
/// said otherwise: one that is lost costs a second.
abstract class Disturbance {
  private static final int ETHERNET = 14;
  private static final int SYN = 2;

  private final AtomicInteger done = new AtomicInteger();

  /// What becomes of a frame, which it may change: how many of it arrive, 0 to 2. Each way is asked
  /// by one thread at a time, the two ways at the same time.
  ///
  /// @param toKernel which way it goes
  abstract int copies(Packet frame, boolean toKernel);

  /// How many segments with text were disturbed, of both ways.
  int done() {
    return done.get();
  }

  final int settle(Packet frame, int copies) {
    if (text(frame) > 0) {
      done.incrementAndGet();
    }
    return copies;
  }

  /// Segments are lost at random, both ways, also acknowledgments.
  static Disturbance loss(double rate, long seed) {
    SplittableRandom there = new SplittableRandom(seed);
    SplittableRandom back = there.split();
    return new Disturbance() {
      @Override
      int copies(Packet frame, boolean toKernel) {
        boolean chosen = isChosen(frame) && (toKernel ? there : back).nextDouble() < rate;
        return chosen ? settle(frame, 0) : 1;
      }
    };
  }

  /// Of the segments with text, each n-th arrives twice.
  static Disturbance duplication(int n) {
    return new EachNth(n) {
      @Override
      int nth(Packet frame) {
        return 2;
      }
    };
  }

  /// Of the segments with text whose sender is capable of ECN, each n-th is marked, as a router
  /// marks it whose queue is long (RFC 3168).
  static Disturbance marks(int n) {
    return new EachNth(n) {
      @Override
      int nth(Packet frame) {
        int trafficClass = frame.get8(ETHERNET + 1);
        frame.put8(ETHERNET + 1, trafficClass | 3);
        // RFC 1624, equation 3
        int sum = (~frame.get16(ETHERNET + 10) & 0xffff) + (trafficClass | 3) - trafficClass;
        frame.put16(ETHERNET + 10, ~((sum & 0xffff) + (sum >>> 16)));
        return 1;
      }

      @Override
      boolean isCounted(Packet frame) {
        return (frame.get8(ETHERNET + 1) & 3) != 0;
      }
    };
  }

  /// Nothing arrives of what the microps host sends to a port of the kernel's.
  static Disturbance silence(int port) {
    return new Disturbance() {
      @Override
      int copies(Packet frame, boolean toKernel) {
        boolean swallowed = toKernel && isTcp(frame) && frame.get16(tcp(frame) + 2) == port;
        return swallowed ? 0 : 1;
      }
    };
  }

  /// Counts the segments with text of each way.
  private abstract static class EachNth extends Disturbance {
    private final int n;
    private int there;
    private int back;

    EachNth(int n) {
      this.n = n;
    }

    /// What becomes of an n-th one.
    abstract int nth(Packet frame);

    /// Whether a segment with text is one of those that are counted.
    boolean isCounted(Packet frame) {
      return true;
    }

    @Override
    int copies(Packet frame, boolean toKernel) {
      if (!isChosen(frame) || text(frame) == 0 || !isCounted(frame)) {
        return 1;
      }
      int count = toKernel ? ++there : ++back;
      return count % n == 0 ? settle(frame, nth(frame)) : 1;
    }
  }

  private static boolean isChosen(Packet frame) {
    return isTcp(frame) && (frame.get8(tcp(frame) + 13) & SYN) == 0;
  }

  private static boolean isTcp(Packet frame) {
    return frame.get16(ETHERNET - 2) == 0x0800 && frame.get8(ETHERNET + 9) == 6;
  }

  private static int tcp(Packet frame) {
    return ETHERNET + 4 * (frame.get8(ETHERNET) & 15);
  }

  private static int text(Packet frame) {
    int header = 4 * (frame.get8(tcp(frame) + 12) >> 4);
    return ETHERNET + frame.get16(ETHERNET + 2) - tcp(frame) - header;
  }
}
