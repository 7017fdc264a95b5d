package microps.cli.kernel;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Interfaces that go down and come up while a connection uses them.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class DisturbedIT extends KernelTest {
  private static final long LENGTH = 30_000_000;

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("the kernel's interface goes down and up: the connection goes on")
  void kernelInterface(Direction direction) throws Exception {
    Bed bed = bed(kind);
    disturb(
        bed,
        direction,
        () -> bed.namespace.execute("ip", "link", "set", kind.kernelInterface, "down"),
        () -> bed.namespace.execute("ip", "link", "set", kind.kernelInterface, "up"));
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("our interface goes down and up: the connection goes on")
  void ourInterface(Direction direction) throws Exception {
    Bed bed = bed(kind);
    disturb(
        bed,
        direction,
        () -> bed.host.setUp(kind.device(), false),
        () -> bed.host.setUp(kind.device(), true));
  }

  private void disturb(Bed bed, Direction direction, Action down, Action up) throws Exception {
    try (Pair pair = pair(bed, direction)) {
      AtomicLong received = new AtomicLong();
      Future<Void> sent = meanwhile(() -> Pattern.send(pair.client(), LENGTH));
      Future<Void> transfer =
          meanwhile(() -> {
            for (long place = 0; place < LENGTH; received.set(place)) {
              place =
                  Pattern.receive(pair.server(), place, Math.min(LENGTH, place + Pattern.CHUNK));
            }
          });
      for (int i = 1; i <= 2; i++) {
        long mark = i * LENGTH / 3;
        until("received " + mark, () -> received.get() >= mark);
        long before = timeouts(bed);
        down.run();
        if (direction == Direction.MICROPS_TO_KERNEL) {
          until("something was sent in vain", () -> timeouts(bed) > before);
        }
        up.run();
      }
      await(transfer);
      await(sent);
    }
  }

  private static long timeouts(Bed bed) {
    return bed.count("tcp-rto-expired");
  }
}
