package microps.bench.speed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Packages of Debian, and of what descends from it.
final class Debian {
  private static final String FORMAT = "${db:Status-Status} ${Version}\n";

  private Debian() {}

  /// The version of a package; null where it is not installed, or where nothing knows of packages.
  static @Nullable String version(String debianPackage) throws IOException {
    if (Programs.missing("dpkg-query", "dpkg") != null) {
      return null;
    }
    Process query =
        new ProcessBuilder("dpkg-query", "--show", "--showformat=" + FORMAT, debianPackage)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream output = query.getInputStream()) {
      return version(new String(output.readAllBytes(), StandardCharsets.UTF_8), debianPackage);
    }
  }

  /// @param printed by dpkg-query: a line for each architecture; nothing of a package that it does
  ///   not know
  /// @param debianPackage whose version it is
  static @Nullable String version(String printed, String debianPackage) throws IOException {
    for (String line : printed.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length != 2) {
        throw new IOException("dpkg-query says of " + debianPackage + ": " + line);
      }
      if (words[0].equals("installed")) {
        return words[1];
      }
    }
    return null;
  }
}
