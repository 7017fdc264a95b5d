package microps.sim;

import java.util.Locale;
import microps.core.basis.SocketFailure;
import microps.core.device.Offloads;

/// What connections cost: many of them between [TwoHosts]. `ConnectionMemory 100000` prints how
/// long it took to set them up, and the bytes of heap of each end, its socket included: as
/// established, after a request and an answer, and after more.
public final class ConnectionMemory {
  private ConnectionMemory() {}

  /// Octets of heap in use after garbage collection.
  public static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }

  /// Octets of heap that were added for each end of so many connections.
  ///
  /// @param before [#heap()] before there were any
  public static long perEnd(long before, int connections) {
    return (heap() - before) / (2L * connections);
  }

  /// Measures and prints.
  ///
  /// @param args how many connections; 100,000 where nothing is said
  public static void main(String[] args) throws SocketFailure {
    int count = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
    TwoHosts hosts = new TwoHosts(count, Offloads.NONE);
    hosts.connect(1);
    hosts.talk(100);
    long before = heap();
    long start = System.nanoTime();
    hosts.connect(count);
    long took = System.nanoTime() - start;
    hosts.rest();
    print("%,d connections between two hosts, set up in %.1f s", count, took / 1e9);
    print("%,d bytes of heap for each end, its socket included", perEnd(before, count));
    hosts.talk(100);
    hosts.rest();
    print("%,d after a request and an answer", perEnd(before, count));
    hosts.talk(60_000);
    hosts.rest();
    print("%,d a minute after 60,000 bytes each way", perEnd(before, count));
    for (int i = 0; i < 5; i++) {
      hosts.rest();
    }
    print("%,d five minutes later", perEnd(before, count));
  }

  private static void print(String format, Object... args) {
    System.out.println(String.format(Locale.ROOT, format, args));
  }
}
