package microps.bench.speed;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import microps.core.Stack;
import microps.linux.NetworkNamespace;
import microps.sim.TwoHosts;
import microps.sockets.Host;

/// How another virtual machine with our modules is started.
final class Jvm {
  private Jvm() {}

  /// The command line, up to the main class.
  static List<String> command(List<String> options, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=microps.linux",
            "--add-modules=jdk.management",
            "-p",
            modulePath(),
            "-m",
            "microps.bench/" + main.getName()));
    return command;
  }

  /// Where our modules are: jars, or folders of classes.
  private static String modulePath() {
    return Stream.of(Jvm.class, Stack.class, NetworkNamespace.class, Host.class, TwoHosts.class)
        .map(Jvm::place)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String place(Class<?> of) {
    try {
      return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
