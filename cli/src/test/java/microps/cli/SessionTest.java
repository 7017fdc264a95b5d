package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.sockets.Host;
import microps.sockets.MemoryWire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a host ends with its command.
@Timeout(60)
class SessionTest {

  /// A device that takes its time to close.
  private static final class SlowToClose implements Device {
    final CountDownLatch closing = new CountDownLatch(1);
    final CountDownLatch mayClose = new CountDownLatch(1);
    private final Device end = MemoryWire.ip().create().left();

    @Override
    public DeviceInfo info() {
      return end.info();
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) throws java.io.IOException {
      return end.receive(frame, timeoutNanos);
    }

    @Override
    public boolean send(Packet frame) throws java.io.IOException {
      return end.send(frame);
    }

    @Override
    public void wake() {
      end.wake();
    }

    @Override
    public void close() {
      closing.countDown();
      try {
        mayClose.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      end.close();
    }
  }

  /// Otherwise the process ended while the interrupt still resets connections and writes captures.
  @Test
  void aCommandThatReturnsWaitsForTheHostThatAnInterruptCloses() throws Exception {
    SlowToClose device = new SlowToClose();
    Cli cli =
        new Cli(
            InputStream.nullInputStream(),
            (options, trace) -> Host.builder().device(device).address("192.0.2.2/24").start());
    Session session = Session.start(cli.run(), new HostOptions());
    Thread interrupt = Thread.ofPlatform().daemon().start(session::stop);
    device.closing.await();
    Thread command = Thread.ofPlatform().daemon().start(session::close);
    while (command.getState() == Thread.State.NEW || command.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
    assertThat(command.getState()).isNotEqualTo(Thread.State.TERMINATED);
    device.mayClose.countDown();
    interrupt.join();
    command.join();
  }
}
