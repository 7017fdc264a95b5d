package microps.bench.path;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import microps.core.address.MacAddress;
import microps.core.device.Device;

/// A host at one end of a path.
sealed interface End extends AutoCloseable permits KernelEnd, MicropsEnd {

  /// Which host.
  enum Kind {
    KERNEL,
    MICROPS;

    End open(int number) throws Exception {
      return switch (this) {
        case KERNEL -> KernelEnd.open(number);
        case MICROPS -> MicropsEnd.open(number);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// The address of the host with this number.
  static String address(int number) {
    return "192.0.2." + number;
  }

  /// The MAC address of the host with this number.
  static MacAddress mac(int number) {
    return new MacAddress(0x02_00_00_00_00_00L | number);
  }

  /// The number of the host at the other end.
  static int other(int number) {
    return 3 - number;
  }

  /// Where its frames come out, and others go in.
  Device device();

  /// A new socket.
  SocketChannel openSocket() throws IOException;

  /// A new listener.
  ServerSocketChannel openServer() throws IOException;

  /// What it knows of its connections, for a person.
  String connections() throws Exception;

  @Override
  void close();
}
