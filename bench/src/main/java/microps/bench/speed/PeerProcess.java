package microps.bench.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import microps.bench.peer.Mark;
import microps.linux.NetworkNamespace;
import org.jspecify.annotations.Nullable;

/// A process, of our modules or of another stack's servers, to which commands are given line by
/// line. It ends with its standard input, and so with this process, however that ends.
final class PeerProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;
  private static final int MOST_COMPLAINTS = 4000;

  private final String name;
  private final Process process;
  private final PrintWriter commands;
  private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private final StringBuilder complaints = new StringBuilder(); // guarded by itself

  private PeerProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    forEachLine(process.getInputStream(), answers::add);
    forEachLine(process.getErrorStream(), line -> line.ifPresent(this::complain));
  }

  /// Starts one and waits until it is ready.
  ///
  /// @param namespace its network; null for that of this process
  /// @param prefix of the command line, such as `taskset`
  /// @param options of the virtual machine
  /// @param main the class and its arguments
  static PeerProcess start(
      @Nullable NetworkNamespace namespace,
      List<String> prefix,
      List<String> options,
      Class<?> main,
      String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(Jvm.command(options, main));
    command.addAll(List.of(arguments));
    String name = main.getSimpleName() + " " + String.join(" ", arguments);
    return start(namespace, name, new ProcessBuilder(command));
  }

  /// Starts a program that answers the same commands, and waits until it is ready.
  ///
  /// @param namespace its network; null for that of this process
  /// @param name of it, for complaints
  static PeerProcess start(
      @Nullable NetworkNamespace namespace, String name, ProcessBuilder builder) throws Exception {
    PeerProcess peer =
        new PeerProcess(name, namespace == null ? builder.start() : namespace.start(builder));
    try {
      String ready = peer.answer(PATIENCE_SECONDS);
      if (!ready.equals("ready")) {
        throw new IOException(peer.name + " says " + ready);
      }
      return peer;
    } catch (Exception e) {
      peer.close();
      throw e;
    }
  }

  private interface Lines {
    void accept(Optional<String> line);
  }

  /// @param lines gets each, and at the end an empty one
  private static void forEachLine(InputStream from, Lines lines) {
    Thread unused =
        Thread.ofPlatform()
            .daemon()
            .name("peer")
            .start(() -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  lines.accept(Optional.of(line));
                }
              } catch (IOException e) {
                lines.accept(Optional.of("failed: " + e.getMessage())); // it was killed
              }
              lines.accept(Optional.empty());
            });
  }

  private void complain(String line) {
    synchronized (complaints) {
      if (complaints.length() < MOST_COMPLAINTS) {
        complaints.append(line).append('\n');
      }
    }
  }

  /// What it wrote to its standard error.
  String complaints() {
    synchronized (complaints) {
      return complaints.toString();
    }
  }

  /// Gives a command.
  ///
  /// @return the answer
  /// @throws IOException where it failed, or there is no answer
  String ask(String command) throws IOException, InterruptedException {
    return ask(command, PATIENCE_SECONDS);
  }

  /// The same, for what takes long.
  synchronized String ask(String command, int patience) throws IOException, InterruptedException {
    commands.println(command);
    String answer = answer(patience);
    if (answer.startsWith("failed: ")) {
      throw new IOException(name + ", " + command + ": " + answer.substring(8));
    }
    return answer;
  }

  private String answer(int patience) throws IOException, InterruptedException {
    Optional<String> answer = answers.poll(patience, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IOException(name + " does not answer. " + complaints().strip());
    }
    if (answer.isEmpty()) {
      answers.add(answer); // for whoever asks next
      throw new IOException(name + " has ended. " + complaints().strip());
    }
    return answer.get();
  }

  Mark mark() throws IOException, InterruptedException {
    return Mark.parse(ask("mark"));
  }

  /// Ends it at once.
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    commands.close();
  }
}
