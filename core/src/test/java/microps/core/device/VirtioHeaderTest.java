package microps.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtioHeaderTest {

  private static byte[] header(int flags, int type, int size, int start, int offset) {
    return ByteBuffer.allocate(VirtioHeader.LENGTH)
        .order(ByteOrder.nativeOrder())
        .put((byte) flags)
        .put((byte) type)
        .putShort((short) 54)
        .putShort((short) size)
        .putShort((short) start)
        .putShort((short) offset)
        .array();
  }

  private static Packet frame(int length) {
    Packet frame = new Packet(length);
    frame.padTo(length);
    return frame;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0, true, NONE, 0",
    "1, 0, 0, 34, 16, true, PARTIAL, 0",
    "2, 0, 0, 0, 0, true, VERIFIED, 0",
    "1, 1, 1448, 34, 16, true, PARTIAL, 1448",
    "1, 4, 1440, 54, 16, true, PARTIAL, 1440",
    "1, 0x81, 1448, 34, 16, true, PARTIAL, 1448",
    "1, 1, 5000, 34, 16, true, PARTIAL, 5000",
  })
  @DisplayName("VIRTIO 1.2 5.1.6: what the header says is noted on the frame")
  void read(
      String flags,
      String type,
      int size,
      int start,
      int offset,
      boolean right,
      ChecksumState state,
      int segmentSize) {
    Packet frame = frame(3000);
    byte[] header = header(Integer.decode(flags), Integer.decode(type), size, start, offset);
    assertThat(VirtioHeader.read(header, 0, frame)).isEqualTo(right);
    assertThat(frame.checksumState()).isEqualTo(state);
    assertThat(frame.segmentSize()).isEqualTo(segmentSize);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 34, 16",
    "1, 5, 1400, 34, 6",
    "1, 3, 1400, 34, 6",
    "1, 127, 1400, 34, 6",
    "1, 1, 1448, 2990, 16",
    "1, 0, 0, 2999, 0",
    "1, 0, 0, 65535, 65535",
  })
  @DisplayName("segments of no size, kinds that were not asked for, checksums outside the frame")
  void lies(int flags, int type, int size, int start, int offset) {
    assertThat(VirtioHeader.read(header(flags, type, size, start, offset), 0, frame(3000)))
        .isFalse();
  }

  @Test
  @DisplayName("an ordinary frame has a header of zeros, whatever stood there")
  void writeNothing() {
    byte[] target = header(1, 1, 1, 1, 1);
    VirtioHeader.write(frame(100), 14, target, 0);
    assertThat(target).containsOnly(0);
  }

  @ParameterizedTest
  @CsvSource({"0x45, 0x10, 1, 34", "0x60, 0x90, 0x84, 54"})
  @DisplayName("a super-frame is read as it was written")
  void roundTrip(String version, String flags, String type, int start) {
    Packet frame = frame(5000);
    frame.put8(14, Integer.decode(version));
    frame.put8(start + 12, 0x80); // 32 bytes
    frame.put8(start + 13, Integer.decode(flags));
    frame.segmentSize(1448);
    frame.checksumPartial(frame.offset() + start, 16);
    VirtioHeader.write(frame, 14, frame.array(), frame.offset() - VirtioHeader.LENGTH);

    byte[] expected = header(1, Integer.decode(type), 1448, start, 16);
    ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder()).putShort(2, (short) (start + 32));
    Packet again = frame(5000);
    int at = frame.offset() - VirtioHeader.LENGTH;
    assertThat(java.util.Arrays.copyOfRange(frame.array(), at, frame.offset())).isEqualTo(expected);
    assertThat(VirtioHeader.read(frame.array(), at, again)).isTrue();
    assertThat(again.segmentSize()).isEqualTo(1448);
    assertThat(again.checksumStart() - again.offset()).isEqualTo(start);
  }
}
