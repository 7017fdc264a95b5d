package microps.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The program in this JVM: what it prints, and its exit code.
final class Cli {
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private final Run run;

  /// Without input, and without devices: to start a host fails.
  Cli() {
    this(
        InputStream.nullInputStream(),
        (options, trace) -> {
          throw new Failure("started");
        });
  }

  Cli(InputStream in, Run.Starter starter) {
    run = new Run(in, print(outBytes), print(errBytes), starter);
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
