package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import microps.core.basis.DropReason;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.LinkType;
import microps.core.device.Offloads;
import microps.linux.PacketRing.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The ring in memory that nobody shares.
class PacketRingTest {
  private static final int PLACE = 76;

  private final MemorySegment memory = Arena.ofAuto().allocate(PacketRing.SIZE, 64);
  private final PacketRing ring = new PacketRing(memory);
  private final Packet frame = new Packet(PacketPool.SMALL);

  private void put(int slot, int captured, int length, int mac, int status) {
    long at = PacketRing.at(slot);
    memory.set(JAVA_INT, at + PacketRing.LENGTH, length);
    memory.set(JAVA_INT, at + PacketRing.CAPTURED, captured);
    memory.set(JAVA_SHORT, at + PacketRing.MAC, (short) mac);
    memory.set(JAVA_INT, at + PacketRing.STATUS, status);
  }

  private Found read() {
    frame.clear();
    return ring.read(frame);
  }

  @Test
  void framesComeInOrderAroundTheRingAndSlotsAreGivenBack() {
    for (int i = 0; i < 2 * PacketRing.SLOTS + 1; i++) {
      int slot = i % PacketRing.SLOTS;
      assertThat(read()).isEqualTo(Found.NOTHING);
      put(slot, 60, 60, PLACE, PacketRing.OURS);
      memory.set(JAVA_BYTE, PacketRing.at(slot) + PLACE, (byte) i);
      assertThat(read()).isEqualTo(Found.FRAME);
      assertThat(frame.length()).isEqualTo(60);
      assertThat(frame.get8(0)).isEqualTo(i & 0xff);
      assertThat(memory.get(JAVA_INT, PacketRing.at(slot))).isZero();
    }
  }

  @Test
  void aSlotHoldsTheLongestFrame() {
    assertThat(PacketRing.SLOT - PLACE).isGreaterThanOrEqualTo(LinuxDevice.MAX_FRAME);
    put(0, LinuxDevice.MAX_FRAME, LinuxDevice.MAX_FRAME, PLACE, PacketRing.OURS);
    assertThat(read()).isEqualTo(Found.FRAME);
    assertThat(frame.length()).isEqualTo(LinuxDevice.MAX_FRAME);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 101, 76", // cut off
    "-1, -1, 76",
    "65717, 65717, 76",
    "258, 258, 65535",
    "100, 100, 41",
    "100, 100, 0",
    "2147483647, 2147483647, 76",
  })
  void numbersThatLieAreNoFrame(int captured, int length, int mac) {
    put(0, captured, length, mac, PacketRing.OURS);
    put(1, 60, 60, PLACE, PacketRing.OURS);
    assertThat(read()).isEqualTo(Found.BAD);
    assertThat(read()).isEqualTo(Found.FRAME);
  }

  @Test
  void aVirtioHeaderThatLiesIsNotedOnTheFrame() {
    put(0, 60, 60, PLACE, PacketRing.OURS);
    memory.set(JAVA_BYTE, PacketRing.at(0) + PLACE - 9, (byte) 1); // TCP segments of no size
    assertThat(read()).isEqualTo(Found.FRAME);
    assertThat(Offloads.faultOf(frame, LinkType.ETHERNET))
        .isEqualTo(DropReason.DEVICE_BAD_SEGMENT_SIZE);
  }

  @Test
  void anyNumbersInASlotAreReadWithoutHarm() {
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int slot = seed % PacketRing.SLOTS;
      for (int i = 0; i < 96; i += 4) {
        int bits = random.nextInt(33);
        memory.set(
            JAVA_INT,
            PacketRing.at(slot) + i,
            bits == 32 ? random.nextInt() : random.nextInt() >>> bits);
      }
      if (random.nextBoolean()) {
        int length = random.nextInt(3000);
        put(slot, length, length, PLACE, 0);
      }
      memory.set(JAVA_INT, PacketRing.at(slot), random.nextInt() | PacketRing.OURS);
      assertThat(read()).as("seed " + seed).isNotEqualTo(Found.NOTHING);
      assertThat(frame.length()).isLessThanOrEqualTo(PacketRing.SLOT);
    }
  }
}
