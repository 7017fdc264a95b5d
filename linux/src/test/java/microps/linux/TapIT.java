package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NeedsDevices.class)
class TapIT {
  private static final MacAddress MAC = MacAddress.parse("00:00:5e:00:53:01");
  private static final DeviceOptions NEW =
      new DeviceOptions(MAC, 0, Cidr.parse("192.0.2.1/24"), false);

  private NetworkNamespace namespace;

  @BeforeEach
  void namespace() throws Exception {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void closeNamespace() {
    namespace.close();
  }

  private Device open(DeviceOptions options) throws Exception {
    return namespace.call(() -> new LinuxDeviceProvider().open("tap", "tap0", options));
  }

  @Test
  void theKernelAsksByArpAndTakesAnAnswerByHand() throws Exception {
    try (Device tap = open(NEW);
        DatagramSocket kernel = namespace.call(() -> new DatagramSocket())) {
      kernel.send(
          new DatagramPacket(new byte[] {1, 2, 3}, 3, new InetSocketAddress("192.0.2.2", 7)));
      Packet request = Frames.next(tap, Frames::isArp);
      String kernelMac = Frames.hex(request).substring(12, 24);
      assertThat(Frames.hex(request))
          .isEqualTo(
              "ffffffffffff"
                  + kernelMac
                  + "08060001080006040001"
                  + kernelMac
                  + "c0000201"
                  + "000000000000"
                  + "c0000202");
      assertThat(
              tap.send(
                  Frames.of(
                      kernelMac
                          + "00005e005301 0806 0001 0800 06 04 0002"
                          + "00005e005301 c0000202"
                          + kernelMac
                          + "c0000201")))
          .isTrue();
      Packet datagram = Frames.next(tap, Frames::isIpv4);
      assertThat(Frames.hex(datagram)).startsWith("00005e005301" + kernelMac).endsWith("010203");
    }
  }
}
