package microps.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The kernel's offloads on one of its interfaces, as `ethtool -K` switches them, by the older
/// ioctls of ethtool. Interfaces are those of the network namespace of the calling thread; see
/// [NetworkNamespace#call].
public final class InterfaceOffloads {
  private static final long SIOCETHTOOL = 0x8946;

  /// `ETHTOOL_SRXCSUM`, `ETHTOOL_STXCSUM`, `ETHTOOL_SSG`, `ETHTOOL_STSO`, `ETHTOOL_SGSO`,
  /// `ETHTOOL_SGRO`. When they are switched on, checksums come first: the others need them.
  private static final int[] SET = {0x15, 0x17, 0x19, 0x1f, 0x24, 0x2c};

  private InterfaceOffloads() {}

  /// Switches checksums, scatter-gather, TSO, GSO and GRO on or off. What the interface does not
  /// have stays as it is.
  ///
  /// @throws IOException where there is no such interface, or this process may not
  public static void set(String name, boolean on) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Libc.STATE);
      int socket = Libc.socket(state, Libc.AF_INET, Libc.SOCK_DGRAM, 0);
      if (socket < 0) {
        throw Advice.unexpected("socket", name, -socket);
      }
      try {
        MemorySegment ifreq = arena.allocate(KernelInterface.IFREQ, 8);
        MemorySegment value = arena.allocate(8, 4); // struct ethtool_value
        KernelInterface.putName(ifreq, name);
        ifreq.set(ADDRESS, KernelInterface.IFREQ_UNION, value);
        for (int i = 0; i < SET.length; i++) {
          value.set(JAVA_INT, 0, SET[on ? i : SET.length - 1 - i]);
          value.set(JAVA_INT, 4, on ? 1 : 0);
          int r = Libc.ioctl(state, socket, SIOCETHTOOL, ifreq);
          if (r < 0 && r != -Errno.EOPNOTSUPP) {
            throw Advice.interfaceFailure("switch the offloads of", name, -r);
          }
        }
      } finally {
        Libc.close(socket);
      }
    }
  }
}
