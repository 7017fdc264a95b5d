package microps.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A process that is measured, on sockets of the kernel or of microps: servers from the start, and
/// what it is told to do. It ends with its standard input, and so with whoever started it.
///
/// ```
/// load KIND ADDRESS COUNT    clients begin: "ok"
/// mark                       what was done so far: a Mark
/// stop                       clients end: "ok"
/// ```
public final class Peer {
  private final Meter meter = new Meter();
  private final Loads loads;
  private final Services services;

  private Peer(Sockets sockets) {
    loads = new Loads(sockets, meter);
    services = new Services(sockets, meter);
  }

  /// @param args `kernel`, or `microps`, the device, its address, that of the kernel, and whether
  ///   offloads are used
  public static void main(String[] args) throws IOException {
    Sockets sockets =
        args[0].equals("kernel")
            ? new Sockets.Kernel()
            : Sockets.Microps.start(args[1], args[2], args[3], Boolean.parseBoolean(args[4]));
    new Peer(sockets).run();
    System.exit(0); // whatever still runs
  }

  private void run() throws IOException {
    services.start();
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(answer(line.split(" ")));
    }
  }

  private String answer(String[] command) {
    try {
      switch (command[0]) {
        case "load" -> loads.start(command[1], command[2], Integer.parseInt(command[3]));
        case "stop" -> loads.stop();
        case "mark" -> {
          return meter.mark().text();
        }
        default -> {
          return "failed: no command " + command[0];
        }
      }
      return "ok";
    } catch (IOException e) {
      return "failed: " + e.getMessage();
    }
  }
}
