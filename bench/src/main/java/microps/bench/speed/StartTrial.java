package microps.bench.speed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import microps.bench.Namespaces;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// How long it takes from the command, `./microps tcps`, to the answer to the first ping. The TAP
/// is there before, and so is the neighbour, lest ARP's patience be measured.
record StartTrial() implements Trial {
  /// The system property by which `./microps` says where it is.
  private static final String COMMAND = "microps.command";

  private static final String MAC = "02:00:00:00:00:02";
  private static final int PATIENCE_SECONDS = 30;

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Per per() {
    return Per.NOTHING;
  }

  @Override
  public boolean hasReference() {
    return false;
  }

  @Override
  public @Nullable String missing() {
    String command = System.getProperty(COMMAND);
    return command == null || !Files.isExecutable(Path.of(command))
        ? "what is measured is ./microps; start the benchmark with that"
        : Programs.missing("ping", "iputils-ping");
  }

  @Override
  public Sample measure(Lab lab, Who who, long nanos) throws Exception {
    return lab.use(NetworkNamespace.create(), namespace -> measure(lab, namespace));
  }

  private static Sample measure(Lab lab, NetworkNamespace namespace) throws Exception {
    Namespaces.prepare(namespace);
    Namespaces.ip(namespace, "tuntap add dev tap0 mode tap");
    Namespaces.ip(namespace, "address add 192.0.2.1/24 dev tap0");
    Namespaces.ip(namespace, "link set tap0 up");
    Namespaces.ip(namespace, "neigh replace 192.0.2.2 lladdr " + MAC + " dev tap0 nud permanent");
    ProcessBuilder pings =
        builder("ping", "-q", "-i", "0.002", "-c", "1", "-w", "" + PATIENCE_SECONDS, "192.0.2.2");
    ProcessBuilder command =
        builder(
            System.getProperty(COMMAND),
            "tcps",
            "-q",
            "--device",
            "tap:tap0",
            "--address",
            "192.0.2.2/24",
            "--mac",
            MAC,
            "7");
    Process ping = namespace.start(pings);
    return lab.use(
        ping::destroyForcibly,
        _ -> {
          long start = System.nanoTime();
          Process microps = namespace.start(command);
          return lab.use(
              () -> microps.destroyForcibly().onExit().join(),
              _ -> {
                boolean over = ping.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                long took = System.nanoTime() - start;
                if (!over || ping.exitValue() != 0) {
                  throw new java.io.IOException("./microps tcps answers no ping");
                }
                return Sample.of(took / 1e6);
              });
        });
  }

  private static ProcessBuilder builder(String... command) {
    return new ProcessBuilder(List.of(command))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
