package microps.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import microps.bench.speed.Speed;
import microps.bench.speed.SpeedTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/// `bench`: speed beside the kernel of this machine.
@Command(
    name = "bench",
    header = "Speed beside the kernel of this machine.",
    description = {
      "Measures each figure of microps in turns with its reference, the kernel to itself over veth,"
          + " and prints the ratios beside what is wanted. All of them take about half an"
          + " hour: --quick, --only.",
      "Needs Linux, root and ip; or: unshare -Urn ./microps bench. What it makes is in network"
          + " namespaces without a name and in processes of its own, which end with it."
    },
    synopsisSubcommandLabel = "[path]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  private static final long SECOND = 1_000_000_000L;

  private final Run run;

  @Option(
      names = "--only",
      paramLabel = "FIGURE",
      split = ",",
      description = "Only these; as in bulk-in or 'bulk-*'. See --list.")
  private List<String> only = List.of();

  @Option(names = "--list", description = "Show the names of all figures, and what is wanted.")
  private boolean list;

  @Option(
      names = "--runs",
      paramLabel = "N",
      converter = Convert.ToRuns.class,
      description = "How often each; 5 unless given.")
  private @Nullable Integer runs;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      converter = Convert.ToSeconds.class,
      description = "How long each run lasts; 2 unless given.")
  private Convert.@Nullable Seconds seconds;

  @Option(
      names = "--quick",
      description = "One run of one second each, with little warm-up: for a first look.")
  private boolean quick;

  @Option(
      names = "--no-offload",
      description = "Let microps do without the offloads of its devices.")
  private boolean noOffload;

  @Option(
      names = "--peers",
      description =
          "Measure other stacks too, in the same turns: gVisor's and lwIP, on TAPs, where Debian's"
              + " packages of them are installed. Builds servers for them, which takes a minute.")
  private boolean peers;

  @Option(
      names = "--connections",
      paramLabel = "N",
      converter = ToConnections.class,
      description = "How many there are where there are to be many; 100000 unless given.")
  private int connections = Speed.MANY_CONNECTIONS;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Write all figures, with date and machine, into this page: bench/RESULTS.md.")
  private @Nullable Path page;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show each run.")
  private boolean verbose;

  BenchCommand(Run run) {
    this.run = run;
  }

  /// How many connections.
  static final class ToConnections implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return Convert.inRange("the number of connections", value, 100, 2_000_000);
    }
  }

  /// With the other benchmark below it.
  CommandLine withPath() {
    return new CommandLine(this).addSubcommand(new BenchPathCommand(run));
  }

  @Override
  public Integer call() throws IOException {
    Speed.Plan plan = plan();
    if (list) {
      run.out().print(Speed.list());
      return 0;
    }
    Speed speed = new Speed(plan, this::log);
    if (peers) {
      speed.comparePeers();
    }
    run.onInterrupt(speed::stop);
    SpeedTable table;
    try {
      table = speed.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new Failure("it cannot be measured: " + e.getMessage());
    }
    run.out().print(speed.conditions() + "\n" + table.text());
    run.out().flush();
    if (page != null && !run.isInterrupted()) {
      speed.write(page, table);
    }
    return run.isInterrupted() ? Session.INTERRUPTED : table.hasFailed() ? 1 : 0;
  }

  private Speed.Plan plan() {
    long nanos = seconds == null ? (quick ? 1 : 2) * SECOND : seconds.nanos();
    if (nanos < SECOND / 10) {
      throw new WrongUsage("a run of less than 0.1 s says nothing; give more --seconds");
    }
    Path folder = page == null ? null : page.toAbsolutePath().getParent();
    if (page != null && !only.isEmpty()) {
      throw new WrongUsage("--write replaces all figures, so give no --only with it");
    }
    if (folder != null && !Files.isDirectory(folder)) {
      throw new WrongUsage("cannot write " + page + ": there is no folder " + folder);
    }
    int often = runs == null ? quick ? 1 : 5 : runs;
    try {
      return new Speed.Plan(only, often, nanos, (quick ? 1 : 3) * SECOND, !noOffload, connections);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(String.valueOf(e.getMessage()));
    }
  }

  private void log(String line) {
    if (verbose) {
      run.err().println(line);
    }
  }
}
