package microps.sim.supported;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.Test;

/// Every reason to drop a frame, and every counter, is asserted by its name in some test of some
/// module: one that nothing provokes might never count. Rows of a table name it at their end.
class NamedInTestsTest {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<=\\b(?:DropReason|Counter)\\.)[A-Z][A-Z0-9_]+|(?<=, )[A-Z][A-Z0-9_]+(?=\")");

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("mvnw")) ? here : Objects.requireNonNull(here.getParent());
  }

  private static Set<String> named() throws IOException {
    try (Stream<Path> modules = Files.list(root())) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(NamedInTestsTest::sources)
          .flatMap(source -> NAME.matcher(source).results())
          .map(MatchResult::group)
          .collect(Collectors.toSet());
    }
  }

  private static Stream<String> sources(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> p.toString().endsWith(".java")).toList().stream()
          .map(NamedInTestsTest::read);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> missing(Set<String> named, Enum<?>[] names) {
    return Arrays.stream(names).map(Enum::name).filter(name -> !named.contains(name)).toList();
  }

  @Test
  void everyReasonToDrop() throws IOException {
    assertThat(missing(named(), DropReason.values())).as("in no test").isEmpty();
  }

  @Test
  void everyCounter() throws IOException {
    assertThat(missing(named(), Counter.values())).as("in no test").isEmpty();
  }
}
