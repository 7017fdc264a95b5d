package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ServiceLoader;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.device.DeviceOptions;
import microps.core.device.DeviceProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a person reads where a device cannot be opened. It needs no rights.
class LinuxDeviceProviderTest {
  private static final Cidr PEER = Cidr.parse("198.51.100.1/28");

  private final DeviceProvider provider = new LinuxDeviceProvider();

  @Test
  void isFoundAsAService() {
    LinuxDeviceProviderTest.class.getModule().addUses(DeviceProvider.class);
    assertThat(ServiceLoader.load(DeviceProvider.class))
        .hasAtLeastOneElementOfType(LinuxDeviceProvider.class);
  }

  @ParameterizedTest
  @CsvSource({"tap,true", "tun,true", "packet,true", "null,false", "TAP,false", "'',false"})
  void supports(String scheme, boolean expected) {
    assertThat(provider.supports(scheme)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sixteencharacter", "a b", "a/b", "a:b", "tap%d", ".", "..", "täp", "a\tb"})
  void aBadNameIsRefused(String name) {
    for (String scheme : new String[] {"tap", "tun", "packet"}) {
      assertThatThrownBy(() -> provider.open(scheme, name, DeviceOptions.DEFAULT))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "'"
                  + name
                  + "' is not the name of a network interface: write 1 to 15 characters without"
                  + " spaces, '/', ':' and '%', as in tap0");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 67, 65_536})
  void anMtuOutOfRangeIsRefused(int mtu) {
    DeviceOptions options = new DeviceOptions(null, mtu, null, false, true);
    assertThatThrownBy(() -> provider.open("tap", "tap0", options))
        .isInstanceOf(IOException.class)
        .hasMessage("an MTU is 68 to 65535 bytes, not " + mtu);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"})
  void aMacOfManyOrOfNoneIsRefused(String mac) {
    DeviceOptions options = new DeviceOptions(MacAddress.parse(mac), 0, null, false, true);
    assertThatThrownBy(() -> provider.open("tap", "tap0", options))
        .isInstanceOf(IOException.class)
        .hasMessage(mac + " is not the address of one station; use one such as 00:00:5e:00:53:01");
  }

  @Test
  void anotherSystemIsToldSo() {
    assertThat(Advice.notLinux("tap", "tap0", "Mac OS X", "aarch64"))
        .hasMessage(
            "tap:tap0 needs Linux on aarch64, amd64, riscv64, and this is Mac OS X on aarch64; the"
                + " loopback and null devices work everywhere");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2|/dev/net/tun is missing; load its driver once with: sudo modprobe tun",
        "19|/dev/net/tun is missing; load its driver once with: sudo modprobe tun",
        "6|/dev/net/tun is missing; load its driver once with: sudo modprobe tun",
        "13|no permission to open /dev/net/tun; allow it to everyone, as is usual, with:"
            + " sudo chmod 666 /dev/net/tun",
        "1|no permission to open /dev/net/tun; allow it to everyone, as is usual, with:"
            + " sudo chmod 666 /dev/net/tun",
      })
  void theTunFile(int errno, String message) {
    assertThat(Advice.tunFile(errno)).hasMessage(message);
  }

  @Test
  void theThreeCommandsCarryWhatWasAskedFor() {
    assertThat(Advice.mayNotCreate("tun", "tun7", PEER, 1400))
        .hasMessage(
            """
            there is no tun7, and this process may not create it; create it once with:
              sudo ip tuntap add mode tun user $USER name tun7
              sudo ip addr add 198.51.100.1/28 dev tun7
              sudo ip link set tun7 mtu 1400 up\
            """);
    assertThat(Advice.mayNotOpen("tap", "tap0", PEER, 0))
        .hasMessage(
            """
            there is no tap0, and this process may neither create it nor open /dev/net/tun; create\
             it once with:
              sudo chmod 666 /dev/net/tun
              sudo ip tuntap add mode tap user $USER name tap0
              sudo ip addr add 198.51.100.1/28 dev tap0
              sudo ip link set tap0 up\
            """);
  }
}
