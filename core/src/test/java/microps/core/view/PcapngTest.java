package microps.core.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcapngTest {
  private final ByteBuffer out = ByteBuffer.allocate(70_000);

  /// Checks the frame of the block, and leaves its body to be read.
  private void block(int type) {
    out.flip();
    int length = out.limit();
    assertThat(length % 4).isZero();
    assertThat(out.getInt()).isEqualTo(type);
    assertThat(out.getInt()).isEqualTo(length);
    assertThat(out.getInt(length - 4)).isEqualTo(length);
    out.limit(length - 4);
  }

  private void option(int code, byte... value) {
    assertThat(out.getShort()).isEqualTo((short) code);
    assertThat(out.getShort()).isEqualTo((short) value.length);
    byte[] found = new byte[value.length];
    out.get(found);
    assertThat(found).isEqualTo(value);
    while (out.position() % 4 != 0) {
      assertThat(out.get()).isZero();
    }
  }

  private void noMoreOptions() {
    assertThat(out.getInt()).isZero();
    assertThat(out.hasRemaining()).isFalse();
  }

  @Test
  void section() {
    Pcapng.section(out, "microps");
    block(0x0a0d0d0a);
    assertThat(out.getInt()).isEqualTo(0x1a2b3c4d);
    assertThat(out.getInt()).isEqualTo(0x0001_0000);
    assertThat(out.getLong()).isEqualTo(-1);
    option(4, "microps".getBytes(StandardCharsets.US_ASCII));
    noMoreOptions();
  }

  @Test
  void ethernetInterface() {
    Pcapng.interfaceDescription(
        out, DeviceInfo.ethernet("tap0", MacAddress.parse("00:00:5e:00:53:01"), 1500));
    block(1);
    assertThat(out.getInt()).isEqualTo(1 << 16);
    assertThat(out.getInt()).isZero();
    option(2, "tap0".getBytes(StandardCharsets.US_ASCII));
    option(6, new byte[] {0, 0, 0x5e, 0, 0x53, 1});
    option(9, (byte) 9);
    noMoreOptions();
  }

  @Test
  void rawInterface() {
    Pcapng.interfaceDescription(out, DeviceInfo.ip("tun12", 1500));
    block(1);
    assertThat(out.getInt()).isEqualTo(101 << 16);
    assertThat(out.getInt()).isZero();
    option(2, "tun12".getBytes(StandardCharsets.US_ASCII));
    option(9, (byte) 9);
    noMoreOptions();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 65_549})
  void packet(int length) {
    Packet packet = new Packet(length);
    packet.extend(length);
    for (int i = 0; i < length; i++) {
      packet.put8(i, i + 1);
    }
    Pcapng.packet(out, 3, 0x1122_3344_5566_7788L, Direction.OUT, packet);
    assertThat(out.position()).isEqualTo(Pcapng.packetSize(length));
    block(6);
    assertThat(out.getInt()).isEqualTo(3);
    assertThat(out.getInt()).isEqualTo(0x1122_3344);
    assertThat(out.getInt()).isEqualTo(0x5566_7788);
    assertThat(out.getInt()).isEqualTo(length);
    assertThat(out.getInt()).isEqualTo(length);
    byte[] data = new byte[length];
    out.get(data);
    assertThat(data).isEqualTo(packet.toBytes());
    for (int i = length; i % 4 != 0; i++) {
      assertThat(out.get()).isZero();
    }
    option(2, (byte) 0, (byte) 0, (byte) 0, (byte) 2);
    noMoreOptions();
  }

  @Test
  void incomingPacketsAreMarked() {
    Pcapng.packet(out, 0, 0, Direction.IN, new Packet(0));
    assertThat(out.getInt(out.position() - 12)).isEqualTo(1);
  }

  @Test
  void whatDoesNotFitOverflows() {
    ByteBuffer small = ByteBuffer.allocate(43);
    assertThatThrownBy(() -> Pcapng.packet(small, 0, 0, Direction.IN, new Packet(0)))
        .isInstanceOf(BufferOverflowException.class);
  }

  @Test
  void aPacketWithAComment() {
    Packet packet = new Packet(5);
    packet.extend(5);
    Pcapng.packet(out, 0, 0, Direction.IN, packet, "lost");
    assertThat(out.position()).isEqualTo(Pcapng.packetSize(5, "lost"));
    block(6);
    out.position(out.position() + 20 + 8);
    assertThat(out.getInt()).isEqualTo(2 << 16 | 4);
    assertThat(out.getInt()).isEqualTo(1);
    option(1, "lost".getBytes(StandardCharsets.US_ASCII));
    noMoreOptions();
  }

  @Test
  void anInterfaceWithoutAnAddress() {
    Pcapng.interfaceDescription(out, "a-b", microps.core.device.LinkType.ETHERNET, null);
    block(1);
    assertThat(out.getInt()).isEqualTo(1 << 16);
    assertThat(out.getInt()).isZero();
    option(2, "a-b".getBytes(StandardCharsets.US_ASCII));
    option(9, (byte) 9);
    noMoreOptions();
  }
}
