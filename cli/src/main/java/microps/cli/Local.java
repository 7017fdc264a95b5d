package microps.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import org.jspecify.annotations.Nullable;

/// Endpoints between the command line and java.net.
final class Local {
  private Local() {}

  /// `[ADDRESS] PORT`, as a server takes it.
  ///
  /// @throws WrongUsage where it does not parse
  static InetSocketAddress parse(List<String> words) {
    if (words.size() > 2) {
      throw new WrongUsage("too many arguments; give [ADDRESS] PORT");
    }
    try {
      IpAddress address = words.size() == 1 ? Ipv4Address.ANY : Convert.address(words.getFirst());
      return socketAddress(new Endpoint(address, Convert.port(words.getLast())));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(String.valueOf(e.getMessage()));
    }
  }

  /// The local end of a client: what `-s` and `-p` say; null where they say nothing.
  static @Nullable InetSocketAddress of(@Nullable IpAddress address, int port) {
    return address == null && port == 0
        ? null
        : socketAddress(new Endpoint(address == null ? Ipv4Address.ANY : address, port));
  }

  static InetSocketAddress socketAddress(Endpoint endpoint) {
    return new InetSocketAddress(inetAddress(endpoint.address()), endpoint.port());
  }

  static InetAddress inetAddress(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // thrown for other lengths than 4 and 16 only
    }
  }

  /// `192.0.2.1:40000`.
  static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress a
        ? a.getAddress().getHostAddress() + ":" + a.getPort()
        : "?";
  }

  /// A call that binds a channel.
  @FunctionalInterface
  interface Bind {
    /// Binds.
    void run() throws IOException;
  }

  /// Binds, and says in a line what to do where that fails.
  static void bind(InetSocketAddress local, Bind bind) throws IOException {
    try {
      bind.run();
    } catch (BindException e) {
      boolean isInUse = String.valueOf(e.getMessage()).contains("in use");
      throw new Failure(
          isInUse
              ? "port " + local.getPort() + " is in use on this host; choose another"
              : local.getAddress().getHostAddress()
                  + " is no address of this host; give it one with --address, or leave it out");
    }
  }
}
