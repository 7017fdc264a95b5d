package microps.core.address;

/// An IP address of either family.
///
/// Tables that serve both families key an address by two `long`s, an IPv4 address in its
/// IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291, section 2.5.5.2): [#high()] and [#low()].
public sealed interface IpAddress permits Ipv4Address, Ipv6Address {

  /// The upper 64 bits of the IPv6 or IPv4-mapped form.
  long high();

  /// The lower 64 bits of the IPv6 or IPv4-mapped form.
  long low();

  /// The number of bits: 32 or 128.
  int width();

  /// `0.0.0.0` or `::`.
  boolean isUnspecified();

  /// `127.0.0.0/8` or `::1`.
  boolean isLoopback();

  /// `224.0.0.0/4` or `ff00::/8`.
  boolean isMulticast();

  /// The address in network byte order, 4 or 16 bytes.
  byte[] toBytes();

  /// The address whose two-`long` form is given.
  static IpAddress of(long high, long low) {
    return high == 0 && low >>> 32 == 0xffffL
        ? new Ipv4Address((int) low)
        : new Ipv6Address(high, low);
  }

  /// The address in network byte order, 4 or 16 bytes.
  ///
  /// @throws IllegalArgumentException where the length is another
  static IpAddress of(byte[] bytes) {
    long high = 0;
    long low = 0;
    switch (bytes.length) {
      case 4 -> {
        for (byte b : bytes) {
          low = low << 8 | b & 0xff;
        }
        return new Ipv4Address((int) low);
      }
      case 16 -> {
        for (int i = 0; i < 8; i++) {
          high = high << 8 | bytes[i] & 0xff;
          low = low << 8 | bytes[8 + i] & 0xff;
        }
        return new Ipv6Address(high, low);
      }
      default ->
          throw new IllegalArgumentException(
              "an IP address has 4 or 16 bytes, not " + bytes.length);
    }
  }

  /// Parses the text form: dotted decimal (four numbers, no leading zeros), or RFC 4291 section
  /// 2.2.
  ///
  /// @throws IllegalArgumentException with a message for a person, where it is not one
  static IpAddress parse(String text) {
    return text.indexOf(':') >= 0 ? Ipv6Address.parse(text) : Ipv4Address.parse(text);
  }
}
