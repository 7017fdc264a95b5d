package microps.bench.path;

import java.util.Locale;

/// A path, the same both ways: a bottleneck with a drop-tail queue of one bandwidth-delay product,
/// and behind it a delay. Frames are lost before the bottleneck, each by itself, in both
/// directions.
///
/// @param rate of the bottleneck, in bits of Ethernet frames a second
/// @param rtt the round trip without queue, in nanoseconds
/// @param loss the share of IP frames that is lost in each direction, 0 to 1
public record PathSpec(long rate, long rtt, double loss) {
  private static final int FEW_FRAMES = 16 * 1514;

  /// @throws IllegalArgumentException where a number is out of range
  public PathSpec {
    if (rate < 8_000 || rate > 1_000_000_000 || rtt < 0 || rtt > 10_000_000_000L) {
      throw new IllegalArgumentException("a path has 8 kb/s to 1 Gb/s, and an RTT of 0 to 10 s");
    }
    if (!(loss >= 0 && loss <= 0.5)) {
      throw new IllegalArgumentException("a path loses 0 to 50 %, not " + loss);
    }
  }

  /// What the queue in front of the bottleneck holds, in bytes.
  public int queueBytes() {
    return (int) Math.max(rate / 8 * rtt / 1_000_000_000L, FEW_FRAMES);
  }

  /// The time in which the bottleneck lets a frame through.
  public long serialization(int bytes) {
    return bytes * 8_000_000_000L / rate;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s Mb/s, %s ms, %s %%",
        number(rate / 1e6),
        number(rtt / 1e6),
        number(loss * 100));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value).replaceAll("[.]?0+$", "");
  }
}
