package microps.bench.peer;

import java.io.IOException;
import microps.core.basis.Counter;
import microps.core.basis.SocketFailure;
import microps.core.device.Offloads;
import microps.sim.ConnectionMemory;
import microps.sim.TwoHosts;

/// A process with two microps hosts, joined back to back, on one thread: what the stack itself can
/// do, and what connections cost. Each answer is a [Mark] of what was done.
///
/// ```
/// hosts MOST OFFLOADS            two hosts, for so many connections
/// connect COUNT                  operations: connections, up to so many in all
/// rest                           a minute passes
/// heap                           read: bytes of heap for each end; operations: connections
/// routes COUNT, keepalive        more in the tables
/// bulk ACTIVE CHUNK NANOS        read: bytes of these connections; operations: segments
/// datagrams SOCKETS OCTETS NANOS operations: datagrams
/// ```
public final class Hosts {
  private final Meter meter = new Meter();
  private TwoHosts hosts = new TwoHosts(1, Offloads.NONE);
  private long emptyHeap;
  private int connections;

  private Hosts() {}

  /// @param args none
  public static void main(String[] args) throws IOException {
    Hosts process = new Hosts();
    Commands.answer(process::command);
  }

  private String command(String[] words) throws IOException {
    Mark before = meter.mark();
    try {
      return command(words, before).text();
    } catch (SocketFailure | IllegalStateException | OutOfMemoryError e) {
      throw new IOException(connections + " connections: " + e, e);
    }
  }

  private Mark command(String[] words, Mark before) throws IOException, SocketFailure {
    switch (words[0]) {
      case "hosts" -> {
        boolean offloads = Boolean.parseBoolean(words[2]);
        hosts = new TwoHosts(number(words, 1), offloads ? Offloads.FULL : Offloads.NONE);
        emptyHeap = ConnectionMemory.heap();
        connections = 0;
      }
      case "connect" -> {
        int had = connections;
        hosts.connect(number(words, 1));
        connections = number(words, 1);
        return done(before, 0, connections - had);
      }
      case "rest" -> hosts.rest();
      case "heap" -> {
        return done(before, ConnectionMemory.perEnd(emptyHeap, connections), connections);
      }
      case "routes" -> hosts.addRoutes(number(words, 1));
      case "keepalive" -> hosts.keepAlive();
      case "bulk" -> {
        long segments = segments();
        long bytes =
            hosts.bulk(
                number(words, 1), number(words, 2), Long.parseLong(words[3]), System::nanoTime);
        return done(before, bytes, segments() - segments);
      }
      case "datagrams" -> {
        long count =
            hosts.datagrams(
                number(words, 1), number(words, 2), Long.parseLong(words[3]), System::nanoTime);
        return done(before, 0, count);
      }
      default -> throw new IOException("no command " + words[0]);
    }
    return done(before, 0, 0);
  }

  private static int number(String[] words, int index) {
    return Integer.parseInt(words[index]);
  }

  private Mark done(Mark before, long bytes, long operations) {
    Mark all = meter.mark().since(before);
    return new Mark(all.nanos(), bytes, bytes, operations, all.cpu(), all.allocated());
  }

  private long segments() {
    return hosts.client().counters().of(Counter.TCP_SEGMENTS_RECEIVED)
        + hosts.server().counters().of(Counter.TCP_SEGMENTS_RECEIVED);
  }
}
