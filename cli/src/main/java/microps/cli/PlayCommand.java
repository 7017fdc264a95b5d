package microps.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import microps.core.device.FrameTap.Direction;
import microps.core.device.Nic;
import microps.core.view.FrameText;
import microps.sim.Capture;
import microps.sim.script.PlayOptions;
import microps.sim.script.Profile;
import microps.sim.script.Script;
import microps.sim.script.Script.Verdict;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `play`: conversations in the language of packetdrill.
@Command(
    name = "play",
    header = "Plays packetdrill scripts against this stack, in virtual time.",
    description = {
      "For each script PASS; or FAIL with the line, what was expected and what was seen; or"
          + " UNREADABLE, or UNSUPPORTED (such as IPv6), with the line and the reason.",
      "Exit code 1 where one did not pass. docs/SCRIPTS.md describes the language."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class PlayCommand implements Callable<Integer> {
  private static final String INPUT = "-";
  private static final long MOST_BYTES = 16 << 20;

  private final Run run;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "A script; a folder: all *.pkt in it and below; -: the standard input.")
  private List<String> files = List.of();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      converter = ToProfile.class,
      description =
          "linux: as scripts written against Linux expect it; microps: as it is, and each packet"
              + " that no line expects is a failure. microps unless given, or the script says so.")
  private Profile profile = Profile.MICROPS;

  @Option(names = "--log", description = "Show each frame, at its time in the script.")
  private boolean log;

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      description = "Write all frames to a pcapng file, an interface for each script.")
  private @Nullable Path pcap;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show what did not pass and the summary only.")
  private boolean quiet;

  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);

  PlayCommand(Run run) {
    this.run = run;
  }

  /// One of the profiles.
  static final class ToProfile implements ITypeConverter<Profile> {
    @Override
    public Profile convert(String value) {
      return switch (value) {
        case "microps" -> Profile.MICROPS;
        case "linux" -> Profile.LINUX;
        default ->
            throw new TypeConversionException("there is no '" + value + "'; microps or linux");
      };
    }
  }

  /// A script and what it is called.
  private record Source(String name, @Nullable Path file) {}

  @Override
  public Integer call() throws IOException {
    if (quiet && log) {
      throw new WrongUsage("-q and --log contradict each other");
    }
    List<Source> sources = sources();
    try (Capture capture = capture()) {
      for (Source source : sources) {
        if (run.isInterrupted()) {
          return Session.INTERRUPTED;
        }
        play(source, capture);
      }
    }
    run.out().println(summary());
    run.out().flush();
    return count(Verdict.PASS) == sources.size() ? 0 : 1;
  }

  private List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    for (String name : files) {
      Path file = Path.of(name);
      if (name.equals(INPUT)) {
        sources.add(new Source("standard input", null));
      } else if (Files.isDirectory(file)) {
        List<Path> found = scripts(file);
        if (found.isEmpty()) {
          throw new Failure(name + " has no scripts; their names end in .pkt");
        }
        found.forEach(f -> sources.add(new Source(f.toString(), f)));
      } else if (!Files.exists(file)) {
        throw new Failure("there is no file " + name);
      } else if (!Files.isReadable(file)) {
        throw new Failure(name + " cannot be read");
      } else if (Files.size(file) > MOST_BYTES) {
        throw new Failure(name + " is too large for a script");
      } else {
        sources.add(new Source(name, file));
      }
    }
    return sources;
  }

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(f -> f.toString().endsWith(".pkt") && Files.isRegularFile(f))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw new Failure(folder + " cannot be read: " + e.getMessage());
    }
  }

  private @Nullable Capture capture() {
    if (pcap == null) {
      return null;
    }
    if (Files.isDirectory(pcap)) {
      throw new Failure("cannot write the capture " + pcap + ": it is a folder");
    }
    try {
      return new Capture(new java.io.BufferedOutputStream(Files.newOutputStream(pcap)));
    } catch (IOException e) {
      throw new Failure("cannot write the capture " + pcap + ": " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException x -> "no such folder";
      case java.nio.file.AccessDeniedException x -> "no permission";
      default -> String.valueOf(e.getMessage());
    };
  }

  private String text(Source source) throws IOException {
    byte[] bytes =
        source.file == null
            ? run.in().readNBytes((int) MOST_BYTES)
            : Files.readAllBytes(source.file);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void play(Source source, @Nullable Capture capture) throws IOException {
    List<String> frames = new ArrayList<>();
    PlayOptions options =
        PlayOptions.DEFAULT
            .with(profile)
            .with((nic, start) -> {
              if (log) {
                nic.add((n, way, frame, now) -> frames.add(line(n, way, frame, now - start)));
              }
              if (capture != null) {
                capture.add(source.name, nic);
              }
            });
    Script.Result result = Script.play(text(source), options);
    counts.merge(result.verdict(), 1, Integer::sum);
    PrintStream out = run.out();
    if (!quiet || !result.passed()) {
      String verdict = result.toString();
      int name = result.verdict().name().length();
      out.println(verdict.substring(0, name) + " " + source.name + verdict.substring(name));
      frames.forEach(out::println);
    }
    if (!quiet) {
      result.notes().forEach(note -> out.println("  note: " + note));
    }
  }

  private static String line(
      Nic nic, Direction way, microps.core.bytes.Packet frame, long sinceStart) {
    return String.format(
        Locale.ROOT,
        "  %.6f %s %s",
        sinceStart / 1e9,
        way == Direction.IN ? "<" : ">",
        FrameText.summary(frame, nic.info().link()));
  }

  private int count(Verdict verdict) {
    return counts.getOrDefault(verdict, 0);
  }

  private String summary() {
    StringBuilder text = new StringBuilder();
    text.append(count(Verdict.PASS)).append(" passed, ");
    text.append(count(Verdict.FAIL)).append(" failed");
    for (Verdict other : List.of(Verdict.UNREADABLE, Verdict.UNSUPPORTED)) {
      if (count(other) > 0) {
        text.append(", ").append(count(other)).append(' ');
        text.append(other.name().toLowerCase(Locale.ROOT));
      }
    }
    return text.toString();
  }
}
