package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every device does with its descriptors: the contract of [Device], on each kind.
@Timeout(60)
abstract class DeviceContract extends DeviceFixture {

  /// Opens a device that is quiet: nothing arrives.
  abstract Device openQuiet() throws Exception;

  /// A frame that it takes.
  abstract Packet frame();

  /// What makes the interface vanish, down, up.
  abstract String interfaceName();

  /// How a thread is named that waits in `receive`.
  static final String RECEIVER = "receiver";

  /// Waits until the thread of this name sleeps in the system call of `receive`.
  static void awaitWaiting(Device device) throws IOException {
    while (!((LinuxDevice) device).isWaiting() || !isAsleep(RECEIVER)) {
      Thread.yield();
    }
  }

  /// Whether all threads of a name sleep in the kernel (proc(5), `/proc/pid/stat`).
  private static boolean isAsleep(String name) throws IOException {
    boolean asleep = false;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        String stat = stat(task);
        if (stat.contains("(" + name + ")")) {
          if (!stat.contains("(" + name + ") S ")) {
            return false;
          }
          asleep = true;
        }
      }
    }
    return asleep;
  }

  private static String stat(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("stat"));
    } catch (IOException e) {
      if (Files.exists(task)) {
        throw e;
      }
      return ""; // the thread has ended meanwhile
    }
  }

  private static CompletableFuture<Boolean> receiving(Device device, long nanos) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name(RECEIVER)
        .start(() -> {
          try {
            result.complete(device.receive(new Packet(PacketPool.LARGE), nanos));
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Test
  void receiveWaitsAsLongAsItIsTold() throws Exception {
    try (Device device = openQuiet()) {
      Packet packet = frame();
      long start = System.nanoTime();
      assertThat(device.receive(packet, 50_000_000)).isFalse();
      long waited = System.nanoTime() - start;
      assertThat(Duration.ofNanos(waited)).isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
      start = System.nanoTime();
      assertThat(device.receive(packet, 0)).isFalse();
      assertThat(device.receive(packet, -1)).isFalse();
      assertThat(System.nanoTime() - start).isLessThan(Frames.SECOND);
    }
  }

  @Test
  void wakeEndsAWait() throws Exception {
    try (Device device = openQuiet()) {
      for (int i = 0; i < 20; i++) {
        var result = receiving(device, 50 * Frames.SECOND);
        awaitWaiting(device);
        device.wake();
        assertThat(result.get(10, TimeUnit.SECONDS)).isFalse();
      }
    }
  }

  @Test
  void wakeBeforeAWaitEndsItAtOnceAndOnce() throws Exception {
    try (Device device = openQuiet()) {
      device.wake();
      device.wake();
      long start = System.nanoTime();
      assertThat(device.receive(frame(), 50 * Frames.SECOND)).isFalse();
      assertThat(System.nanoTime() - start).isLessThan(10 * Frames.SECOND);
      start = System.nanoTime();
      assertThat(device.receive(frame(), 100_000_000)).isFalse();
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
    }
  }

  @Test
  void noWakeIsLost() throws Exception {
    try (Device device = openQuiet()) {
      // Each wait ends by the wake that follows it, wherever the two meet; a lost one would hang.
      Packet packet = frame();
      var turns = new java.util.concurrent.SynchronousQueue<Integer>();
      Thread waker =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 2000; i++) {
                    turns.take();
                    long until = System.nanoTime() + i % 100 * 500;
                    while (System.nanoTime() < until) {
                      Thread.onSpinWait();
                    }
                    device.wake();
                    turns.put(i);
                  }
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      for (int i = 0; i < 2000; i++) {
        turns.put(i);
        assertThat(device.receive(packet, 50 * Frames.SECOND)).isFalse();
        assertThat(turns.take()).isEqualTo(i);
        // The wake may have been seen before its signal was sent: that one is spurious, and over.
        device.receive(packet, 0);
      }
      waker.join();
    }
  }

  @Test
  void closeEndsAWaitAndIsIdempotent() throws Exception {
    for (int i = 0; i < 20; i++) {
      Device device = openQuiet();
      var result = receiving(device, 50 * Frames.SECOND);
      awaitWaiting(device);
      List<Future<?>> closers = new ArrayList<>();
      try (var executor = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
        for (int k = 0; k < 4; k++) {
          closers.add(executor.submit(device::close));
        }
      }
      for (Future<?> closer : closers) {
        closer.get();
      }
      assertThat(result.get(10, TimeUnit.SECONDS)).isFalse();
      device.close();
      device.wake();
      assertThatThrownBy(() -> device.receive(frame(), 0))
          .isInstanceOf(IOException.class)
          .hasMessage(interfaceName() + " is closed");
      assertThatThrownBy(() -> device.send(frame())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void closeWhileOthersSendReceiveAndWake() throws Exception {
    for (int i = 0; i < 20; i++) {
      Device device = openQuiet();
      CountDownLatch busy = new CountDownLatch(2 * 100);
      try (var executor = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
        var sender =
            executor.submit(() -> {
              Packet packet = frame();
              while (true) {
                device.send(packet);
                busy.countDown();
              }
            });
        var receiver =
            executor.submit(() -> {
              Packet packet = frame();
              while (true) {
                device.receive(packet, Frames.SECOND);
                busy.countDown();
              }
            });
        var waker =
            executor.submit(() -> {
              for (int k = 0; k < 10_000; k++) {
                device.wake();
              }
            });
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        device.close();
        for (Future<?> user : List.of(sender, receiver)) {
          assertThatThrownBy(() -> user.get(10, TimeUnit.SECONDS))
              .hasRootCauseInstanceOf(IOException.class)
              .hasRootCauseMessage(interfaceName() + " is closed");
        }
        waker.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void openingAndClosingLeaksNoDescriptor() throws Exception {
    openQuiet().close();
    long before = descriptors();
    for (int i = 0; i < 50; i++) {
      openQuiet().close();
    }
    assertThat(descriptors()).isLessThan(before + 20);
  }

  private static long descriptors() {
    return new java.io.File("/proc/self/fd").list().length;
  }

  @Test
  void whatIsSentWhileTheInterfaceIsDownIsDiscardedAndItWorksAgain() throws Exception {
    try (Device device = openQuiet()) {
      assertThat(device.send(frame())).isTrue();
      assertThat(device.discarded()).isZero();
      var result = receiving(device, Frames.SECOND / 2);
      run("ip link set " + interfaceName() + " down");
      assertThat(device.send(frame())).isTrue();
      assertThat(device.discarded()).isEqualTo(1);
      assertThat(result.get(10, TimeUnit.SECONDS)).isFalse();
      run("ip link set " + interfaceName() + " up");
      assertThat(device.send(frame())).isTrue();
      assertThat(device.discarded()).isEqualTo(1);
    }
  }

  @Test
  void anInterfaceThatIsRemovedIsGone() throws Exception {
    try (Device device = openQuiet()) {
      var result = receiving(device, 50 * Frames.SECOND);
      awaitWaiting(device);
      run("ip link del " + interfaceName());
      assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IOException.class)
          .hasRootCauseMessage(interfaceName() + " is gone: the interface was removed");
      assertThatThrownBy(() -> device.send(frame())).hasMessageContaining("is gone");
    }
  }

  @Test
  void framesTheKernelCannotTakeAreDiscardedNotThrown() throws Exception {
    try (Device device = openQuiet()) {
      assertThat(device.send(Frames.of(""))).isTrue();
      assertThat(device.send(Frames.of("01"))).isTrue();
      Packet huge = new Packet(200_000);
      huge.padTo(200_000);
      assertThat(device.send(huge)).isTrue();
      assertThat(device.discarded()).isBetween(2L, 3L);
    }
  }
}
