package microps.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether somebody sits at a keyboard, and whether he pressed Enter.
final class Keyboard {
  private static final long PAUSE_MILLIS = 200;
  private static final Path STATUS = Path.of("/proc/self/stat");

  /// In `/proc/self/stat` behind the command: the process group, and that in the foreground.
  private static final int GROUP = 2;

  private static final int FOREGROUND_GROUP = 5;

  private Keyboard() {}

  /// Whether input and output are a terminal.
  static boolean isThere() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// Calls an action each time Enter is pressed, where there is a keyboard. It looks now and then
  /// rather than waits, since the kernel stops a process in the background that reads a terminal.
  static void onEnter(InputStream in, Runnable action) {
    if (isThere()) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              look(in, action);
            } catch (IOException e) {
              // The terminal is gone: nobody presses anything there any more.
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private static void look(InputStream in, Runnable action)
      throws IOException, InterruptedException {
    byte[] line = new byte[1024];
    while (true) {
      Thread.sleep(PAUSE_MILLIS);
      if (in.available() > 0 && isInForeground() && in.read(line) > 0) {
        action.run();
      }
    }
  }

  private static boolean isInForeground() throws IOException {
    if (!Files.exists(STATUS)) {
      return true;
    }
    String text = Files.readString(STATUS, StandardCharsets.UTF_8);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return fields[GROUP].equals(fields[FOREGROUND_GROUP]);
  }
}
