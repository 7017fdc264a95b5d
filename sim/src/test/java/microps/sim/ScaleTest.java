package microps.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// How much a simulation can be.
class ScaleTest {
  private static final int HOSTS = 10;
  private static final int CONNECTIONS = 100; // of each host
  private static final int MESSAGE = 500;
  private static final int PORT = 7;

  /// A program that asks something now and then, and waits for the answer.
  private static final class Asker implements SimApp {
    private final SimHost host;
    private final TcpSocket socket;
    private final RandomGenerator random;
    private final ByteBuffer in = ByteBuffer.allocate(MESSAGE);
    private int expected;
    private int answers;
    private boolean failed;

    Asker(SimHost host, SimHost server, RandomGenerator random) {
      this.host = host;
      this.random = random;
      socket = host.stack().openTcp();
      socket.attach(this);
      host.act(() -> socket.connect(new Endpoint(server.address(), PORT), host.now()));
      later();
    }

    private void later() {
      long pause = random.nextLong(Network.seconds(5), Network.seconds(60));
      host.network().after(pause, () -> host.act(this::ask));
    }

    private void ask() throws SocketFailure {
      if (expected == 0 && socket.isConnected()) {
        expected = socket.write(ByteBuffer.allocate(MESSAGE), host.now());
      }
      later();
    }

    @Override
    public void ready(SimHost at, SocketHandle handle) {
      try {
        int got = socket.isConnected() ? socket.read(in.clear(), host.now()) : 0;
        if (got > 0) {
          expected -= got;
          answers += expected == 0 ? 1 : 0;
        }
      } catch (SocketFailure e) {
        failed = true;
      }
    }
  }

  @Test
  @DisplayName("an hour of a thousand connections takes seconds")
  void anHourOfAThousandConnections() {
    Network network = new Network(1);
    SimHost server = network.host("server");
    SimRouter router = network.router("r");
    router.connect(server.ethernet("198.51.100.1/24"), "198.51.100.254/24");
    List<Asker> askers = new ArrayList<>();
    RandomGenerator random = network.random("askers");
    EchoServer echo = EchoServer.start(server, PORT);
    for (int i = 0; i < HOSTS; i++) {
      SimHost host = network.host("h" + i);
      Wire wire =
          router.connect(host.pointToPoint("192.0." + i + ".1/24"), "192.0." + i + ".254/24");
      wire.faults(
          Faults.NONE
              .rate(20_000_000)
              .delay(Network.millis(5 + 10 * i))
              .jitter(Network.millis(2))
              .loss(0.01)
              .queue(SimQueue.codel(100_000)));
      for (int c = 0; c < CONNECTIONS; c++) {
        askers.add(new Asker(host, server, random));
      }
    }
    Duration before = processorTime();
    network.runFor(Network.seconds(3600));
    Duration took = processorTime().minus(before);
    int answers = askers.stream().mapToInt(a -> a.answers).sum();
    System.out.printf(
        "an hour of %d connections, %,d answers, %,d events: %.1f s of processor time%n",
        askers.size(), answers, network.eventsFired(), took.toMillis() / 1e3);
    assertThat(echo.accepted()).isEqualTo(HOSTS * CONNECTIONS);
    assertThat(askers).noneMatch(a -> a.failed).allMatch(a -> a.answers > 50);
    assertThat(took).isLessThan(Duration.ofSeconds(60));
  }

  /// Of the whole process: a busy machine does not change it much.
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
