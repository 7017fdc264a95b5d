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

/// What arrived beyond a gap, by ranges: one grows in their midst; the first gap closes and another
/// opens behind the last.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ReassemblyBenchmark {
  private static final int SEGMENT = 1000;

  /// More are never kept.
  @Param({"1", "100", "1000", "4096"})
  public int ranges;

  private Reassembly reassembly = new Reassembly();
  private int random = 1;
  private int first;
  private int last;

  @Setup(Level.Iteration)
  public void fill() {
    reassembly = new Reassembly();
    first = SEGMENT;
    last = first;
    for (int i = 0; i < ranges; i++) {
      reassembly.add(last, last + SEGMENT);
      last += 2 * SEGMENT;
    }
  }

  @Benchmark
  public void grow() {
    random = random * 1103515245 + 12345;
    int left = reassembly.left((random >>> 16) % ranges);
    reassembly.add(left + SEGMENT / 2, left + SEGMENT);
  }

  @Benchmark
  public int closeAndOpen() {
    reassembly.add(last, last + SEGMENT);
    last += 2 * SEGMENT;
    int next = reassembly.advance(first);
    first += 2 * SEGMENT;
    return next;
  }
}
