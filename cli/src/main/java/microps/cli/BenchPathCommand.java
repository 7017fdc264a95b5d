package microps.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import microps.bench.RatioTable;
import microps.bench.path.PathBenchmark;
import microps.bench.path.PathSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `bench path`: goodput beside the kernel of this machine.
@Command(
    name = "path",
    header = "Goodput over long, lossy paths, beside the kernel of this machine.",
    description = {
      "Goodput over paths with a rate, a delay and losses, of microps to the kernel and of the"
          + " kernel to microps, beside that of the kernel to itself, in turns. Takes some minutes.",
      "Needs Linux and root, or: unshare -Urn ./microps bench path. What it makes is in network namespaces"
          + " without a name, which end with it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class BenchPathCommand implements Callable<Integer> {
  private final Run run;

  @Option(
      names = "--rate",
      paramLabel = "MBITS",
      split = ",",
      converter = ToRate.class,
      description = {
        "The bottlenecks, in Mb/s, as in 20,100.",
        "Unless --rate, --rtt or --loss is given: 100 Mb/s with RTTs of 10 and 50 ms and losses of"
            + " 0, 0.1, 1 and 3 %%, and 20 Mb/s with 50 ms and 0 and 1 %%."
      })
  private List<Long> rates = List.of();

  @Option(
      names = "--rtt",
      paramLabel = "SECONDS",
      split = ",",
      converter = Convert.ToSeconds.class,
      description = "The round trips, as in 0.01,0.05.")
  private List<Convert.Seconds> rtts = List.of();

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      split = ",",
      converter = Convert.ToShare.class,
      description = "The losses in each direction, as in 0%%,1%%.")
  private List<Double> losses = List.of();

  @Option(
      names = "--runs",
      paramLabel = "N",
      converter = Convert.ToRuns.class,
      description = "How often each, each time with another seed; 5 unless given.")
  private int runs = 5;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      converter = Convert.ToSeconds.class,
      description = "How long each transfer lasts; 2 unless given.")
  private Convert.Seconds seconds = new Convert.Seconds(2_000_000_000L);

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides which frames are lost; 1 unless given.")
  private long seed = 1;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      converter = Convert.ToRuns.class,
      description = "How many transfers at a time; 1 unless given.")
  private int atOnce = 1;

  @Option(names = "--both", description = "Measure microps to microps too.")
  private boolean both;

  @Option(
      names = "--pcap",
      paramLabel = "FOLDER",
      description = "Write what each sender's side saw to a file in this folder.")
  private @Nullable Path captures;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show what both hosts say of their connections at the end of each run.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show the table only.")
  private boolean quiet;

  BenchPathCommand(Run run) {
    this.run = run;
  }

  /// A rate in Mb/s.
  static final class ToRate implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      double rate = value.matches("[0-9]{1,4}([.][0-9]{1,3})?") ? Double.parseDouble(value) : 0;
      if (rate < 0.008 || rate > 1000) {
        throw new TypeConversionException(
            "'" + value + "' is not a rate; write 0.008 to 1000, in Mb/s");
      }
      return Math.round(rate * 1e6);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (seconds.nanos() < 100_000_000L) {
      throw new WrongUsage("a transfer of less than 0.1 s says nothing; give more --seconds");
    }
    Path folder = captures;
    if (folder != null && !Files.isDirectory(folder)) {
      throw new Failure("cannot write captures to " + folder + ": no such folder");
    }
    PathBenchmark.Plan plan =
        new PathBenchmark.Plan(paths(), runs, seconds.nanos(), seed, atOnce, both, folder);
    PathBenchmark benchmark = new PathBenchmark(plan, this::log, verbose);
    run.onInterrupt(benchmark::stop);
    RatioTable table;
    try {
      table = benchmark.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new Failure("it cannot be measured: " + e.getMessage());
    }
    run.out().print("\n" + benchmark.conditions() + "\n" + table.text());
    run.out().flush();
    return run.isInterrupted() ? Session.INTERRUPTED : 0;
  }

  private List<PathSpec> paths() {
    if (rates.isEmpty() && rtts.isEmpty() && losses.isEmpty()) {
      return PathBenchmark.PATHS;
    }
    List<PathSpec> paths = new ArrayList<>();
    for (long rate : rates.isEmpty() ? List.of(100_000_000L) : rates) {
      for (Convert.Seconds rtt :
          rtts.isEmpty() ? List.of(new Convert.Seconds(50_000_000L)) : rtts) {
        for (double loss : losses.isEmpty() ? List.of(0.0) : losses) {
          paths.add(path(rate, rtt.nanos(), loss));
        }
      }
    }
    return paths;
  }

  private static PathSpec path(long rate, long rtt, double loss) {
    try {
      return new PathSpec(rate, rtt, loss);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(String.valueOf(e.getMessage()));
    }
  }

  private void log(String line) {
    if (!quiet) {
      run.err().println(line);
    }
  }
}
