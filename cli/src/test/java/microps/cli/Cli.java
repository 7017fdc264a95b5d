package microps.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The program in this JVM: what it prints, and its exit code.
final class Cli {
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private final Run run;

  Cli() {
    this(new ByteArrayInputStream(new byte[0]));
  }

  Cli(InputStream in) {
    run = new Run(in, print(outBytes), print(errBytes));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  int execute(String... args) {
    return Main.execute(run, args);
  }

  Run run() {
    return run;
  }

  String out() {
    return outBytes.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return errBytes.toString(StandardCharsets.UTF_8);
  }
}
