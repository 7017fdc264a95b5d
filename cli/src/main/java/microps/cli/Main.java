package microps.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import microps.linux.Signals;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `microps` command. Exit codes: 0 it went well, 1 the run failed, 2 the command line is
/// wrong, 130 the user interrupted what was to come to an end by itself.
@Command(
    name = "microps",
    header = "A TCP/IP host in Java.",
    description = "Begin with: microps demo",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it went well",
      "1:the run failed",
      "2:the command line is wrong",
      "130:the user interrupted it (a server: 0)"
    })
public final class Main implements Runnable {
  private static final long GRACE_MILLIS = 3000;

  private Main() {}

  @Override
  public void run() {
    throw new WrongUsage("which command?");
  }

  /// Runs the command line and exits with its code.
  ///
  /// @param args the command and its arguments
  public static void main(String[] args) {
    // What the library itself logs, a capture that fails, has the form of our log.
    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT.%1$tL [E] %3$s: %5$s%n");
    // Data goes through these as it is, unbuffered where it comes from a terminal or a pipe.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false);
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
    Run run = new Run(new FileInputStream(FileDescriptor.in), out, err, Session::open);
    Ending ending = new Ending(run);
    Runtime.getRuntime().addShutdownHook(new Thread(ending::interrupted, "microps-interrupt"));
    Thread.ofPlatform().daemon().name("microps-signals").start(() -> takeSignals(run));
    ending.exit(execute(run, args));
  }

  /// Where ./microps has started us so that signals can be waited for: SIGQUIT asks for numbers,
  /// the others end the process, by way of its hook. Elsewhere the JVM runs the hook by itself.
  private static void takeSignals(Run run) {
    Signals signals = Signals.blocked();
    while (!signals.isEmpty()) {
      int signal = signals.await();
      if (signal == Signals.QUIT) {
        run.quit();
      } else {
        System.exit(128 + signal);
      }
    }
  }

  /// The end of the process, which comes from two sides: the command returns, or the user
  /// interrupts it, and then it is given a moment to return.
  private static final class Ending {
    private final Run run;
    private boolean over;

    Ending(Run run) {
      this.run = run;
    }

    void exit(int code) {
      run.out().flush();
      if (run.isInterrupted()) {
        Runtime.getRuntime().halt(code); // exit would wait for the hook, which waits for us
      }
      synchronized (this) {
        over = true;
        notifyAll();
      }
      System.exit(code);
    }

    void interrupted() {
      run.interrupt();
      synchronized (this) {
        long end = System.nanoTime() + GRACE_MILLIS * 1_000_000;
        try {
          for (long left = GRACE_MILLIS;
              !over && left > 0;
              left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static Map<String, Supplier<Object>> commands(Run run) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(run));
    commands.put("tcps", () -> new TcpServerCommand(run));
    commands.put("tcpc", () -> new TcpClientCommand(run));
    commands.put("udps", () -> new UdpServerCommand(run));
    commands.put("udpc", () -> new UdpClientCommand(run));
    commands.put("ping", () -> new PingCommand(run));
    commands.put("play", () -> new PlayCommand(run));
    commands.put("bench", () -> new BenchCommand(run).withPath());
    return commands;
  }

  /// Runs the command line.
  ///
  /// @return the exit code
  static int execute(Run run, String... args) {
    CommandLine line = new CommandLine(new Main());
    Map<String, Supplier<Object>> commands = commands(run);
    // Each command that picocli looks at costs start-up time: one that is named needs no other.
    Supplier<Object> named = args.length == 0 ? null : commands.get(args[0]);
    if (named != null) {
      line.addSubcommand(named.get());
    } else {
      commands.values().forEach(command -> line.addSubcommand(command.get()));
      line.addSubcommand(new CommandLine.HelpCommand());
    }
    line.setOut(new PrintWriter(run.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(run.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setOverwrittenOptionsAllowed(true); // HostOptions takes several devices, in their order
    line.setParameterExceptionHandler((e, a) -> wrongUsage(run, e));
    line.setExecutionExceptionHandler((e, l, p) -> failed(run, l, e));
    return line.execute(args);
  }

  /// One line: what is wrong, what was perhaps meant, and where help is.
  private static int wrongUsage(Run run, ParameterException e) {
    CommandLine line = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).strip();
    if (e instanceof UnmatchedArgumentException u
        && line.getParent() == null
        && !u.isUnknownOption()) {
      message = "there is no command " + u.getUnmatched().getFirst();
    }
    return wrongUsage(run, line, message, meant(e));
  }

  private static int wrongUsage(Run run, CommandLine line, String message, String meant) {
    String command = name(line);
    String end = message.matches(".*[.?!]") ? " " : "; ";
    say(run, command, message + end + meant + "see: " + command + " --help");
    return ExitCode.USAGE;
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName(" ");
  }

  private static String meant(ParameterException e) {
    List<String> suggestions =
        e instanceof UnmatchedArgumentException u ? u.getSuggestions() : List.of();
    return suggestions.isEmpty()
        ? ""
        : suggestions.stream().limit(3).collect(Collectors.joining(" or ", "did you mean ", "? "));
  }

  private static int failed(Run run, CommandLine line, Exception e) {
    String command = name(line);
    if (e instanceof WrongUsage) {
      return wrongUsage(run, line, String.valueOf(e.getMessage()), "");
    }
    if (e instanceof Failure || e instanceof IOException) {
      String message = e.getMessage();
      say(run, command, message == null ? "it was closed meanwhile" : message);
    } else {
      StackTraceElement[] trace = e.getStackTrace();
      String where = trace.length == 0 ? "" : " at " + trace[0];
      say(run, command, "this is a bug of microps, please report it: " + e + where);
    }
    return ExitCode.SOFTWARE;
  }

  private static void say(Run run, String command, String message) {
    run.out().flush();
    run.err().println(command + ": " + message);
  }
}
