package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import microps.core.address.Cidr;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.device.DeviceInfo;

/// A network interface as the kernel has it, by its name: what `ip link` and `ip address` show and
/// change, by the ioctls of netdevice(7). Lives while a device is being opened.
final class KernelInterface implements AutoCloseable {
  /// `IFNAMSIZ` without the NUL.
  static final int MAX_NAME = 15;

  /// `struct ifreq`: the name, then a union.
  static final int IFREQ = 40;

  static final int IFREQ_UNION = 16;

  /// The interface's type where it is an Ethernet (`ARPHRD_ETHER`).
  static final int ETHERNET = 1;

  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final long SIOCSIFADDR = 0x8916;
  private static final long SIOCSIFNETMASK = 0x891c;
  private static final long SIOCGIFMTU = 0x8921;
  private static final long SIOCSIFMTU = 0x8922;
  private static final long SIOCGIFHWADDR = 0x8927;
  private static final long SIOCGIFINDEX = 0x8933;

  private static final short IFF_UP = 1;

  private final String name;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = arena.allocate(Libc.STATE);
  private final MemorySegment ifreq = arena.allocate(IFREQ, 8);
  private final int socket;

  KernelInterface(String name) throws IOException {
    this.name = name;
    socket = Libc.socket(state, Libc.AF_INET, Libc.SOCK_DGRAM, 0);
    if (socket < 0) {
      arena.close();
      throw Advice.unexpected("socket", name, -socket);
    }
  }

  @Override
  public void close() {
    Libc.close(socket);
    arena.close();
  }

  /// Writes a name into an `ifreq`, and zeros the rest.
  static void putName(MemorySegment ifreq, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    ifreq.fill((byte) 0);
    MemorySegment.copy(bytes, 0, ifreq, JAVA_BYTE, 0, bytes.length);
  }

  private void prepare() {
    putName(ifreq, name);
  }

  /// The request in the interface's name; the argument is what [#prepare()] and the caller wrote.
  private int request(long number) {
    return Libc.ioctl(state, socket, number, ifreq);
  }

  private int get(long number, String what) throws IOException {
    prepare();
    int r = request(number);
    if (r < 0) {
      throw Advice.interfaceFailure(what, name, -r);
    }
    return r;
  }

  /// The interface's index; 0 where there is none of that name.
  int index() {
    prepare();
    return request(SIOCGIFINDEX) < 0 ? 0 : ifreq.get(JAVA_INT, IFREQ_UNION);
  }

  boolean isUp() throws IOException {
    get(SIOCGIFFLAGS, "read the flags of");
    return (ifreq.get(JAVA_SHORT, IFREQ_UNION) & IFF_UP) != 0;
  }

  /// @return 0 or `-errno`
  int setUp() throws IOException {
    get(SIOCGIFFLAGS, "read the flags of");
    short flags = ifreq.get(JAVA_SHORT, IFREQ_UNION);
    ifreq.set(JAVA_SHORT, IFREQ_UNION, (short) (flags | IFF_UP));
    return request(SIOCSIFFLAGS);
  }

  int mtu() throws IOException {
    get(SIOCGIFMTU, "read the MTU of");
    return ifreq.get(JAVA_INT, IFREQ_UNION);
  }

  /// @return 0 or `-errno`: `EINVAL` where the interface does not take it
  int setMtu(int mtu) {
    prepare();
    ifreq.set(JAVA_INT, IFREQ_UNION, mtu);
    return request(SIOCSIFMTU);
  }

  /// Finds the MTU to use: the one that is wanted, which the interface is given where its own is
  /// smaller, or another and it is new; its own where none is wanted.
  ///
  /// @param wanted 0 where none is
  int agreeOnMtu(int wanted, boolean isNew) throws IOException {
    int has = mtu();
    if (wanted == 0) {
      return Math.clamp(has, DeviceInfo.MIN_MTU, DeviceInfo.MAX_MTU);
    }
    if (wanted > has || isNew && wanted != has) {
      int r = setMtu(wanted);
      if (r < 0) {
        throw Advice.mtu(name, has, wanted, -r);
      }
    }
    return wanted;
  }

  /// The kind of link: [#ETHERNET], or another of the kernel's `ARPHRD_` numbers.
  int type() throws IOException {
    get(SIOCGIFHWADDR, "read the MAC address of");
    return ifreq.get(JAVA_SHORT, IFREQ_UNION) & 0xffff;
  }

  MacAddress mac() throws IOException {
    get(SIOCGIFHWADDR, "read the MAC address of");
    long value = 0;
    for (int i = 0; i < 6; i++) {
      value = value << 8 | ifreq.get(JAVA_BYTE, IFREQ_UNION + 2 + i) & 0xff;
    }
    return new MacAddress(value);
  }

  /// Gives it an address with its prefix.
  ///
  /// @return 0 or `-errno`
  int setAddress(Cidr address) {
    return address.address() instanceof Ipv4Address v4
        ? setAddress(v4, address.prefix())
        : setIpv6Address(address);
  }

  private int setAddress(Ipv4Address address, int prefix) {
    putSocketAddress(address.toBytes());
    int r = request(SIOCSIFADDR);
    if (r >= 0) {
      int mask = prefix == 0 ? 0 : -1 << 32 - prefix;
      putSocketAddress(new Ipv4Address(mask).toBytes());
      r = request(SIOCSIFNETMASK);
    }
    return r;
  }

  /// A `struct sockaddr_in` in the union.
  private void putSocketAddress(byte[] address) {
    prepare();
    ifreq.set(JAVA_SHORT, IFREQ_UNION, (short) Libc.AF_INET);
    MemorySegment.copy(address, 0, ifreq, JAVA_BYTE, IFREQ_UNION + 4, 4);
  }

  private int setIpv6Address(Cidr address) {
    int fd = Libc.socket(state, Libc.AF_INET6, Libc.SOCK_DGRAM, 0);
    if (fd < 0) {
      return fd;
    }
    try {
      MemorySegment in6Ifreq = arena.allocate(24, 8);
      MemorySegment.copy(address.address().toBytes(), 0, in6Ifreq, JAVA_BYTE, 0, 16);
      in6Ifreq.set(JAVA_INT, 16, address.prefix());
      in6Ifreq.set(JAVA_INT, 20, index());
      return Libc.ioctl(state, fd, SIOCSIFADDR, in6Ifreq);
    } finally {
      Libc.close(fd);
    }
  }
}
