package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.LinkType;
import microps.core.device.Offloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemoryWireTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(30);

  private static Packet frame(int number) {
    Packet packet = new Packet(100);
    packet.extend(8);
    packet.put64(0, number);
    return packet;
  }

  private static int number(Packet packet) {
    assertThat(packet.length()).isEqualTo(8);
    return (int) packet.get64(0);
  }

  @Test
  void framesArriveInOrderAtTheOtherEnd() throws IOException {
    MemoryWire wire = MemoryWire.ethernet().create();
    for (int i = 0; i < 100; i++) {
      assertThat(wire.left().send(frame(i))).isTrue();
      assertThat(wire.right().send(frame(1000 + i))).isTrue();
    }
    Packet in = new Packet(2048);
    for (int i = 0; i < 100; i++) {
      assertThat(wire.right().receive(in, 0)).isTrue();
      assertThat(number(in)).isEqualTo(i);
      assertThat(wire.left().receive(in, 0)).isTrue();
      assertThat(number(in)).isEqualTo(1000 + i);
    }
    assertThat(wire.right().receive(in, 0)).isFalse();
    assertThat(wire.lost()).isZero();
  }

  @Test
  void theSenderMayUseItsPacketAgain() throws IOException {
    MemoryWire wire = MemoryWire.ethernet().create();
    Packet out = frame(1);
    wire.left().send(out);
    out.put64(0, 2);
    Packet in = new Packet(2048);
    wire.right().receive(in, 0);
    assertThat(number(in)).isEqualTo(1);
  }

  @Test
  void superSegmentsAndChecksumsToBeCompletedGoAlong() throws IOException {
    MemoryWire wire = MemoryWire.ethernet().create();
    Packet out = frame(1);
    out.segmentSize(1448);
    out.checksumPartial(out.offset() + 4, 2);
    wire.left().send(out);
    Packet in = new Packet(2048);
    wire.right().receive(in, 0);
    assertThat(in.segmentSize()).isEqualTo(1448);
    assertThat(in.checksumState()).isEqualTo(Packet.ChecksumState.PARTIAL);
    assertThat(in.checksumStart() - in.offset()).isEqualTo(4);
  }

  @Test
  void whatTheSenderKnowsOfAPlainFrameStaysThere() throws IOException {
    MemoryWire wire = MemoryWire.ethernet().offloads(Offloads.NONE).create();
    Packet out = frame(1);
    out.timestamp(99);
    out.linkBroadcast(true);
    out.checksumVerified();
    wire.left().send(out);
    Packet in = new Packet(2048);
    wire.right().receive(in, 0);
    assertThat(in.timestamp()).isZero();
    assertThat(in.linkBroadcast()).isFalse();
    assertThat(in.checksumState()).isEqualTo(Packet.ChecksumState.NONE);
  }

  @Test
  void aFullWireRefusesAndWakesTheSenderWhenThereIsRoom() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().queue(3).create();
    Device left = wire.left();
    for (int i = 0; i < 3; i++) {
      assertThat(left.send(frame(i))).isTrue();
    }
    assertThat(left.send(frame(3))).isFalse();
    Blocked<Boolean> sender =
        Blocked.in(Thread.ofPlatform().daemon(), () -> left.receive(new Packet(2048), LONG));
    Packet in = new Packet(2048);
    assertThat(wire.right().receive(in, 0)).isTrue();
    assertThat(sender.result()).isFalse();
    assertThat(left.send(frame(3))).isTrue();
    for (int i = 1; i <= 3; i++) {
      assertThat(wire.right().receive(in, 0)).isTrue();
      assertThat(number(in)).isEqualTo(i);
    }
  }

  @Test
  void aFrameEndsTheWait() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    Packet in = new Packet(2048);
    Blocked<Boolean> receiver =
        Blocked.in(Thread.ofPlatform().daemon(), () -> wire.right().receive(in, LONG));
    wire.left().send(frame(5));
    assertThat(receiver.result()).isTrue();
    assertThat(number(in)).isEqualTo(5);
  }

  @Test
  void wakeEndsTheWaitThatIsOrTheNext() throws Exception {
    Device device = MemoryWire.ethernet().create().left();
    Blocked<Boolean> receiver =
        Blocked.in(
            Thread.ofPlatform().daemon(), () -> device.receive(new Packet(2048), Long.MAX_VALUE));
    device.wake();
    assertThat(receiver.result()).isFalse();
    device.wake();
    assertThat(device.receive(new Packet(2048), LONG)).isFalse();
    assertThat(device.receive(new Packet(2048), 1)).isFalse();
  }

  @Test
  void framesAreDelayed() throws IOException {
    long delay = TimeUnit.MILLISECONDS.toNanos(20);
    MemoryWire wire = MemoryWire.ethernet().delay(Duration.ofNanos(delay)).create();
    long start = System.nanoTime();
    wire.left().send(frame(1));
    assertThat(wire.right().receive(new Packet(2048), LONG)).isTrue();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(delay);
  }

  @Test
  void theSeedDecidesWhatIsLost() throws IOException {
    BitSet first = survivors(7);
    assertThat(survivors(7)).isEqualTo(first);
    assertThat(survivors(8)).isNotEqualTo(first);
    assertThat(first.cardinality()).isBetween(700, 900);
  }

  private static BitSet survivors(long seed) throws IOException {
    MemoryWire wire = MemoryWire.ethernet().loss(0.2, seed).create();
    BitSet survivors = new BitSet();
    for (int i = 0; i < 1000; i++) {
      wire.left().send(frame(i));
    }
    Packet in = new Packet(2048);
    while (wire.right().receive(in, 0)) {
      survivors.set(number(in));
    }
    assertThat(wire.lost()).isEqualTo(1000 - survivors.cardinality());
    return survivors;
  }

  @Test
  void closing() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().queue(1).create();
    Blocked<Boolean> receiver =
        Blocked.in(
            Thread.ofPlatform().daemon(), () -> wire.right().receive(new Packet(2048), LONG));
    wire.right().close();
    wire.right().close();
    assertThat(receiver.failure()).isInstanceOf(IOException.class);
    // The cable is pulled: what is sent is gone.
    for (int i = 0; i < 10; i++) {
      assertThat(wire.left().send(frame(i))).isTrue();
    }
    assertThatThrownBy(() -> wire.right().send(frame(1))).isInstanceOf(IOException.class);
  }

  @Test
  void endsAreWhatTheyAreSaidToBe() {
    MemoryWire wire = MemoryWire.ip().mtu(9000).create();
    assertThat(wire.left().info()).isEqualTo(DeviceInfo.ip("left", 9000).with(Offloads.FULL));
    assertThat(MemoryWire.ip().loss(0.1, 1).create().left().info().offloads())
        .as("each segment is lost for itself")
        .isEqualTo(Offloads.NONE);
    assertThat(MemoryWire.ethernet().create().right().info().link()).isEqualTo(LinkType.ETHERNET);
    DeviceInfo mine = DeviceInfo.ethernet("mine", MacAddress.parse("02:00:00:00:00:09"), 700);
    assertThat(MemoryWire.ethernet().ends(mine, mine).create().right().info()).isEqualTo(mine);
    assertThatThrownBy(() -> MemoryWire.ethernet().loss(1.1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MemoryWire.ethernet().queue(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MemoryWire.ethernet().mtu(67))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
