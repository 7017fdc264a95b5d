package microps.sim.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import microps.sim.script.Script.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The scripts in the folder `scripts` of the repository, which `./microps play scripts` plays,
/// too.
class CorpusTest {
  private static final Path ROOT = root();
  private static final Path FOLDER = ROOT.resolve("scripts");
  private static final int LEAST = 150;
  private static final Pattern FIRST_LINE =
      Pattern.compile("// RFC [0-9]{3,5}, (?:section|appendix) [0-9A-Z].*: .+\\.");

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("mvnw")) ? here : Objects.requireNonNull(here.getParent());
  }

  static List<String> scripts() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(file -> file.toString().endsWith(".pkt"))
          .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private static String read(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  @DisplayName("each script of the corpus comes true, and nothing in it is passed over")
  void passes(String name) throws IOException {
    Result result = Script.play(read(name));
    assertThat(result.passed()).as("%s: %s", name, result).isTrue();
    assertThat(result.notes()).as(name).isEmpty();
  }

  @Test
  @DisplayName(
      "the corpus has 150 scripts at least, and each begins with its RFC, section and clause")
  void isThere() throws IOException {
    List<String> names = scripts();
    assertThat(names).hasSizeGreaterThanOrEqualTo(LEAST);
    for (String name : names) {
      String text = read(name);
      assertThat(text.lines().findFirst().orElse("")).as(name).matches(FIRST_LINE);
      String rfc = name.substring(0, name.indexOf('/')).replace("rfc", "// RFC ");
      assertThat(text).as(name).startsWith(rfc + ", ").contains("\n// Why: ");
      assertThat(text.lines().filter(line -> line.length() > 170)).as(name).isEmpty();
    }
  }
}
