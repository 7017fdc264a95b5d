package microps.core.basis;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Timers, by how many run: one is set again, as each acknowledgment does; one expires and is set.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class TimerQueueBenchmark {
  /// A second.
  private static final long SPAN = 1_000_000_000L;

  @Param({"1", "100", "10000", "100000"})
  public int size;

  private TimerQueue queue = new TimerQueue();
  private TimerQueue.Timer[] timers = {};
  private long now;
  private long random = 1;

  private final class Restarted extends TimerQueue.Timer {
    @Override
    protected void expire(long now) {
      queue.set(this, now + SPAN);
    }
  }

  @Setup
  public void start() {
    queue = new TimerQueue();
    timers = new TimerQueue.Timer[size];
    for (int i = 0; i < size; i++) {
      timers[i] = new Restarted();
      queue.set(timers[i], next() % SPAN);
    }
  }

  private long next() {
    random = random * 6364136223846793005L + 1442695040888963407L;
    return random >>> 33;
  }

  @Benchmark
  public void setAgain() {
    queue.set(timers[(int) (next() % size)], now += 1000);
  }

  @Benchmark
  public long expire() {
    queue.advance(queue.nextDeadline());
    return queue.nextDeadline();
  }
}
