package microps.cli.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import microps.linux.NetworkNamespace;

/// A microps command in a process of its own, inside a network namespace. What it says on its
/// standard error is kept, to wait for and for a test that fails.
final class Program implements AutoCloseable {
  private final String name;
  private final Process process;
  private final StringBuffer said = new StringBuffer();

  private Program(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofPlatform().daemon().name("said").start(this::listen);
  }

  /// Starts a command of the class path or module path of this JVM.
  static Program start(NetworkNamespace namespace, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    String modules = System.getProperty("jdk.module.path");
    if (modules == null) {
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              "microps.cli.Main"));
    } else {
      command.addAll(
          List.of(
              "--enable-native-access=microps.linux",
              "-p",
              modules,
              "-m",
              "microps.cli/microps.cli.Main"));
    }
    command.addAll(List.of(arguments));
    return new Program(String.join(" ", arguments), namespace.start(new ProcessBuilder(command)));
  }

  private void listen() {
    try (InputStream error = process.getErrorStream()) {
      byte[] bytes = new byte[8192];
      for (int n = error.read(bytes); n >= 0; n = error.read(bytes)) {
        said.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      said.append(e);
    }
  }

  Process process() {
    return process;
  }

  /// Waits until it has said something; fails where it ends before that.
  void untilItSays(String words) throws Exception {
    KernelTest.until(
        name + " says " + words,
        () -> {
          if (said.indexOf(words) < 0 && !process.isAlive()) {
            throw new AssertionError(this + " has ended");
          }
          return said.indexOf(words) >= 0;
        });
  }

  /// Waits for its end.
  int exitCode() throws Exception {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(this + " has not ended after 60 s");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "microps " + name + ", which said:\n" + said;
  }
}
