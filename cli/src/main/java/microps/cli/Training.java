package microps.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The run in which the JVM sees what a start needs, and puts that into the AOT cache: a demo, then
/// `tcps` on a TAP, and a client on the kernel's sockets. `./microps` runs it when it has built the
/// jars, in a network namespace of its own, where it may create a TAP.
final class Training {
  private static final String ADDRESS = "192.0.2.2";
  private static final int PORT = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CONNECT_MILLIS = 1000;
  private static final long PAUSE_NANOS = 5_000_000;

  private Training() {}

  /// Ends the process, with 0 where `tcps` has served.
  ///
  /// @param args none
  public static void main(String[] args) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Run demo = new Run(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, Session::open);
    int code = Main.execute(demo, "demo", "--bytes", "1M");
    if (code != 0) {
      System.exit(code);
    }
    Thread.ofPlatform().daemon().start(() -> System.exit(isServed() ? 0 : 1));
    Main.main(
        new String[] {
          "tcps", "-q", "--device", "tap:train0", "--address", ADDRESS + "/24", "" + PORT
        });
  }

  /// Whether `tcps` echoes before patience ends.
  private static boolean isServed() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), PORT), CONNECT_MILLIS);
        socket.getOutputStream().write(1);
        return socket.getInputStream().read() == 1;
      } catch (IOException e) {
        LockSupport.parkNanos(PAUSE_NANOS); // there is no TAP yet, or nobody behind it
      }
    }
    return false;
  }
}
