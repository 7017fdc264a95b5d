package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import microps.core.bytes.Packet;
import org.junit.jupiter.api.Test;

class BuffersTest {

  private static byte[] bytes(int from, int length) {
    byte[] b = new byte[length];
    for (int i = 0; i < length; i++) {
      b[i] = (byte) ((from + i) * 31 + (from + i >>> 8));
    }
    return b;
  }

  @Test
  void whatIsWrittenIsCopiedOutAtAnyOffsetWhileTheRingGoesRound() {
    SplittableRandom random = new SplittableRandom(1);
    SendBuffer buffer = new SendBuffer(BufferMemory.unlimited());
    int written = 0;
    int acknowledged = 0;
    for (int i = 0; i < 5000; i++) {
      int offered = random.nextInt(3000);
      ByteBuffer source = ByteBuffer.wrap(bytes(written, offered));
      int taken = buffer.write(source, 10_000);
      assertThat(taken).isEqualTo(Math.min(offered, 10_000 - buffer.size() + taken));
      written += taken;
      assertThat(buffer.size()).isEqualTo(written - acknowledged);
      int offset = random.nextInt(buffer.size() + 1);
      int length = random.nextInt(buffer.size() - offset + 1);
      Packet packet = new Packet(10_000);
      buffer.copyTo(offset, packet, length);
      assertThat(packet.toBytes()).isEqualTo(bytes(acknowledged + offset, length));
      int n = random.nextInt(buffer.size() + 1);
      buffer.acknowledge(n);
      acknowledged += n;
    }
  }

  @Test
  void textBeyondAGapLiesAtItsPlaceWhenTheGapCloses() {
    ReceiveBuffer buffer = new ReceiveBuffer(BufferMemory.unlimited());
    Packet packet = new Packet(9000);
    byte[] all = bytes(0, 9000);
    packet.append(all, 0, 9000);

    buffer.put(4000, packet, 4000, 1000);
    buffer.put(8000, packet, 8000, 1000);
    buffer.put(0, packet, 0, 4000);
    buffer.advance(5000);
    assertThat(buffer.readable()).isEqualTo(5000);
    ByteBuffer read = ByteBuffer.allocate(9000);
    assertThat(buffer.read(read.limit(4500))).isEqualTo(4500);
    buffer.put(0, packet, 5000, 3000);
    buffer.advance(4000);
    assertThat(buffer.read(read.limit(9000))).isEqualTo(4500);

    assertThat(read.array()).isEqualTo(all);
    assertThat(buffer.readable()).isZero();
  }

  @Test
  void whatNobodyReadsIsSkipped() {
    ReceiveBuffer buffer = new ReceiveBuffer(BufferMemory.unlimited());
    Packet packet = new Packet(100);
    packet.append(bytes(0, 100), 0, 100);
    buffer.put(0, packet, 0, 50);
    buffer.skip(50);
    assertThat(buffer.readable()).isZero();

    buffer.put(0, packet, 50, 50);
    buffer.advance(50);
    ByteBuffer read = ByteBuffer.allocate(50);
    buffer.read(read);
    assertThat(read.array()).isEqualTo(Arrays.copyOfRange(bytes(0, 100), 50, 100));
  }
}
