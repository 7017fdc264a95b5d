package microps.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`: all of it in one JVM, for a newcomer.
@Command(
    name = "demo",
    header = "Two hosts in this process: no rights, no set-up, no network needed.",
    description = {
      "Shows ARP, a ping, a TCP conversation frame by frame, and a transfer over a wire that"
          + " loses frames; checks all of it, and leaves a capture for Wireshark.",
      "Exit code 1 where a check failed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {
  private static final String CAPTURE = "microps-demo.pcapng";

  private final Run run;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      converter = Convert.ToBytes.class,
      description = "How much goes over the lossy wire; 64M unless given.")
  private long bytes = 64 << 20;

  @Option(
      names = "--loss",
      paramLabel = "SHARE",
      converter = Convert.ToShare.class,
      description = "The share of frames that it loses, up to 10%%; 1%% unless given.")
  private double loss = 0.01;

  @Option(
      names = "--delay",
      paramLabel = "SECONDS",
      converter = Convert.ToSeconds.class,
      description = "How long a frame is under way on it; 0.01 unless given.")
  private Convert.Seconds delay = new Convert.Seconds(10_000_000L);

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides which frames are lost; 1 unless given.")
  private long seed = 1;

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      description = "Where the capture goes; ./" + CAPTURE + " unless given.")
  private @Nullable Path pcap;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show the summary only.")
  private boolean quiet;

  private final List<String> summary = new ArrayList<>();
  private boolean failed;

  DemoCommand(Run run) {
    this.run = run;
  }

  /// Takes down the result of a check.
  interface Checks {
    /// @param name what was checked, in a word or two
    /// @param detail what was seen
    void check(boolean isRight, String name, String detail);
  }

  @Override
  public Integer call() throws IOException {
    if (loss > 0.1) {
      throw new WrongUsage("TCP makes little way beyond a loss of 10%; give less");
    }
    PrintStream shown =
        quiet ? new PrintStream(java.io.OutputStream.nullOutputStream()) : run.out();
    Path capture = pcap == null ? defaultCapture() : pcap;
    Path folder = capture.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new Failure("cannot write the capture " + capture + ": no such folder");
    }
    shown.println("Two hosts on a wire, all of it in this process:");
    shown.println("  alice  192.0.2.1  00:00:5e:00:53:01");
    shown.println("  bob    192.0.2.2  00:00:5e:00:53:02");
    try (DemoHosts hosts = DemoHosts.start(shown, capture)) {
      run.onInterrupt(hosts::close);
      hosts.ping(this::check);
      hosts.echo(this::check);
      hosts.numbers();
    } catch (IOException e) {
      if (!run.isInterrupted()) {
        throw e;
      }
    }
    if (!run.isInterrupted()) {
      transfer(shown);
    }
    if (run.isInterrupted()) {
      return Session.INTERRUPTED;
    }
    long frames = CaptureReader.count(capture);
    check(frames > 0, "capture", frames + " frames in " + capture);
    run.out().println();
    run.out().println(failed ? "Summary: something is wrong" : "Summary: all is well");
    summary.forEach(run.out()::println);
    run.out().print(next(capture));
    run.out().flush();
    return failed ? 1 : 0;
  }

  private void check(boolean isRight, String name, String detail) {
    failed |= !isRight;
    summary.add(
        String.format(Locale.ROOT, "  %-5s %-9s %s", isRight ? "ok" : "WRONG", name, detail));
  }

  /// In the current directory, or where that cannot be written, among the temporary files.
  private static Path defaultCapture() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isWritable(here)
        ? here.resolve(CAPTURE)
        : Path.of(System.getProperty("java.io.tmpdir")).resolve(CAPTURE);
  }

  private void transfer(PrintStream shown) {
    LossyTransfer.Plan plan = new LossyTransfer.Plan(seed, bytes, loss, delay.nanos());
    String size = size(bytes);
    shown.println();
    shown.println(
        "3. "
            + size
            + " from alice to bob over a wire that loses "
            + percent(loss)
            + " of the frames, each "
            + number(delay.nanos() / 1e6)
            + " ms under way");
    shown.println(
        "   in virtual time: nobody waits, and the same seed loses the same frames again");
    shown.flush();
    LossyTransfer.Result r = LossyTransfer.run(plan, run::isInterrupted);
    if (run.isInterrupted()) {
      return;
    }
    shown.println("   sent      SHA-256 " + r.sent());
    shown.println("   received  SHA-256 " + r.received());
    String lost = "lost " + r.lost() + " of " + r.frames() + " frames";
    String again = "sent " + r.retransmits() + " segments again";
    shown.println("   the wire " + lost + ", TCP " + again);
    String time = number(r.virtualNanos() / 1e9) + " s on the wire";
    String computed = "computed in " + number(r.realNanos() / 1e9) + " s";
    String goodput = number(r.goodput() / 1e6) + " Mbit/s";
    shown.println("   " + time + " (" + goodput + "), " + computed);
    String outcome =
        r.failure() != null
            ? "broke: " + r.failure()
            : r.isIntact(plan) ? "arrived unharmed" : "arrived changed";
    check(r.isIntact(plan), size, outcome + " over a wire that " + lost + "; TCP " + again);
    summary.add(" ".repeat(18) + time + ", " + goodput + "; " + computed);
  }

  private String next(Path capture) {
    return """

    What to try next
      wireshark %s    (or: tshark -r %s)
      ./microps demo --seed 2 --loss 3%%
    and with the kernel of this machine (Linux), in one terminal:
      sudo ip tuntap add mode tap user $USER name tap0
      sudo ip addr add 192.0.2.1/24 dev tap0
      sudo ip link set tap0 up
      ./microps tcps -v 7
    in another:
      ping 192.0.2.2
      nc 192.0.2.2 7
    """
        .formatted(shortest(capture), shortest(capture));
  }

  private static Path shortest(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  private static String percent(double share) {
    return number(share * 100) + " %";
  }

  /// At most two digits behind the point.
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceAll("[.]?0+$", "");
  }

  private static String size(long bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MB" : bytes + " bytes";
  }
}
