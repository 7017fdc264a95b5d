package microps.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import microps.bench.Devices;
import microps.bench.path.End.Kind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The instrument: a transfer in each direction fills a path, over real devices.
@ExtendWith(Devices.class)
@Timeout(60)
class PathIT {

  @ParameterizedTest
  @CsvSource({"KERNEL, KERNEL", "KERNEL, MICROPS", "MICROPS, KERNEL"})
  void fillsAPath(Kind from, Kind to) throws Exception {
    PathSpec path = new PathSpec(10_000_000, 10_000_000L, 0);
    Lateness lateness = new Lateness();
    PathRun run = new PathRun(path, 1, 1_000_000_000L, from, to, lateness, () -> false);
    PathRun.Outcome outcome = run.run(null, true);
    // The path takes 1,460 of 1,514 bytes as text at most; the lower bound is for a busy machine.
    assertThat(outcome.goodput()).as(outcome.notes()).isBetween(4e6, 9.7e6);
    assertThat(outcome.notes()).contains("cubic").doesNotContain("REFUSED");
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().contains("relay"));
  }
}
