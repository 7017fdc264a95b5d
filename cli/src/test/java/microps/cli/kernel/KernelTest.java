package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import microps.core.tcp.TcpConfig;
import microps.sockets.HostBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the conversations with the kernel have in common: beds and tasks that end with the test,
/// and what both sides know where it fails.
@RealDevices
@Timeout(120) // the last resort: what waits has a shorter time of its own
abstract class KernelTest {
  private static final int PATIENCE = 60;

  private final List<Bed> beds = new ArrayList<>();
  private final List<Thread> tasks = new ArrayList<>();

  @RegisterExtension
  @SuppressWarnings("unused")
  final AfterTestExecutionCallback describe =
      context -> {
        if (context.getExecutionException().isPresent()) {
          System.err.println(context.getDisplayName() + " failed; this is how it was after that:");
          beds.forEach(bed -> System.err.println(bed.describe()));
        }
      };

  @AfterEach
  void closeAll() {
    tasks.forEach(Thread::interrupt);
    beds.forEach(Bed::close);
    beds.forEach(Bed::checkNothingWasMalformed);
  }

  Bed bed(DeviceKind kind) throws Exception {
    return bed(kind, 1500, builder -> builder);
  }

  Bed bed(DeviceKind kind, int mtu, java.util.function.UnaryOperator<HostBuilder> more)
      throws Exception {
    Bed bed = Bed.open(kind, mtu, more);
    beds.add(bed);
    return bed;
  }

  /// One whose device, a TAP, treats frames as it is told.
  Bed bed(Disturbance disturbance) throws Exception {
    return bed(disturbance, TcpConfig.DEFAULT);
  }

  Bed bed(Disturbance disturbance, TcpConfig config) throws Exception {
    Bed bed = Bed.open(disturbance, builder -> builder.tcp(config));
    beds.add(bed);
    return bed;
  }

  /// A connection from one side to the other.
  static Pair pair(Bed bed, Direction direction) throws Exception {
    try (ServerSocketChannel listener = bed.server(direction).listen(7)) {
      return new Pair(bed.client(direction).connect(bed.server(direction), 7), listener.accept());
    }
  }

  /// A connection whose four buffers have this size.
  static Pair pair(Bed bed, Direction direction, int buffers) throws Exception {
    Side from = bed.client(direction);
    Side to = bed.server(direction);
    try (ServerSocketChannel listener = to.openServer()) {
      listener.setOption(StandardSocketOptions.SO_RCVBUF, buffers);
      listener.bind(to.at(7));
      SocketChannel client = from.openSocket();
      client.setOption(StandardSocketOptions.SO_RCVBUF, buffers);
      client.setOption(StandardSocketOptions.SO_SNDBUF, buffers);
      client.connect(to.at(7));
      SocketChannel server = listener.accept();
      server.setOption(StandardSocketOptions.SO_SNDBUF, buffers);
      return new Pair(client, server);
    }
  }

  /// Sends that many bytes from the client to the server, and the end of the stream.
  void transfer(Pair pair, long length) throws Exception {
    Future<Long> received = meanwhile(() -> Pattern.receiveToEnd(pair.server(), 0));
    await(
        meanwhile(() -> {
          Pattern.send(pair.client(), length);
          pair.client().shutdownOutput();
        }));
    assertThat(await(received)).isEqualTo(length);
  }

  /// Something that has no result.
  interface Action {
    void run() throws Exception;
  }

  /// Does something meanwhile, on a thread of its own.
  <T> Future<T> meanwhile(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    tasks.add(
        Thread.ofPlatform()
            .daemon()
            .name("meanwhile")
            .start(() -> {
              try {
                result.complete(task.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            }));
    return result;
  }

  Future<Void> meanwhile(Action task) {
    return meanwhile(() -> {
      task.run();
      return null;
    });
  }

  /// Waits until the task that was begun last waits itself.
  ///
  /// @param parked whether it waits for microps; the kernel's waits cannot be seen from here
  void untilLastTaskWaits(boolean parked) throws Exception {
    Thread task = tasks.getLast();
    until("the task waits", () -> !parked || task.getState() == Thread.State.WAITING);
  }

  /// What a task came to. Fails after a minute, and says what the two sides know then, before
  /// anything is closed.
  <T> T await(Future<T> task) throws Exception {
    try {
      return task.get(PATIENCE, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not done after " + PATIENCE + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        cause.addSuppressed(new Exception("awaited here"));
        throw cause;
      }
      throw e;
    }
  }

  /// What something fails with.
  Throwable failureOf(Future<?> task) throws Exception {
    try {
      Object result = await(task);
      throw new AssertionError("no failure but " + result);
    } catch (Exception e) {
      return e;
    }
  }

  /// A question whose answer becomes yes.
  interface Condition {
    boolean holds() throws Exception;
  }

  /// Waits for what another thread or the kernel does. Fails after a minute.
  static void until(String what, Condition condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > PATIENCE * 1_000_000_000L) {
        throw new AssertionError("not after " + PATIENCE + " s: " + what);
      }
      Thread.sleep(1);
    }
  }
}
