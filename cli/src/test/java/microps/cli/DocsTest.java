package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the pages say is so: their programs compile, their commands parse, the classes and files
/// that they name exist.
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA = Pattern.compile("(?s)\n```java\n(.*?)\n```");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^|[|&`]|\\$ )\\s*(?:sudo )?\\./microps ([^\n|<>#&`]*)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

  /// A class, and perhaps a method of it.
  private static final Pattern NAME = Pattern.compile("\\b([A-Z][a-z]\\w+)(?:\\.([a-z]\\w+))?\\b");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^):#]+)\\)");

  /// Classes of the JDK, and words that look like a class.
  private static final List<String> KNOWN =
      List.of(
          "SocketChannel",
          "ServerSocketChannel",
          "DatagramChannel",
          "Socket",
          "System",
          "Logger",
          "Thread",
          "RandomGenerator",
          "ServiceLoader",
          "AsynchronousCloseException");

  @TempDir private Path folder;

  private static String page(String name) throws IOException {
    return Files.readString(ROOT.resolve(name));
  }

  @Test
  void theProgramOfTheReadmeCompiles() throws Exception {
    Matcher programs = JAVA.matcher(page("README.md"));
    assertThat(programs.find()).isTrue();
    Path file = Files.writeString(folder.resolve("Echo.java"), programs.group(1));
    String modules =
        Stream.of("core", "sockets")
            .map(m -> ROOT.resolve(m).resolve("target/classes").toString())
            .collect(Collectors.joining(File.pathSeparator));
    StringWriter told = new StringWriter();
    PrintWriter out = new PrintWriter(told);
    String[] args = {"-cp", modules, "-proc:none", "-d", folder.toString(), file.toString()};
    int code = ToolProvider.findFirst("javac").orElseThrow().run(out, out, args);
    assertThat(code).as(told.toString()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"})
  void theCommandsParse(String name) throws Exception {
    Matcher commands = COMMAND.matcher(page(name));
    int found = 0;
    while (commands.find()) {
      String line = commands.group(1).strip();
      if (line.matches("(demo|bench|play).*") || line.contains("COMMAND")) {
        line = line.replace("COMMAND", "ping").replaceFirst("^(demo|bench|play)", "$1 --help");
      }
      Cli cli = new Cli();
      int code = cli.execute(line.split("\\s+"));
      boolean wouldStart = code == 1 && cli.err().endsWith(": started\n");
      assertThat(code == 0 || wouldStart).as(line + ": " + cli.err()).isTrue();
      found++;
    }
    assertThat(found).isGreaterThanOrEqualTo(Map.of("README.md", 6).getOrDefault(name, 0));
  }

  /// The sources of all modules by the class; two modules may have one of the same name.
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("core", "linux", "sockets", "sim", "bench", "cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString();
          sources.merge(
              name.substring(0, name.length() - 5), Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "ARCHITECTURE.md"})
  void theClassesAndMethodsExist(String name) throws Exception {
    Map<String, String> sources = sources();
    List<String> unknown = new ArrayList<>();
    Matcher codes = CODE.matcher(JAVA.matcher(page(name)).replaceAll(""));
    while (codes.find()) {
      Matcher names = NAME.matcher(codes.group(1));
      while (names.find()) {
        String source = sources.get(names.group(1));
        String method = names.group(2);
        if (source == null) {
          if (!KNOWN.contains(names.group(1))) {
            unknown.add(names.group());
          }
        } else if (method != null && !source.contains(" " + method + "(")) {
          unknown.add(names.group());
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"})
  void theFilesExist(String name) throws Exception {
    Matcher links = LINK.matcher(page(name));
    while (links.find()) {
      assertThat(ROOT.resolve(links.group(1))).exists();
    }
  }
}
