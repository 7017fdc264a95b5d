package microps.sockets;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import org.jspecify.annotations.Nullable;

/// Between the addresses of `java.net` and those of the stack.
final class Addresses {
  private Addresses() {}

  /// An address as a channel takes it.
  ///
  /// @throws UnresolvedAddressException where it is a name that was not looked up
  /// @throws UnsupportedAddressTypeException where it is not an IPv4 address
  static Endpoint endpoint(SocketAddress address) {
    if (!(java.util.Objects.requireNonNull(address) instanceof InetSocketAddress inet)) {
      throw new UnsupportedAddressTypeException();
    }
    if (inet.isUnresolved()) {
      throw new UnresolvedAddressException();
    }
    return new Endpoint(ip(inet.getAddress()), inet.getPort());
  }

  /// As [#endpoint], for a peer: the unspecified address means this host.
  static Endpoint remote(SocketAddress address) {
    Endpoint endpoint = endpoint(address);
    return endpoint.address().isUnspecified()
        ? new Endpoint(Ipv4Address.LOOPBACK, endpoint.port())
        : endpoint;
  }

  /// As [#endpoint], for our own side: null means any address and port.
  static Endpoint local(@Nullable SocketAddress address) {
    return address == null ? new Endpoint(Ipv4Address.ANY, 0) : endpoint(address);
  }

  /// @throws UnsupportedAddressTypeException where it is not an IPv4 address
  static IpAddress ip(InetAddress address) {
    if (address instanceof Inet4Address) {
      return IpAddress.of(address.getAddress());
    }
    if (address.isAnyLocalAddress()) {
      return Ipv4Address.ANY;
    }
    throw new UnsupportedAddressTypeException();
  }

  static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError(e); // only for a wrong number of bytes
    }
  }

  static @Nullable InetSocketAddress inet(@Nullable Endpoint endpoint) {
    return endpoint == null
        ? null
        : new InetSocketAddress(inet(endpoint.address()), endpoint.port());
  }
}
