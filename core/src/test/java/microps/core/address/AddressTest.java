package microps.core.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  // IPv4

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0x00000000",
    "127.0.0.1, 0x7f000001",
    "192.0.2.1, 0xc0000201",
    "255.255.255.255, 0xffffffff",
    "1.20.255.0, 0x0114ff00",
  })
  void anIpv4AddressIsReadAndWritten(String text, String value) {
    Ipv4Address address = Ipv4Address.parse(text);
    assertThat(address.value()).isEqualTo(Long.decode(value).intValue());
    assertThat(address).hasToString(text);
    assertThat(IpAddress.of(address.toBytes())).isEqualTo(address);
    assertThat(IpAddress.of(address.high(), address.low())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.2.3",
        "1.2.3.",
        "1.2.3.4.",
        "1.2.3.4.5",
        "1..2.3",
        "256.1.1.1",
        "1.2.3.999",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.4 ",
        " 1.2.3.4",
        "a.b.c.d",
        "1.2.3.-4",
        "1.2.3.4/24",
        "+1.2.3.4",
        "1.2.3.0004",
        "\u0661.2.3.4"
      })
  void whatIsNoIpv4AddressIsRefusedWithAHint(String text) {
    assertThatThrownBy(() -> Ipv4Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("192.0.2.2");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, true, false, false",
    "127.0.0.1, false, true, false",
    "127.255.255.254, false, true, false",
    "126.255.255.255, false, false, false",
    "128.0.0.0, false, false, false",
    "223.255.255.255, false, false, false",
    "224.0.0.0, false, false, true",
    "239.255.255.255, false, false, true",
    "240.0.0.0, false, false, false",
    "'::', true, false, false",
    "::1, false, true, false",
    "::2, false, false, false",
    "ff02::1, false, false, true",
    "fe80::1, false, false, false",
  })
  void kindsOfAddresses(String text, boolean unspecified, boolean loopback, boolean multicast) {
    IpAddress address = IpAddress.parse(text);
    assertThat(address.isUnspecified()).isEqualTo(unspecified);
    assertThat(address.isLoopback()).isEqualTo(loopback);
    assertThat(address.isMulticast()).isEqualTo(multicast);
  }

  @Test
  @DisplayName("RFC 4291 2.5.5.2: the IPv4-mapped form of an IPv4 address is that address")
  void mapped() {
    assertThat(IpAddress.of(0, 0xffff_c000_0201L)).isEqualTo(Ipv4Address.parse("192.0.2.1"));
    assertThat(Ipv4Address.parse("192.0.2.1").low()).isEqualTo(0xffff_c000_0201L);
    assertThat(IpAddress.of(0, 0xfffe_c000_0201L)).isInstanceOf(Ipv6Address.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15, 17})
  void bytesOfAnotherLengthAreNoAddress(int length) {
    assertThatThrownBy(() -> IpAddress.of(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("" + length);
  }

  // IPv6

  @ParameterizedTest
  @DisplayName("RFC 4291 2.2 is read, RFC 5952 written")
  @CsvSource({
    "'::', '::'",
    "::1, ::1",
    "1::, 1::",
    "2001:db8::1, 2001:db8::1",
    "2001:0DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::ffff:192.0.2.1, ::ffff:c000:201",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "fe80::1, fe80::1",
  })
  void anIpv6AddressIsReadAndWritten(String text, String canonical) {
    Ipv6Address address = Ipv6Address.parse(text);
    assertThat(address).hasToString(canonical);
    assertThat(Ipv6Address.parse(canonical)).isEqualTo(address);
    assertThat(IpAddress.of(address.high(), address.low()).toBytes()).hasSizeBetween(4, 16);
    assertThat(address.toBytes()).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        ":::",
        "1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:8::",
        "::1.2.3",
        "1.2.3.4::",
        "::1/64",
        "::1%eth0",
        ":1:2:3:4:5:6:7"
      })
  void whatIsNoIpv6AddressIsRefused(String text) {
    assertThatThrownBy(() -> Ipv6Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  // Prefixes

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "192.0.2.2/24, 192.0.2.0/24, 192.0.2.255",
        "192.0.2.2/31, 192.0.2.2/31, none",
        "192.0.2.2/32, 192.0.2.2/32, none",
        "192.0.2.2/30, 192.0.2.0/30, 192.0.2.3",
        "10.1.2.3/8, 10.0.0.0/8, 10.255.255.255",
        "10.1.2.3/0, 0.0.0.0/0, 255.255.255.255",
        "172.31.255.1/12, 172.16.0.0/12, 172.31.255.255",
        "2001:db8::1/32, 2001:db8::/32, none",
        "2001:db8:0:1:8000::1/65, 2001:db8:0:1:8000::/65, none",
        "::1/128, ::1/128, none",
        "ff::1/0, ::/0, none",
      })
  void networkAndBroadcast(String text, String network, String broadcast) {
    Cidr cidr = Cidr.parse(text);
    assertThat(cidr).hasToString(text);
    assertThat(cidr.network()).hasToString(network);
    assertThat(cidr.broadcast() == null ? null : cidr.broadcast().toString()).isEqualTo(broadcast);
    assertThat(cidr.contains(cidr.address())).isTrue();
    assertThat(cidr.contains(cidr.network().address())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.0/24, 192.0.1.255, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::, false",
    "::/0, 192.0.2.1, false",
    "192.0.2.2/32, 192.0.2.2, true",
    "192.0.2.2/32, 192.0.2.3, false",
    "2001:db8::/64, 2001:db8::ffff:ffff:ffff:ffff, true",
    "2001:db8::/64, 2001:db8:0:1::, false",
    "2001:db8::/63, 2001:db8:0:1::, true",
  })
  void membership(String cidr, String address, boolean inside) {
    assertThat(Cidr.parse(cidr).contains(IpAddress.parse(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.2",
        "192.0.2.2/",
        "192.0.2.2/33",
        "192.0.2.2/-1",
        "192.0.2.2/a",
        "/24",
        "::/129",
        "192.0.2.2/24/3",
        "192.0.2.2/0024"
      })
  void whatIsNoPrefixIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  // MAC addresses, endpoints

  @ParameterizedTest
  @CsvSource({
    "00:00:5e:00:53:01, 0x00005e005301, false",
    "FF-FF-FF-FF-FF-FF, 0xffffffffffff, true",
    "01:00:5e:7f:ff:fa, 0x01005e7ffffa, true",
    "02:00:00:00:00:00, 0x020000000000, false",
  })
  void aMacAddress(String text, String value, boolean multicast) {
    MacAddress mac = MacAddress.parse(text);
    assertThat(mac.value()).isEqualTo(Long.decode(value));
    assertThat(mac.isMulticast()).isEqualTo(multicast);
    assertThat(mac).hasToString(text.toLowerCase(java.util.Locale.ROOT).replace('-', ':'));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00:00:5e:00:53",
        "00:00:5e:00:53:01:02",
        "0:0:5e:0:53:1",
        "00:00:5e:00:53:0g"
      })
  void whatIsNoMacAddressIsRefused(String text) {
    assertThatThrownBy(() -> MacAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("00:00:5e:00:53:01");
  }

  @Test
  void aMacAddressHas48Bits() {
    assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, 7, 192.0.2.1:7", "2001:db8::1, 65535, [2001:db8::1]:65535"})
  void anEndpointIsWritten(String address, int port, String text) {
    assertThat(new Endpoint(IpAddress.parse(address), port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void aPortHas16Bits(int port) {
    assertThatThrownBy(() -> new Endpoint(Ipv4Address.ANY, port))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
