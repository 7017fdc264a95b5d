package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.Offloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunIT extends DeviceContract {
  @Override
  Device openQuiet() throws Exception {
    withoutIpv6();
    return open("tun:tun0", CREATE);
  }

  /// To an address that is nobody's.
  @Override
  Packet frame() {
    Packet frame = Frames.udp(Frames.NO_MAC, Frames.NO_MAC, 7, 7, "01");
    frame.pull(14);
    frame.put32(16, 0xc0000263);
    return frame;
  }

  @Override
  String interfaceName() {
    return "tun0";
  }

  @Test
  void aTunIsCreatedWithTheKernelsAddressAndGoneWhenClosed() throws Exception {
    try (Device tun = open("tun:tun0", CREATE)) {
      assertThat(tun.info()).isEqualTo(DeviceInfo.ip("tun0", 1500).with(Offloads.FULL));
      assertThat(run("ip addr show tun0"))
          .contains("inet 192.0.2.1/24 ", ",UP", "POINTOPOINT", "mtu 1500");
      assertThat(run("ip route")).contains("192.0.2.0/24 dev tun0");
    }
    assertThatThrownBy(() -> run("ip link show tun0")).hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @ValueSource(ints = {68, 1500, 65_535})
  void aDatagramOfTheMtuBothWays(int mtu) throws Exception {
    try (Device tun = open("tun:tun0", mtu(CREATE, mtu));
        DatagramSocket kernel =
            namespace.call(() -> new DatagramSocket(5000, InetAddress.getByName("192.0.2.1")))) {
      assertThat(tun.info().mtu()).isEqualTo(mtu);
      int length = mtu - 28;
      kernel.send(
          new DatagramPacket(new byte[length], length, new InetSocketAddress("192.0.2.2", 7)));
      Packet datagram = Frames.next(tun, p -> p.get8(0) == 0x45);
      assertThat(datagram.length()).isEqualTo(mtu);
      assertThat(datagram.get32(12)).isEqualTo(0xc0000201);
      assertThat(datagram.get32(16)).isEqualTo(0xc0000202);

      Packet answer = Frames.udp(Frames.NO_MAC, Frames.NO_MAC, 7, 5000, "ab".repeat(length));
      answer.pull(14);
      assertThat(tun.send(answer)).isTrue();
      DatagramPacket back = new DatagramPacket(new byte[length + 1], length + 1);
      kernel.setSoTimeout(10_000);
      kernel.receive(back);
      assertThat(back.getLength()).isEqualTo(length);
      assertThat(back.getSocketAddress()).isEqualTo(new InetSocketAddress("192.0.2.2", 7));
    }
  }

  @Test
  void whatIsNotATunIsRefused() throws Exception {
    run("ip tuntap add mode tap name tap0");
    assertThatThrownBy(() -> open("tun:tap0", CREATE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("tap0 exists but is not a TUN ");
  }

  @Test
  void aTunThatMayNotBeCreatedShowsTheThreeCommands() {
    assertThatThrownBy(() -> openUnprivileged("tun:tun0", CREATE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sudo ip tuntap add mode tun user $USER name tun0\n");
  }
}
