package microps.bench.speed;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import microps.bench.speed.Trial.Who;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// The servers of other stacks, built where what they need is installed.
final class PeerServers implements AutoCloseable {
  /// The system property by which `./microps` says where it is.
  private static final String COMMAND = "microps.command";

  private static final String SOURCES = "/microps/bench/peers/";
  private static final int MOST_OF_A_LINE = 200;

  private final Map<Who, Path> programs = new EnumMap<>(Who.class); // guarded by itself
  private final Consumer<String> note;
  private @Nullable Path temporary;

  /// None.
  ///
  /// @param note takes a line for each that is there, with its version, or is not, and why
  PeerServers(Consumer<String> note) {
    this.note = note;
  }

  /// Builds those that can be built. What cannot is told, and is not there.
  ///
  /// @throws InterruptedException where all is to end
  void build(Lab lab, List<PeerStack> stacks) throws Exception {
    Path folder = folder();
    for (PeerStack stack : stacks) {
      String version = Debian.version(stack.debianPackage());
      List<String> missing = missing(stack, version);
      if (!missing.isEmpty()) {
        note.accept(
            SpeedTable.word(stack.who())
                + ": not installed: apt-get install "
                + String.join(" ", missing));
        continue;
      }
      try {
        add(stack.who(), build(lab, stack, folder));
        note.accept(SpeedTable.word(stack.who()) + ": " + stack.debianPackage() + " " + version);
      } catch (IOException e) {
        if (lab.isStopped()) {
          throw e;
        }
        note.accept(SpeedTable.word(stack.who()) + " is not built: " + e.getMessage());
      }
    }
  }

  /// Adds one that is built.
  void add(Who who, Path program) {
    synchronized (programs) {
      programs.put(who, program);
    }
  }

  /// The packages that it takes and that are not there.
  ///
  /// @param version of its own package; null where that is not installed
  static List<String> missing(PeerStack stack, @Nullable String version) {
    List<String> missing = new ArrayList<>();
    if (version == null) {
      missing.add(stack.debianPackage());
    }
    PeerStack.Tool compiler = stack.compiler();
    if (Programs.missing(compiler.program(), compiler.debianPackage()) != null) {
      missing.add(compiler.debianPackage());
    }
    if (Programs.missing("ping", "iputils-ping") != null) {
      missing.add("iputils-ping");
    }
    return missing;
  }

  /// Of the module where the sources of microps are, so that what is built is found the next time.
  private Path folder() throws IOException {
    String command = System.getProperty(COMMAND);
    Path module = command == null ? null : Path.of(command).resolveSibling("bench");
    if (module != null && Files.isWritable(module)) {
      return Files.createDirectories(module.resolve("target/peers"));
    }
    Path made = Files.createTempDirectory("microps-peers");
    temporary = made;
    return made;
  }

  private static Path build(Lab lab, PeerStack stack, Path folder) throws Exception {
    String name = SpeedTable.word(stack.who());
    Path sources = Files.createDirectories(folder.resolve(name));
    for (String source : stack.sources()) {
      copy(SOURCES + name + "/" + source, sources.resolve(source));
    }
    Path program = sources.resolve("server");
    ProcessBuilder builder =
        new ProcessBuilder(stack.build(program.toAbsolutePath()))
            .directory(sources.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true);
    builder.environment().putAll(PeerStack.ENVIRONMENT);
    builder.environment().put("GOCACHE", folder.resolve("cache").toAbsolutePath().toString());
    Process process = builder.start();
    lab.use(
        () -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly); // what go has started
          process.destroyForcibly();
        },
        _ -> {
          String printed;
          try (InputStream output = process.getInputStream()) {
            printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
          }
          if (process.waitFor() != 0) {
            throw new IOException(oneLine(printed));
          }
          return program;
        });
    return program;
  }

  private static void copy(String resource, Path to) throws IOException {
    try (InputStream from = PeerServers.class.getResourceAsStream(resource)) {
      if (from == null) {
        throw new IOException("there is no " + resource + " in this build");
      }
      byte[] text = from.readAllBytes();
      Files.write(to, text);
    }
  }

  /// What a compiler printed, as far as it goes into a line: its first complaint comes first.
  static String oneLine(String printed) {
    String line =
        printed
            .lines()
            .filter(each -> !each.isBlank() && !each.startsWith("#"))
            .findFirst()
            .orElse("the compiler failed and says nothing")
            .strip();
    return line.length() <= MOST_OF_A_LINE ? line : line.substring(0, MOST_OF_A_LINE) + " ...";
  }

  /// Those that can be measured now.
  List<Who> present() {
    synchronized (programs) {
      return List.copyOf(programs.keySet());
    }
  }

  /// Takes one away that does not work, and tells why. The others are measured all the same.
  void drop(Who who, Exception why) {
    synchronized (programs) {
      if (programs.remove(who) == null) {
        return;
      }
    }
    note.accept(SpeedTable.word(who) + " failed: " + oneLine(String.valueOf(why.getMessage())));
  }

  /// Starts one on its TAP, which is there.
  ///
  /// @param prefix of the command line, such as `taskset`
  PeerProcess start(NetworkNamespace namespace, List<String> prefix, PeerStack stack)
      throws Exception {
    Path program;
    synchronized (programs) {
      program = programs.get(stack.who());
    }
    if (program == null) {
      throw new IOException("it is not built");
    }
    List<String> command = new ArrayList<>(prefix);
    command.add(program.toAbsolutePath().toString());
    command.addAll(List.of(stack.place().device(), stack.place().address(), "24"));
    return PeerProcess.start(namespace, SpeedTable.word(stack.who()), new ProcessBuilder(command));
  }

  /// Deletes what was built in a temporary folder.
  @Override
  public void close() throws IOException {
    Path folder = temporary;
    if (folder == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
