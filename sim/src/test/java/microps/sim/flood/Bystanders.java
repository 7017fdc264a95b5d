package microps.sim.flood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.IntConsumer;
import microps.core.address.Ipv4Address;
import microps.core.bytes.Packet;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.SimNic;
import microps.sim.SimQueue;
import microps.sim.TcpEnd.Plan;
import microps.sim.Transfer;

/// A server, an honest client that uploads and downloads over 100 Mb/s and 10 ms, and an attacker
/// who floods the server meanwhile from elsewhere.
final class Bystanders {
  static final int UP = 4000;
  static final int DOWN = 4001;
  private static final long BYTES = 6_000_000;
  private static final long LIMIT = Network.seconds(120);
  private static final long SAMPLE = Network.millis(5);

  final Network network = new Network(1);
  final SimHost server = network.host("server");
  final SimHost client = network.host("client");
  final Attacker attacker;
  final int clientAddress;
  final int serverAddress;
  private final Transfer up;
  private final Transfer down;

  /// What the server sent last in each of the honest connections, by the server's port: only what
  /// somebody on the path would know.
  final int[] serverSeq = new int[10];

  final int[] serverAck = new int[10];
  private int mostConnections;
  private int mostHalfOpen;
  private long mostBytes;
  private boolean stopped;

  Bystanders() {
    SimNic here = server.ethernet("192.0.2.1/24");
    Faults path =
        Faults.NONE
            .rate(100_000_000)
            .delay(Network.millis(5))
            .queue(new SimQueue.DropTail(125_000));
    network.wire(here, client.ethernet("192.0.2.2/24")).faults(path);
    attacker = new Attacker(server, "198.51.100");
    clientAddress = ((Ipv4Address) client.address()).value();
    serverAddress = ((Ipv4Address) server.address()).value();
    here.nic().add((FrameTap) this::hear);
    up = Transfer.from(client).fromPort(UP).to(server, 7).client(Plan.send(BYTES)).start();
    down = Transfer.from(client).fromPort(DOWN).to(server, 8).server(Plan.send(BYTES)).start();
  }

  private void hear(Nic nic, FrameTap.Direction direction, Packet frame, long now) {
    if (direction == FrameTap.Direction.OUT && frame.length() >= 54 && frame.get8(23) == 6) {
      int port = frame.get16(34);
      if (port < serverSeq.length) {
        serverSeq[port] = frame.get32(38);
        serverAck[port] = frame.get32(42);
      }
    }
  }

  /// What came of a flood.
  record Outcome(
      double seconds,
      long packets,
      long answers,
      long answerBytes,
      int connections,
      int halfOpen,
      long bytes) {

    /// How much of the goodput without flood is left.
    double shareOf(Outcome calm) {
      return calm.seconds / seconds;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.3f s beside %d packets, %d answers of %d bytes; at most %d connections, %d half open,"
              + " %d bytes in buffers",
          seconds,
          packets,
          answers,
          answerBytes,
          connections,
          halfOpen,
          bytes);
    }
  }

  /// Runs the honest transfers to their end, beside a flood.
  ///
  /// @param every how many nanoseconds from one attack to the next; 0: none
  /// @param attack does the n-th
  Outcome run(long every, IntConsumer attack) {
    network.runFor(Network.millis(50)); // both are connected
    long start = network.now();
    if (every > 0) {
      flood(every, attack, 0);
    }
    sample();
    network.runUntil(() -> up.isOver() && down.isOver(), LIMIT);
    up.check();
    down.check();
    double seconds = (network.now() - start) / 1e9;
    stopped = true;
    return new Outcome(
        seconds,
        attacker.sent(),
        attacker.answers(),
        attacker.answerBytes(),
        mostConnections,
        mostHalfOpen,
        mostBytes);
  }

  private void flood(long every, IntConsumer attack, int n) {
    if (!stopped) {
      attack.accept(n);
      network.after(every, () -> flood(every, attack, n + 1));
    }
  }

  private void sample() {
    if (stopped) {
      return;
    }
    int connections = 0;
    int halfOpen = 0;
    long bytes = 0;
    for (TcpStatus row : server.stack().tcpStatuses()) {
      if (row.state() != TcpState.LISTEN) {
        connections++;
        halfOpen += row.state() == TcpState.SYN_RECEIVED ? 1 : 0;
        bytes += row.sendQueue() + row.receiveQueue();
      }
    }
    mostConnections = Math.max(mostConnections, connections);
    mostHalfOpen = Math.max(mostHalfOpen, halfOpen);
    mostBytes = Math.max(mostBytes, bytes);
    network.after(SAMPLE, this::sample);
  }

  /// What is left when the attacker falls silent and time passes: nothing.
  void checkMemoryReturns(long nanos) {
    network.runFor(nanos);
    assertThat(server.stack().tcpStatuses().stream().filter(r -> r.state() != TcpState.LISTEN))
        .isEmpty();
    assertThat(server.stack().pool().outstanding()).isZero();
  }
}
