package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import microps.core.tcp.TcpInfo;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Interfaces that go down and come up while a connection uses them.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class DisturbedIT extends KernelTest {
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
      AtomicBoolean enough = new AtomicBoolean();
      Future<Long> sent = meanwhile(() -> sendUntil(enough, pair.client()));
      AtomicLong received = new AtomicLong();
      Future<Void> all = meanwhile(() -> receive(pair.server(), received));
      for (int i = 0; i < 2; i++) {
        untilMoreThan(received);
        down.run();
        if (direction == Direction.MICROPS_TO_KERNEL) {
          long before = timeouts(bed);
          until(
              "something was sent in vain, or cannot be sent",
              () -> timeouts(bed) > before || isHeldUp(bed, pair.client()));
        }
        up.run();
      }
      untilMoreThan(received);
      enough.set(true);
      long length = await(sent);
      await(all);
      assertThat(received.get()).isEqualTo(length);
    }
  }

  private static long sendUntil(AtomicBoolean enough, SocketChannel to) throws IOException {
    long place = 0;
    while (!enough.get()) {
      place += to.write(Pattern.at(place, Pattern.CHUNK));
    }
    to.shutdownOutput();
    return place;
  }

  private static void receive(SocketChannel from, AtomicLong received) throws IOException {
    long place = 0;
    do {
      received.set(place);
      place = Pattern.receive(from, place, place + Pattern.CHUNK);
    } while (place == received.get() + Pattern.CHUNK);
    received.set(place);
  }

  private static void untilMoreThan(AtomicLong received) throws Exception {
    long enough = received.get() + 5_000_000;
    until("received " + enough, () -> received.get() >= enough);
  }

  /// Whether our interface is down, and went down when everything was acknowledged: what was
  /// written since is not sent, and so no timeout counts it.
  private boolean isHeldUp(Bed bed, SocketChannel channel) {
    boolean up =
        bed.host.status().interfaces().stream()
            .anyMatch(nic -> nic.name().equals(kind.device()) && nic.up());
    TcpInfo.Sending sending = bed.host.tcpInfo(channel).orElseThrow().sending();
    return !up && sending.flight() == 0 && sending.unsent() > 0;
  }

  private static long timeouts(Bed bed) {
    return bed.count("tcp-rto-expired");
  }
}
