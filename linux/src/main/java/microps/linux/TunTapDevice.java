package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;

/// A TAP or TUN: an interface of the kernel whose other end is a file. What the kernel sends on the
/// interface is read here, what is written here arrives on it.
///
/// Without `IFF_VNET_HDR` the kernel completes every checksum and cuts every super-frame before it
/// hands a frame over.
final class TunTapDevice extends LinuxDevice {
  /// What is on the file: Ethernet frames or IP datagrams.
  enum Mode {
    TAP(0x0002, "tap"),
    TUN(0x0001, "tun");

    private final int flag;
    private final String word;

    Mode(int flag, String word) {
      this.flag = flag;
      this.word = word;
    }
  }

  private static final short IFF_NO_PI = 0x1000;
  private static final long TUNSETIFF = 0x400454caL;

  /// The longest frame that arrives, while the interface's MTU is as it was.
  private final int longest;

  private TunTapDevice(int fd, DeviceInfo info, int interfaceMtu) throws IOException {
    super(fd, info, 0);
    longest = LINK_HEADER + interfaceMtu;
  }

  /// Attaches to an existing TAP or TUN, or makes one, which lives until it is closed.
  static TunTapDevice open(Mode mode, String name, DeviceOptions options) throws IOException {
    try (Arena arena = Arena.ofConfined();
        KernelInterface kernel = new KernelInterface(name)) {
      MemorySegment state = arena.allocate(Libc.STATE);
      boolean exists = kernel.index() != 0;
      Cidr peer = options.peerAddress();
      if (!exists && peer == null) {
        throw Advice.noPeer(mode.word, name, options.mtu());
      }
      int fd = Libc.open(state, "/dev/net/tun", Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
      if (fd < 0) {
        throw exists || !Errno.isPermission(-fd)
            ? Advice.tunFile(-fd)
            : Advice.mayNotOpen(mode.word, name, peer, options.mtu());
      }
      try {
        MemorySegment ifreq = arena.allocate(KernelInterface.IFREQ, 8);
        KernelInterface.putName(ifreq, name);
        ifreq.set(JAVA_SHORT, KernelInterface.IFREQ_UNION, (short) (mode.flag | IFF_NO_PI));
        int r = Libc.ioctl(state, fd, TUNSETIFF, ifreq);
        if (r < 0) {
          throw exists || !Errno.isPermission(-r)
              ? Advice.attach(mode.word, name, -r)
              : Advice.mayNotCreate(mode.word, name, peer, options.mtu());
        }
        int mtu = kernel.agreeOnMtu(options.mtu(), !exists);
        if (!exists && peer != null) {
          r = kernel.setAddress(peer);
          if (r < 0) {
            throw Advice.address(name, peer, -r);
          }
        }
        if (!kernel.isUp() && kernel.setUp() < 0) {
          throw Advice.down(name);
        }
        DeviceInfo info =
            switch (mode) {
              case TAP -> DeviceInfo.ethernet(name, mac(kernel, name, options), mtu);
              case TUN -> DeviceInfo.ip(name, mtu);
            };
        int interfaceMtu = kernel.mtu();
        int owned = fd;
        fd = -1;
        return new TunTapDevice(owned, info, interfaceMtu);
      } finally {
        if (fd >= 0) {
          Libc.close(fd);
        }
      }
    }
  }

  /// Our MAC address, which is not that of the kernel's side. Where none is asked for it is made
  /// from the interface's name, so that logs of two runs compare.
  private static MacAddress mac(KernelInterface kernel, String name, DeviceOptions options)
      throws IOException {
    MacAddress mac = options.mac();
    if (mac == null) {
      // 02: locally administered, one station
      return new MacAddress(0x02L << 40 | 0x6d70L << 24 | name.hashCode() & 0xff_ffff);
    }
    if (mac.equals(kernel.mac())) {
      throw Advice.sameMac(name, mac.toString());
    }
    return mac;
  }

  /// Reads straight into the packet's array: `read` of a TUN file is little more than a copy
  /// (measured, against a native buffer that is copied on: 0.68 to 0.82 us at 1,514 bytes, 3.2 to
  /// 4.6 at 65,000).
  @Override
  Outcome readFrame(Packet frame) throws IOException {
    frame.ensure(longest + 1);
    int room = frame.capacity();
    int n = Libc.read(receiveState, fd, frame.array(), frame.offset(), room);
    if (n > 0) {
      if (n
          == room) { // cut off, or as good as: a frame that fills it is longer than the MTU allows
        discard();
        return Outcome.SKIPPED;
      }
      frame.extend(n);
      return Outcome.DONE;
    }
    return switch (-n) {
      case Errno.EAGAIN -> Outcome.BLOCKED;
      case 0, Errno.EINTR -> Outcome.SKIPPED;
      case Errno.EBADFD, Errno.EFAULT -> throw Advice.gone(info().name());
      default -> throw Advice.unexpected("read", info().name(), -n);
    };
  }

  @Override
  Outcome writeFrame(Packet frame) throws IOException {
    return switch (-write(frame)) {
      case 0 -> Outcome.DONE;
      case Errno.EAGAIN -> Outcome.BLOCKED;
      case Errno.ENOMEM, Errno.ENOBUFS, Errno.EINTR -> Outcome.NO_BUFFER;
      case Errno.EBADFD -> throw Advice.gone(info().name());
      // EIO: the interface is down; EINVAL: not an Ethernet frame, not an IP datagram; and the like
      default -> Outcome.SKIPPED;
    };
  }
}
