package microps.bench.speed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Programs of the machine.
final class Programs {
  private Programs() {}

  /// What is missing, and how to get it; null where the program is there.
  static @Nullable String missing(String program, String debianPackage) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return null;
      }
    }
    return program + " is not installed: apt-get install " + debianPackage;
  }
}
