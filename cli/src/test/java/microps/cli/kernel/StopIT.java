package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A clean stop, quickly, whatever is going on.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class StopIT extends KernelTest {
  private static final int CONNECTIONS = 50;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a host that is closed while 50 connections transfer both ways")
  void close(Direction direction) throws Exception {
    Bed bed = bed(kind);
    AtomicLong in = new AtomicLong();
    AtomicLong out = new AtomicLong();
    try (ServerSocketChannel server = bed.server(direction).listen(7);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        pairs.add(
            new Pair(bed.client(direction).connect(bed.server(direction), 7), server.accept()));
      }
      List<Future<?>> ours = new ArrayList<>();
      List<Future<?>> theirs = new ArrayList<>();
      boolean weAreClient = direction == Direction.MICROPS_TO_KERNEL;
      for (Pair pair : pairs) {
        transfer(pair.client(), weAreClient ? ours : theirs, threads, weAreClient ? in : out);
        transfer(pair.server(), weAreClient ? theirs : ours, threads, weAreClient ? out : in);
      }
      Future<Void> accept = weAreClient ? null : meanwhile(() -> refuse(server));
      until("both ways flow", () -> Math.min(in.get(), out.get()) > 10_000_000);

      long start = System.nanoTime();
      bed.host.close();
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(took).isLessThan(Duration.ofSeconds(2));
      for (Future<?> our : ours) {
        assertThat(failureOf(our)).isInstanceOf(ClosedChannelException.class);
      }
      if (accept != null) {
        assertThat(failureOf(accept)).isInstanceOf(ClosedChannelException.class);
      }
      for (Future<?> their : theirs) {
        assertThat(failureOf(their)).isInstanceOf(IOException.class); // reset
      }
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .doesNotContain("microps-" + kind.device());
    assertThat(bed.namespace.execute("ip", "link")).doesNotContain("tap0", "tun0");
  }

  private static void transfer(
      SocketChannel channel, List<Future<?>> ends, ExecutorService threads, AtomicLong received) {
    ends.add(
        threads.submit(() -> {
          Pattern.send(channel, Long.MAX_VALUE);
          return null;
        }));
    ends.add(
        threads.submit(() -> {
          receive(channel, received);
          return null;
        }));
  }

  private static void receive(SocketChannel from, AtomicLong received) throws IOException {
    for (long place = 0; ; ) {
      long next = Pattern.receive(from, place, place + Pattern.CHUNK);
      received.addAndGet(next - place);
      if (next < place + Pattern.CHUNK) {
        throw new IOException("ended after " + next);
      }
      place = next;
    }
  }

  private static void refuse(ServerSocketChannel server) throws IOException {
    server.accept();
    throw new AssertionError("a connection too many");
  }
}
