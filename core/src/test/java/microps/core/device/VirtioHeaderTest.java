package microps.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.basis.DropReason;
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
    "0, 0, 0, 0, 0, NONE, 0",
    "1, 0, 0, 34, 16, PARTIAL, 0",
    "2, 0, 0, 0, 0, VERIFIED, 0",
    "1, 1, 1448, 34, 16, PARTIAL, 1448",
    "1, 4, 1440, 54, 16, PARTIAL, 1440",
    "1, 0x81, 1448, 34, 16, PARTIAL, 1448",
    "1, 1, 3000, 34, 16, PARTIAL, 3000",
    "1, 0, 0, 34, 2964, PARTIAL, 0",
    "1, 0, 0, 2998, 0, PARTIAL, 0",
  })
  @DisplayName("VIRTIO 1.2 5.1.6: what the header says is noted on the frame")
  void read(
      String flags,
      String type,
      int size,
      int start,
      int offset,
      ChecksumState state,
      int segmentSize) {
    Packet frame = frame(3000);
    byte[] header = header(Integer.decode(flags), Integer.decode(type), size, start, offset);
    VirtioHeader.read(header, 0, frame);
    assertThat(Offloads.faultOf(frame, LinkType.ETHERNET)).isNull();
    assertThat(frame.checksumState()).isEqualTo(state);
    assertThat(frame.segmentSize()).isEqualTo(segmentSize);
  }

  @ParameterizedTest(name = "{6}: {0}")
  @CsvSource({
    "segments of no size, 3000, 1, 1, 0, 34/16, DEVICE_BAD_SEGMENT_SIZE",
    "segments longer than the frame, 3000, 1, 1, 3001, 34/16, DEVICE_BAD_SEGMENT_SIZE",
    "UDP segments that nobody asked for, 3000, 1, 5, 1400, 34/6, DEVICE_BAD_SEGMENT_SIZE",
    "UDP fragments, 3000, 1, 3, 1400, 34/6, DEVICE_BAD_SEGMENT_SIZE",
    "a kind that does not exist, 3000, 1, 127, 1400, 34/6, DEVICE_BAD_SEGMENT_SIZE",
    "headers longer than the frame, 53, 1, 1, 20, 34/16, DEVICE_BAD_HEADER_LENGTH",
    "a checksum behind the frame, 3000, 1, 1, 1448, 2990/16, DEVICE_BAD_CHECKSUM_PLACE",
    "half of it, 3000, 1, 0, 0, 2999/0, DEVICE_BAD_CHECKSUM_PLACE",
    "the largest numbers, 3000, 1, 0, 0, 65535/65535, DEVICE_BAD_CHECKSUM_PLACE",
    "in the link header, 3000, 1, 0, 0, 0/4, DEVICE_BAD_CHECKSUM_PLACE",
    "in the IP header, 3000, 1, 0, 0, 33/16, DEVICE_BAD_CHECKSUM_PLACE",
    "in a frame that has none, 10, 1, 0, 0, 34/16, DEVICE_BAD_CHECKSUM_PLACE",
  })
  @DisplayName("what cannot be true has a name")
  void lies(
      String what, int length, int flags, int type, int size, String place, DropReason reason) {
    String[] at = place.split("/");
    Packet frame = frame(length);
    byte[] header = header(flags, type, size, Integer.parseInt(at[0]), Integer.parseInt(at[1]));
    VirtioHeader.read(header, 0, frame);
    assertThat(Offloads.faultOf(frame, LinkType.ETHERNET)).isEqualTo(reason);
  }

  @Test
  @DisplayName("the stack drops each under its name, and counts it")
  void dropped() {
    Stack stack = new Stack(StackConfig.of(new java.util.SplittableRandom(1)));
    Nic nic = stack.attach(DeviceInfo.ip("tun0", 1500));
    byte[][] headers = {header(1, 1, 0, 20, 16), header(1, 1, 20, 20, 16), header(1, 0, 0, 20, 90)};
    DropReason[] reasons = {
      DropReason.DEVICE_BAD_SEGMENT_SIZE,
      DropReason.DEVICE_BAD_HEADER_LENGTH,
      DropReason.DEVICE_BAD_CHECKSUM_PLACE
    };
    for (int i = 0; i < reasons.length; i++) {
      Packet frame = frame(53);
      VirtioHeader.read(headers[i], 0, frame);
      stack.receive(nic, frame, i);
      assertThat(stack.counters().of(reasons[i])).isEqualTo(1);
      assertThat(nic.drops().of(reasons[i])).isEqualTo(1);
      assertThat(nic.framesIn()).isEqualTo(i + 1);
    }
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
    VirtioHeader.read(frame.array(), at, again);
    assertThat(Offloads.faultOf(again, LinkType.ETHERNET)).isNull();
    assertThat(again.segmentSize()).isEqualTo(1448);
    assertThat(again.checksumStart() - again.offset()).isEqualTo(start);
  }
}
