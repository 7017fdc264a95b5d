package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import microps.core.basis.Trace;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.Offloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Frames of one batch that go to the stack as one; what goes together is `CoalescerTest`'s.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CoalescingTest {
  private static final int FRAMES = 4;

  /// Has a number of frames at once, segments that follow each other, and then none.
  private static final class Burst implements Device {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch woken = new CountDownLatch(1);
    private final DeviceInfo info;
    private int next;

    Burst(Offloads offloads) {
      info = DeviceInfo.ip("burst", 1500).with(offloads);
    }

    @Override
    public DeviceInfo info() {
      return info;
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) {
      if (next < FRAMES) {
        write(frame, next++);
        return true;
      }
      if (timeoutNanos > 0) {
        asked.countDown(); // all was given to the stack
        try {
          woken.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return false;
    }

    private static void write(Packet p, int index) {
      p.clear();
      p.padTo(140);
      p.put32(0, 0x4500_0000 | p.length());
      p.put32(4, index << 16);
      p.put32(8, 64 << 24 | 6 << 16);
      p.put32(12, 0xc000_0201);
      p.put32(16, 0xc000_0202);
      p.put16(10, Checksum.finish(Checksum.sum(p, 0, 20)));
      p.put32(20, 0x1234_0007);
      p.put32(24, 1000 + index * 100);
      p.put32(28, 1);
      p.put32(32, 0x5010_ffff);
      long pseudo = Checksum.pseudoHeader4(p.get32(12), p.get32(16), 6, 120);
      p.put16(36, Checksum.finish(pseudo + Checksum.sum(p, 20, 120)));
    }

    @Override
    public boolean send(Packet frame) {
      return true;
    }

    @Override
    public void wake() {
      woken.countDown();
    }

    @Override
    public void close() {
      woken.countDown();
    }
  }

  private static HostStatus receive(Offloads offloads, UnaryOperator<HostBuilder> options)
      throws Exception {
    Burst burst = new Burst(offloads);
    HostBuilder builder = Host.builder().device(burst).address("192.0.2.2/24").trace(Trace.NONE);
    try (Host host = options.apply(builder).start()) {
      burst.asked.await();
      return host.status();
    }
  }

  private static long framesOf(HostStatus status) {
    return status.interfaces().get(1).framesIn();
  }

  @Test
  void segmentsThatArriveTogetherAreOne() throws Exception {
    HostStatus status = receive(Offloads.NONE, b -> b);
    assertThat(framesOf(status)).isEqualTo(1);
    assertThat(status.drops()).containsEntry("tcp-no-connection", 1L).hasSize(1);
  }

  @Test
  void notWhereItIsSwitchedOff() throws Exception {
    assertThat(framesOf(receive(Offloads.NONE, b -> b.coalescing(false)))).isEqualTo(FRAMES);
  }

  @Test
  void notWhereTheDeviceDoesIt() throws Exception {
    assertThat(framesOf(receive(Offloads.FULL, b -> b))).isEqualTo(FRAMES);
  }

  @Test
  void notWhereDatagramsAreForwarded() throws Exception {
    assertThat(framesOf(receive(Offloads.NONE, b -> b.forwarding(true)))).isEqualTo(FRAMES);
  }
}
