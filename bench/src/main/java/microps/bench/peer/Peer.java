package microps.bench.peer;

import java.io.IOException;

/// A process that is measured, on sockets of the kernel or of microps: servers from the start, and
/// what it is told to do. It ends with its standard input, and so with whoever started it.
///
/// ```
/// load KIND ADDRESS COUNT    clients begin: so many connections, or datagrams of so many bytes
/// mark                       what was done so far: a Mark
/// stop                       clients end, and what they made servers do
/// ```
public final class Peer {
  private final Meter meter = new Meter();
  private final Loads loads;
  private final Services services;
  private final Datagrams datagrams;

  private Peer(Sockets sockets) {
    loads = new Loads(sockets, meter);
    services = new Services(sockets, meter);
    datagrams = new Datagrams(sockets, meter);
  }

  /// @param args `kernel`, or `microps`, the device, its address, that of the kernel, and whether
  ///   offloads are used
  public static void main(String[] args) throws IOException {
    Sockets sockets =
        args[0].equals("kernel")
            ? new Sockets.Kernel()
            : Sockets.Microps.start(args[1], args[2], args[3], Boolean.parseBoolean(args[4]));
    new Peer(sockets).run();
  }

  private void run() throws IOException {
    services.start();
    datagrams.serve();
    Commands.answer(this::answer);
  }

  private String answer(String[] words) throws IOException {
    switch (words[0]) {
      case "load" -> {
        int count = Integer.parseInt(words[3]);
        switch (words[1]) {
          case "datagrams-in" -> datagrams.send(words[2], count);
          case "datagrams-out" -> datagrams.receive(words[2], count);
          default -> loads.start(words[1], words[2], count);
        }
      }
      case "stop" -> {
        datagrams.stop();
        loads.stop();
      }
      case "mark" -> {
        return meter.mark().text();
      }
      default -> throw new IOException("no command " + words[0]);
    }
    return "ok";
  }
}
