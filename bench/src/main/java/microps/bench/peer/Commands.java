package microps.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Commands on the standard input, one a line, each with an answer of one line. The process ends
/// with its input, and so with whoever started it.
final class Commands {
  private Commands() {}

  /// Does what a command says.
  @FunctionalInterface
  interface Handler {
    /// @param words of the command
    /// @return the answer
    /// @throws IOException where it failed, which is the answer
    String handle(String[] words) throws IOException;
  }

  /// Says that it is ready, and answers until the end.
  static void answer(Handler handler) throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String answer;
      try {
        answer = handler.handle(line.split(" "));
      } catch (IOException e) {
        answer = "failed: " + e.getMessage();
      }
      System.out.println(answer);
    }
    System.exit(0); // whatever still runs
  }
}
