package microps.core.address;

import java.util.HexFormat;

/// A 48-bit Ethernet address in the lower bits of a `long`, the first octet uppermost.
public record MacAddress(long value) {

  /// `ff:ff:ff:ff:ff:ff`
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  /// `00:00:00:00:00:00`
  public static final MacAddress ZERO = new MacAddress(0);

  /// @throws IllegalArgumentException where more than 48 bits are set
  public MacAddress {
    if (value >>> 48 != 0) {
      throw new IllegalArgumentException("a MAC address has 48 bits");
    }
  }

  /// Parses six octets in hexadecimal, separated by `:` or `-`.
  ///
  /// @throws IllegalArgumentException where it is not one
  public static MacAddress parse(String text) {
    if (!text.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a MAC address; write it as in 00:00:5e:00:53:01");
    }
    return new MacAddress(HexFormat.fromHexDigitsToLong(text.replaceAll("[:-]", "")));
  }

  /// Whether the group bit is set: multicast, or broadcast.
  public boolean isMulticast() {
    return isMulticast(value);
  }

  /// Whether the group bit is set in an address given as a `long`.
  public static boolean isMulticast(long value) {
    return (value >>> 40 & 1) != 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      text.append(HexFormat.of().toHexDigits((byte) (value >>> shift)));
      if (shift > 0) {
        text.append(':');
      }
    }
    return text.toString();
  }
}
