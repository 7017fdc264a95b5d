package microps.sim.supported;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/SUPPORTED.md` is made from the display names of all modules' tests, and the first lines of
/// the scripts. Where it is out of date, this writes it anew and fails once, so that the change is
/// committed.
class SupportedTest {
  private static final Path ROOT = root();
  private static final Path FILE = ROOT.resolve("docs/SUPPORTED.md");
  private static final Pattern NAME =
      Pattern.compile("@DisplayName\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)+)\\)");
  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern REQUIREMENT = Pattern.compile("(?:MUST|SHLD|MAY|REC)-[0-9]+");
  private static final Pattern RFC = Pattern.compile("RFC ([0-9]{3,5})");

  /// A named test.
  private record Named(String name, Path source) {
    String link() {
      String file = source.getFileName().toString().replaceAll("\\.(java|pkt)", "");
      return "[" + file + "](../" + source.toString().replace('\\', '/') + ")";
    }
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("mvnw")) ? here : Objects.requireNonNull(here.getParent());
  }

  private static List<Named> names() throws IOException {
    List<Named> names = new ArrayList<>();
    List<Path> sources;
    try (Stream<Path> modules = Files.list(ROOT)) {
      sources =
          modules
              .map(module -> module.resolve("src/test/java"))
              .filter(Files::isDirectory)
              .flatMap(folder -> files(folder, ".java"))
              .sorted()
              .toList();
    }
    for (Path source : sources) {
      Matcher m = NAME.matcher(Files.readString(source));
      while (m.find()) {
        StringBuilder name = new StringBuilder();
        Matcher part = LITERAL.matcher(m.group(1));
        while (part.find()) {
          name.append(part.group(1).replace("\\\"", "\"").replace("\\\\", "\\"));
        }
        names.add(new Named(name.toString(), ROOT.relativize(source)));
      }
    }
    for (Path script : files(ROOT.resolve("scripts"), ".pkt").sorted().toList()) {
      String first = Files.readString(script).lines().findFirst().orElse("");
      names.add(new Named(first.substring("// ".length()), ROOT.relativize(script)));
    }
    return names;
  }

  private static Stream<Path> files(Path folder, String ending) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> p.toString().endsWith(ending)).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String[]> requirements() throws IOException {
    try (InputStream in = SupportedTest.class.getResourceAsStream("rfc9293.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.split("\\|", -1))
          .toList();
    }
  }

  /// A line of clauses.txt: RFC, clause, words of a name, or why there is none.
  private record Clause(int rfc, String text, String words, String reason) {
    static Clause parse(String line) {
      // a bar within the words is written \\|
      String[] parts = line.split("(?<!\\\\)\\|", -1);
      assertThat(parts).as(line).hasSize(4);
      return new Clause(
          Integer.parseInt(parts[0]), parts[1], parts[2].replace("\\|", "|"), parts[3]);
    }

    List<Named> tests(Map<Integer, List<Named>> byRfc) {
      if (words.isEmpty()) {
        return List.of();
      }
      Pattern pattern = Pattern.compile(words);
      return byRfc.getOrDefault(rfc, List.of()).stream()
          .filter(n -> pattern.matcher(n.name()).find())
          .toList();
    }
  }

  private static List<Clause> clauses() throws IOException {
    try (InputStream in = SupportedTest.class.getResourceAsStream("clauses.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Clause::parse)
          .toList();
    }
  }

  private static Map<Integer, List<Named>> byRfc() throws IOException {
    Map<Integer, List<Named>> byRfc = new TreeMap<>();
    for (Named named : names()) {
      TreeSet<Integer> rfcs = new TreeSet<>();
      Matcher r = RFC.matcher(named.name());
      while (r.find()) {
        rfcs.add(Integer.valueOf(r.group(1)));
      }
      rfcs.forEach(rfc -> byRfc.computeIfAbsent(rfc, k -> new ArrayList<>()).add(named));
    }
    return byRfc;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  private static String page() throws IOException {
    List<Named> names = names();
    Map<String, TreeSet<String>> byRequirement = new LinkedHashMap<>();
    Map<Integer, List<Named>> byRfc = byRfc();
    for (Named named : names) {
      Matcher m = REQUIREMENT.matcher(named.name());
      while (m.find()) {
        byRequirement.computeIfAbsent(m.group(), k -> new TreeSet<>()).add(named.link());
      }
    }
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # What is supported

        Made from the names of tests; not to be edited. `./mvnw verify` writes it anew where a name changed.

        ## TCP (RFC 9293), by the identifiers of its appendix B

        """);
    summary(page, byRequirement);
    page.append("\n| | requirement | tests |\n|---|---|---|\n");
    for (String[] r : requirements()) {
      TreeSet<String> tests = byRequirement.getOrDefault(r[0], new TreeSet<>());
      String note = tests.isEmpty() && r[2].isEmpty() ? "no test names it" : r[2];
      String cell = String.join(", ", tests) + (tests.isEmpty() || note.isEmpty() ? "" : "; ");
      row(page, r[0], cell(r[1]), cell + cell(note));
    }
    page.append("\n## What other RFCs ask\n\n| RFC | clause | tests |\n|---|---|---|\n");
    for (Clause clause : clauses()) {
      String tests =
          clause.tests(byRfc).stream()
              .map(Named::link)
              .distinct()
              .collect(Collectors.joining(", "));
      row(page, "" + clause.rfc(), cell(clause.text()), tests + cell(clause.reason()));
    }
    page.append("\n## All tests of other RFCs, by clause\n");
    byRfc.forEach((rfc, tests) -> {
      page.append("\n### RFC ").append(rfc).append("\n\n| what | test |\n|---|---|\n");
      tests.stream()
          .sorted(Comparator.comparing(Named::name).thenComparing(Named::link))
          .forEach(t -> row(page, cell(t.name()), t.link()));
    });
    return page.toString();
  }

  private static void summary(StringBuilder page, Map<String, TreeSet<String>> byRequirement)
      throws IOException {
    Map<String, int[]> counts = new LinkedHashMap<>();
    for (String[] r : requirements()) {
      int[] count = counts.computeIfAbsent(r[0].replaceAll("-.*", ""), k -> new int[2]);
      count[0] += byRequirement.containsKey(r[0]) ? 1 : 0;
      count[1]++;
    }
    page.append(
        counts.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue()[0] + " of " + e.getValue()[1])
            .collect(Collectors.joining(", ", "Named in a test: ", ".\n")));
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  @Test
  void theListOfWhatIsSupportedIsUpToDate() throws IOException {
    String page = page();
    if (!Files.exists(FILE) || !Files.readString(FILE).equals(page)) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, page);
      fail("docs/SUPPORTED.md was not what the tests' names say; it is written anew: commit it");
    }
  }

  @Test
  void everyClauseIsTestedOrDeclinedWithAReason() throws IOException {
    Map<Integer, List<Named>> byRfc = byRfc();
    assertThat(clauses())
        .hasSizeGreaterThan(100)
        .filteredOn(clause -> clause.reason().isEmpty() && clause.tests(byRfc).isEmpty())
        .isEmpty();
  }

  @Test
  void everyMustAndShouldIsTestedOrDeclinedWithAReason() throws IOException {
    TreeSet<String> named = new TreeSet<>();
    for (Named name : names()) {
      REQUIREMENT.matcher(name.name()).results().forEach(m -> named.add(m.group()));
    }
    assertThat(requirements())
        .filteredOn(r -> r[2].isEmpty() && !r[0].startsWith("MAY") && !named.contains(r[0]))
        .isEmpty();
  }

  @Test
  void everyNamedRequirementExists() throws IOException {
    TreeSet<String> known = new TreeSet<>();
    requirements().forEach(r -> known.add(r[0]));
    assertThat(known).hasSize(119);
    for (Named named : names()) {
      Matcher m = REQUIREMENT.matcher(named.name());
      while (m.find()) {
        assertThat(known).as(named.toString()).contains(m.group());
      }
    }
  }
}
