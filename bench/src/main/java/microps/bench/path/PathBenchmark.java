package microps.bench.path;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import microps.bench.Figure;
import microps.bench.Figure.Contender;
import microps.bench.Interleaved;
import microps.bench.RatioTable;
import microps.bench.path.End.Kind;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// Goodput of microps to the kernel and of the kernel to microps, beside that of the kernel to
/// itself, over the same paths with the same seeds, in turns.
public final class PathBenchmark {

  /// What is measured.
  ///
  /// @param paths over which
  /// @param runs how often each, each time with another seed
  /// @param nanos how long each transfer lasts
  /// @param seed of the first run
  /// @param atOnce how many transfers at a time
  /// @param ownPair whether microps to microps is measured too
  /// @param captures a folder for a capture of each run, or null
  public record Plan(
      List<PathSpec> paths,
      int runs,
      long nanos,
      long seed,
      int atOnce,
      boolean ownPair,
      @Nullable Path captures) {}

  /// The paths that are measured unless others are asked for.
  public static final List<PathSpec> PATHS = paths();

  private static final long TOO_LATE = 2_000_000;
  private static final String LATE =
      "\n  That is late: the machine is too busy for such numbers. As root: chrt -r 5 ./microps bench path";

  private final Plan plan;
  private final Consumer<String> log;
  private final boolean wordy;
  private final Lateness lateness = new Lateness();
  private volatile boolean stopped;

  /// @param log takes a line for each run
  /// @param wordy whether the hosts are asked for their connections at the end of a run
  public PathBenchmark(Plan plan, Consumer<String> log, boolean wordy) {
    this.plan = plan;
    this.log = log;
    this.wordy = wordy;
  }

  private static List<PathSpec> paths() {
    List<PathSpec> paths = new ArrayList<>();
    for (int rtt : new int[] {10, 50}) {
      for (double loss : new double[] {0, 0.001, 0.01, 0.03}) {
        paths.add(new PathSpec(100_000_000, rtt * 1_000_000L, loss));
      }
    }
    paths.add(new PathSpec(20_000_000, 50_000_000L, 0));
    paths.add(new PathSpec(20_000_000, 50_000_000L, 0.01));
    return List.copyOf(paths);
  }

  /// Why it cannot run here, in one line; null where it can.
  public static @Nullable String obstacle() {
    return NetworkNamespace.obstacle();
  }

  /// Ends it soon; [#run] returns what is measured so far.
  public void stop() {
    stopped = true;
  }

  /// Measures, and tells.
  ///
  /// @throws IOException where it cannot run
  public RatioTable run() throws Exception {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IOException(obstacle);
    }
    Interleaved measured = new Interleaved(plan.paths.stream().map(this::figure).toList());
    measured.run(plan.runs, plan.atOnce, () -> stopped);
    return new RatioTable(measured, "Mb/s");
  }

  /// What to know of the numbers: how they were measured, and how exact the relay was.
  public String conditions() {
    return String.format(
        Locale.ROOT,
        """
        rate, RTT, loss each way; a queue of one bandwidth-delay product, at least 16 frames; \
        plain frames of MTU 1500
        median of %d transfers of %.1f s each, with other seeds, in turns; kernel %s: %s
        ratio: the mean of the ratios seed by seed, with its uncertainty of 95 %%; as good: not \
        below 1 by more than that and 0.01
        relay: %s%s
        """,
        plan.runs,
        plan.nanos / 1e9,
        System.getProperty("os.version"),
        KernelEnd.SETTINGS,
        lateness,
        lateness.quantile(0.99) > TOO_LATE ? LATE : "");
  }

  private Figure figure(PathSpec path) {
    List<Contender> contenders = new ArrayList<>();
    contenders.add(contender(path, Kind.KERNEL, Kind.KERNEL));
    contenders.add(contender(path, Kind.MICROPS, Kind.KERNEL));
    contenders.add(contender(path, Kind.KERNEL, Kind.MICROPS));
    if (plan.ownPair) {
      contenders.add(contender(path, Kind.MICROPS, Kind.MICROPS));
    }
    return new Figure(path.toString(), contenders);
  }

  private Contender contender(PathSpec path, Kind from, Kind to) {
    String name = from + " to " + to;
    return new Contender(
        name,
        round -> {
          long seed = plan.seed + round;
          PathRun run = new PathRun(path, seed, plan.nanos, from, to, lateness, () -> stopped);
          PathRun.Outcome outcome = run.run(capture(path, name, seed), wordy);
          double goodput = outcome.goodput() / 1e6;
          log.accept(
              String.format(
                  Locale.ROOT, "%s, %s: %.2f Mb/s; %s", path, name, goodput, outcome.notes()));
          return goodput;
        });
  }

  private @Nullable Path capture(PathSpec path, String name, long seed) {
    String text = path.rate() / 1_000_000 + "-" + path.rtt() / 1_000_000 + "-" + path.loss() * 100;
    Path folder = plan.captures;
    return folder == null
        ? null
        : folder.resolve(text + "-" + name.replace(' ', '-') + "-" + seed + ".pcapng");
  }
}
