package microps.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// The gate of the benchmarks: what each packet passes makes no garbage. Their times are for people
/// (CONTRIBUTING.md).
class LeafAllocationTest {
  private static final int BENCHMARKS = 11;

  /// Half of the smallest object; what the harness makes is spread over many calls.
  private static final double NOTHING = 8;

  @Test
  @DisplayName("No leaf on the way of a packet allocates")
  void allocatesNothing() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .shouldFailOnError(true)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(100))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.milliseconds(50))
                    .param("size", "100")
                    .param("ranges", "100")
                    .param("octets", "1460")
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertThat(results).hasSize(BENCHMARKS);
    for (RunResult r : results) {
      // What a leaf makes, it makes in each iteration.
      assertThat(r.getSecondaryResults().get("gc.alloc.rate.norm").getStatistics().getMin())
          .as(r.getParams().getBenchmark() + ", bytes in a call")
          .isLessThan(NOTHING);
    }
  }
}
