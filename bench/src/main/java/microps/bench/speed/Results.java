package microps.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A page of results, of which one chapter is written anew.
final class Results {
  private static final String TITLE = "## `./microps bench`, ";
  private static final Pattern CHAPTER =
      Pattern.compile(
          "^" + Pattern.quote(TITLE) + ".*?(?=^## |\\z)", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern FIRST = Pattern.compile("^## ", Pattern.MULTILINE);

  private Results() {}

  /// The page with another chapter, which is its first where it had none.
  static String with(String page, String chapter) {
    Matcher old = CHAPTER.matcher(page);
    if (old.find()) {
      return page.substring(0, old.start()) + chapter + "\n" + page.substring(old.end());
    }
    Matcher first = FIRST.matcher(page);
    int place = first.find() ? first.start() : page.length();
    return page.substring(0, place) + chapter + "\n" + page.substring(place);
  }

  /// A chapter.
  ///
  /// @param machine in a line
  /// @param text conditions and table
  static String chapter(LocalDate date, String machine, String text) {
    String day = date.format(DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH));
    return TITLE + day + "\n\n" + machine + "\n\n```\n" + text.strip() + "\n```\n";
  }

  /// This machine: processors, memory, kernel, Java.
  static String machine() throws IOException {
    return String.format(
        Locale.ROOT,
        "%d x %s, %s of memory, Linux %s, JDK %s.",
        Runtime.getRuntime().availableProcessors(),
        line("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
        line("/proc/meminfo", "MemTotal", "?"),
        System.getProperty("os.version"),
        Runtime.version());
  }

  private static String line(String file, String key, String otherwise) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceFirst("^[^:]*: *", ""))
        .findFirst()
        .orElse(otherwise);
  }
}
