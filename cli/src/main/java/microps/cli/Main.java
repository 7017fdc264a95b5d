package microps.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `microps` command: prints its help for now.
@Command(
    name = "microps",
    description = "A TCP/IP host in Java.",
    mixinStandardHelpOptions = true,
    version = "microps 0.1.0-SNAPSHOT")
public final class Main implements Runnable {
  private Main() {}

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /// Runs the command line and exits with its code.
  ///
  /// @param args the command and its arguments
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
