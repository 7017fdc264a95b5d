package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import microps.core.basis.Counter;
import microps.core.basis.Counters;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferMemoryTest {
  private static final int LIMIT = 1 << 20;

  private final Counters counters = new Counters();
  private final TimerQueue timers = new TimerQueue();
  private final BufferMemory memory = new BufferMemory(LIMIT, counters, timers);
  private final Packet packet = new Packet(60_000);

  BufferMemoryTest() {
    packet.extend(60_000);
  }

  @ParameterizedTest(name = "{0} octets: an array of {1}")
  @CsvSource({"1, 2048", "2048, 2048", "2049, 4096", "65535, 65536", "6291456, 8388608"})
  void sizesArePowersOfTwo(int octets, int size) {
    assertThat(BufferMemory.sizeFor(octets)).isEqualTo(size);
  }

  @ParameterizedTest(name = "used {0}: from {1} to {2} is allowed: {3}")
  @CsvSource({
    "0, 0, 524288, true",
    "0, 0, 1048576, false", // the last eighth is for small buffers
    "524288, 524288, 1048576, false",
    "917504, 0, 16384, true",
    "917504, 0, 32768, false",
    "917504, 16384, 32768, false",
    "1048576, 0, 2048, false",
    "1048576, 2048, 4096, false",
  })
  void whatIsAllowed(int used, int before, int size, boolean allowed) {
    for (int i = 0; i < used; i += BufferMemory.SMALL) {
      memory.take(BufferMemory.SMALL);
    }
    assertThat(memory.used()).isEqualTo(used);
    assertThat(memory.allows(before, size)).isEqualTo(allowed);
  }

  @Test
  void pressureBeginsAboveThreeQuartersAndEndsAtFiveEighths() {
    byte[][] arrays = new byte[64][];
    for (int i = 0; i < 48; i++) {
      arrays[i] = memory.take(1 << 14);
    }
    assertThat(memory.isPressed()).isFalse();
    arrays[48] = memory.take(1 << 14);
    assertThat(memory.isPressed()).isTrue();
    for (int i = 48; i > 40; i--) {
      memory.give(arrays[i]);
    }
    assertThat(memory.isPressed()).isTrue();
    memory.give(arrays[40]);
    assertThat(memory.isPressed()).isFalse();
    assertThat(counters.of(Counter.TCP_MEMORY_PRESSURE)).isOne();
  }

  private byte[][] takeAndGive(int many, int size) {
    byte[][] arrays = new byte[many][];
    for (int i = 0; i < many; i++) {
      arrays[i] = memory.take(size);
    }
    for (byte[] array : arrays) {
      memory.give(array);
    }
    return arrays;
  }

  @Test
  void whatIsGivenBackIsTakenAgainHoweverMuchItIs() {
    byte[][] arrays = takeAndGive(16, 1 << 15);
    assertThat(memory.used()).isZero();
    assertThat(memory.kept()).isEqualTo(1 << 19);
    for (int i = 15; i >= 0; i--) {
      assertThat(memory.take(1 << 15)).isSameAs(arrays[i]);
    }
    assertThat(memory.kept()).isZero();
  }

  @Test
  void whatIsUsedAndWhatIsKeptAreTogetherNoMoreThanTheBudget() {
    takeAndGive(16, 1 << 15);
    takeAndGive(32, 1 << 14);
    assertThat(memory.kept()).isEqualTo(LIMIT);
    memory.take(1 << 18);
    assertThat(memory.kept()).isEqualTo(LIMIT - (1 << 18));
    for (int i = 0; i < 2 * LIMIT / BufferMemory.SMALLEST; i++) { // some of it beyond the budget
      memory.take(BufferMemory.SMALLEST);
      assertThat(memory.used() + memory.kept()).isLessThanOrEqualTo(Math.max(LIMIT, memory.used()));
    }
    assertThat(memory.kept()).isZero();
    memory.give(new byte[BufferMemory.SMALLEST]);
    assertThat(memory.kept()).isZero();
  }

  @Test
  void whatNobodyTakesGoesButForASixteenthAndNoTimerRunsThen() {
    takeAndGive(2, 1 << 15);
    memory.look(5);
    assertThat(timers.nextDeadline()).isEqualTo(TimerQueue.NEVER);
    takeAndGive(16, 1 << 15);
    memory.look(5);
    memory.look(7);
    assertThat(timers.nextDeadline()).isEqualTo(5 + BufferMemory.IDLE);
    timers.advance(timers.nextDeadline());
    assertThat(memory.kept()).isEqualTo(1 << 19); // the time of which it is known begins
    takeAndGive(6, 1 << 15);
    timers.advance(timers.nextDeadline());
    assertThat(memory.kept()).isEqualTo(6 << 15);
    assertThat(timers.nextDeadline()).isEqualTo(5 + 3 * BufferMemory.IDLE);
    timers.advance(timers.nextDeadline());
    assertThat(memory.kept()).isEqualTo(LIMIT / 16);
    assertThat(timers.nextDeadline()).isEqualTo(TimerQueue.NEVER);
  }

  @Test
  void anEmptyBufferHoldsNothingAndIsAsLargeAsUsualWhenItFillsAgain() {
    ReceiveBuffer buffer = new ReceiveBuffer(memory);
    assertThat(buffer.memory()).isZero();
    buffer.put(0, packet, 0, 30_000);
    buffer.advance(30_000);
    assertThat(buffer.memory()).isEqualTo(1 << 15);
    buffer.read(ByteBuffer.allocate(30_000));
    assertThat(memory.used()).isZero();

    int[] sizes = new int[4];
    for (int i = 0; i < sizes.length; i++) {
      buffer.put(0, packet, 0, 100);
      buffer.advance(100);
      sizes[i] = buffer.memory();
      buffer.read(ByteBuffer.allocate(100));
    }
    assertThat(sizes).containsExactly(1 << 15, 1 << 14, 1 << 13, 1 << 12);
    assertThat(memory.used()).isZero();
  }

  @Test
  void aWriterGetsASmallRingAlwaysAndALargeOneWhileThereIsMemory() {
    ByteBuffer much = ByteBuffer.allocate(LIMIT);
    SendBuffer hog = new SendBuffer(memory);
    assertThat(hog.write(much.clear(), LIMIT)).isEqualTo(LIMIT / 2);
    assertThat(hog.hasRoom()).isFalse();
    SendBuffer second = new SendBuffer(memory);
    assertThat(second.write(much.clear(), LIMIT)).isEqualTo(LIMIT / 4);
    SendBuffer third = new SendBuffer(memory);
    assertThat(third.write(much.clear(), LIMIT)).isEqualTo(LIMIT / 8);
    for (int i = 0; i < 100; i++) {
      SendBuffer small = new SendBuffer(memory);
      assertThat(small.write(much.clear(), LIMIT)).isEqualTo(BufferMemory.SMALL);
      assertThat(small.hasRoom()).isFalse();
      assertThat(small.write(much.clear(), LIMIT)).isZero();
    }
    hog.acknowledge(LIMIT / 2);
    third.acknowledge(1);
    assertThat(third.hasRoom()).isTrue();
  }

  @Test
  void textForWhichThereIsNoMemoryIsRefused() {
    ReceiveBuffer buffer = new ReceiveBuffer(memory);
    assertThat(buffer.put(LIMIT, packet, 0, 1)).isFalse();
    assertThat(buffer.memory()).isZero();
    assertThat(buffer.put(0, packet, 0, 1)).isTrue();
  }

  @Test
  void pruningKeepsWhatIsInOrder() {
    ReceiveBuffer buffer = new ReceiveBuffer(memory);
    packet.put8(0, 42);
    buffer.put(0, packet, 0, 10);
    buffer.put(100_000, packet, 0, 10);
    buffer.advance(10);
    assertThat(buffer.memory()).isEqualTo(1 << 17);
    buffer.prune();
    assertThat(buffer.memory()).isEqualTo(BufferMemory.SMALLEST);
    ByteBuffer read = ByteBuffer.allocate(20);
    assertThat(buffer.read(read)).isEqualTo(10);
    assertThat(read.get(0)).isEqualTo((byte) 42);
    assertThat(memory.used()).isZero();
  }
}
