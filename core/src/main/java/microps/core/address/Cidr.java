package microps.core.address;

/// An address with the length of its network prefix, such as `192.0.2.2/24` (RFC 4632).
public record Cidr(IpAddress address, int prefix) {

  /// @throws IllegalArgumentException where the prefix is longer than the address
  public Cidr {
    if (prefix < 0 || prefix > address.width()) {
      throw new IllegalArgumentException(
          "a prefix of " + address + " is 0 to " + address.width() + " bits long, not " + prefix);
    }
  }

  /// Parses `ADDRESS/PREFIX`.
  ///
  /// @throws IllegalArgumentException where it is not that
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "'" + text + "' has no prefix length; write it as in 192.0.2.2/24");
    }
    return new Cidr(
        IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /// Whether an address of the same family lies in this network.
  public boolean contains(IpAddress other) {
    return other.width() == address.width()
        && (other.high() & maskHigh()) == (address.high() & maskHigh())
        && (other.low() & maskLow()) == (address.low() & maskLow());
  }

  /// This network with all host bits zero.
  public Cidr network() {
    return new Cidr(IpAddress.of(address.high() & maskHigh(), address.low() & maskLow()), prefix);
  }

  /// The directed broadcast address of an IPv4 network (host bits all one); null for IPv6, and for
  /// prefixes 31 and 32, which have none (RFC 3021).
  public @org.jspecify.annotations.Nullable Ipv4Address broadcast() {
    return address instanceof Ipv4Address v4 && prefix < 31
        ? new Ipv4Address(v4.value() | (int) ~maskLow())
        : null;
  }

  private int mappedPrefix() {
    return prefix + 128 - address.width();
  }

  private long maskHigh() {
    int bits = Math.min(64, mappedPrefix());
    return bits == 0 ? 0 : -1L << 64 - bits;
  }

  private long maskLow() {
    int bits = Math.max(0, mappedPrefix() - 64);
    return bits == 0 ? 0 : -1L << 64 - bits;
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
