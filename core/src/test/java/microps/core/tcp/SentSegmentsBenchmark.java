package microps.core.tcp;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The scoreboard, by entries: the first is acknowledged and another sent; behind a hole the next
/// is SACKed and another sent.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SentSegmentsBenchmark {
  /// Octets of a segment: few, lest sequence numbers come round within an iteration.
  private static final int MSS = 1;

  private static final SentSegments.Deliveries NOBODY = (slot, sacked) -> {};

  @Param({"1", "100", "10000", "100000"})
  public int size;

  private final DeliveryRate rate = new DeliveryRate();
  private SentSegments sent = new SentSegments(new SlabPool());
  private int next;
  private int una;
  private int sacked;

  @Setup(Level.Iteration)
  public void fill() {
    sent = new SentSegments(new SlabPool());
    next = 0;
    una = 0;
    send();
    for (int i = 0; i < size; i++) {
      send();
    }
    sacked = MSS;
  }

  private void send() {
    sent.sent(next, next + MSS, MSS, rate, next);
    next += MSS;
  }

  @Benchmark
  public int acknowledge() {
    send();
    sent.acknowledge(una += MSS, NOBODY);
    return sent.size();
  }

  @Benchmark
  public int sack() {
    send();
    sent.sack(sacked, sacked + MSS, next, NOBODY);
    sacked += MSS;
    return sent.sackedOut();
  }
}
