package microps.core.address;

/// An IPv4 address; [#value()] is its 32 bits, the first octet uppermost.
public record Ipv4Address(int value) implements IpAddress {

  /// `0.0.0.0`
  public static final Ipv4Address ANY = new Ipv4Address(0);

  /// `127.0.0.1`
  public static final Ipv4Address LOOPBACK = new Ipv4Address(0x7f00_0001);

  /// `255.255.255.255`, the limited broadcast (RFC 1122, section 3.2.1.3).
  public static final Ipv4Address BROADCAST = new Ipv4Address(-1);

  /// Parses `a.b.c.d`, each number 0 to 255 without a leading zero (which some read as octal).
  ///
  /// @throws IllegalArgumentException where it is not one
  public static Ipv4Address parse(String text) {
    int value = 0;
    int octets = 0;
    int at = 0;
    while (true) {
      int start = at;
      int octet = 0;
      while (at < text.length() && isDigit(text.charAt(at)) && at - start < 3) {
        octet = octet * 10 + text.charAt(at++) - '0';
      }
      boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
      if (at == start || octet > 255 || leadingZero) {
        throw bad(text);
      }
      value = value << 8 | octet;
      octets++;
      if (octets == 4) {
        if (at != text.length()) {
          throw bad(text);
        }
        return new Ipv4Address(value);
      }
      if (at >= text.length() || text.charAt(at++) != '.') {
        throw bad(text);
      }
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not an IPv4 address; write four numbers from 0 to 255, as in 192.0.2.2");
  }

  @Override
  public long high() {
    return 0;
  }

  @Override
  public long low() {
    return mapped(value);
  }

  /// The lower 64 bits of the IPv4-mapped form of an address given as an `int`.
  public static long mapped(int value) {
    return 0xffff_0000_0000L | value & 0xffff_ffffL;
  }

  @Override
  public int width() {
    return 32;
  }

  @Override
  public boolean isUnspecified() {
    return value == 0;
  }

  @Override
  public boolean isLoopback() {
    return value >>> 24 == 127;
  }

  @Override
  public boolean isMulticast() {
    return value >>> 28 == 0xe;
  }

  /// `255.255.255.255`.
  public boolean isLimitedBroadcast() {
    return value == -1;
  }

  @Override
  public byte[] toBytes() {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  @Override
  public String toString() {
    return (value >>> 24)
        + "."
        + (value >>> 16 & 0xff)
        + "."
        + (value >>> 8 & 0xff)
        + "."
        + (value & 0xff);
  }
}
