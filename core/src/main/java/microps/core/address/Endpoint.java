package microps.core.address;

/// An address and a port, 0 to 65,535: a socket in the sense of RFC 9293.
public record Endpoint(IpAddress address, int port) {

  /// @throws IllegalArgumentException where the port is out of range
  public Endpoint {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  @Override
  public String toString() {
    return address instanceof Ipv6Address ? "[" + address + "]:" + port : address + ":" + port;
  }
}
