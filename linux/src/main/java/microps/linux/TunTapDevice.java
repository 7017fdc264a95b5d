package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;
import microps.core.device.Offloads;
import microps.core.device.VirtioHeader;

/// A TAP or TUN: an interface of the kernel whose other end is a file. What the kernel sends on the
/// interface is read here, what is written here arrives on it.
///
/// With `IFF_VNET_HDR` and `TUNSETOFFLOAD` TCP super-frames of up to 64 KiB pass whole, both ways,
/// and checksums are left partial: nobody computes them, since the frame does not leave this
/// machine. Without, where that is not wanted or the kernel does not have it, the kernel completes
/// every checksum and cuts every super-frame before it hands a frame over.
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
  private static final int IFF_MULTI_QUEUE = 0x0100;
  private static final short IFF_VNET_HDR = 0x4000;
  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final long TUNSETVNETHDRSZ = 0x400454d8L;

  /// `TUN_F_CSUM`, `TUN_F_TSO4`, `TUN_F_TSO6`, `TUN_F_TSO_ECN`.
  private static final int OFFLOADS = 0x01 | 0x02 | 0x04 | 0x08;

  /// The longest frame that arrives, while the interface's MTU is as it was.
  private final int longest;

  /// The same of frames that are no super-frames.
  private final int longestPlain;

  private final int virtio;

  private final List<String> notes;

  private TunTapDevice(
      int fd, DeviceInfo info, int interfaceMtu, boolean virtio, List<String> notes)
      throws IOException {
    super(fd, info, virtio);
    this.notes = notes;
    this.virtio = virtio ? VirtioHeader.LENGTH : 0;
    longestPlain = LINK_HEADER + interfaceMtu;
    longest = virtio ? MAX_FRAME : longestPlain;
  }

  /// Attaches to an existing TAP or TUN, or makes one, which lives until it is closed.
  static TunTapDevice open(Mode mode, String name, DeviceOptions options) throws IOException {
    return open(mode, name, options, false);
  }

  /// @param queue whether it is one of several queues of the interface
  static TunTapDevice open(Mode mode, String name, DeviceOptions options, boolean queue)
      throws IOException {
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
        int r = attach(state, fd, ifreq, mode, options.offloads(), queue);
        boolean virtio =
            r >= 0
                && (ifreq.get(JAVA_SHORT, KernelInterface.IFREQ_UNION) & IFF_VNET_HDR) != 0
                && setOffloads(arena, state, fd);
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
        if (virtio) {
          info = info.with(Offloads.FULL);
        }
        int interfaceMtu = kernel.mtu();
        int owned = fd;
        fd = -1;
        List<String> notes =
            options.offloads() && !virtio
                ? List.of(name + " has no super-frames on this kernel (IFF_VNET_HDR): plain frames")
                : List.of();
        return new TunTapDevice(owned, info, interfaceMtu, virtio, notes);
      } finally {
        if (fd >= 0) {
          Libc.close(fd);
        }
      }
    }
  }

  /// `TUNSETIFF`, with the virtio header where it is wanted and the kernel has it.
  ///
  /// @return 0 or `-errno`; the flags that it has are in the `ifreq`
  private static int attach(
      MemorySegment state,
      int fd,
      MemorySegment ifreq,
      Mode mode,
      boolean offloads,
      boolean queue) {
    int flags = mode.flag | IFF_NO_PI | (queue ? IFF_MULTI_QUEUE : 0);
    if (offloads) {
      ifreq.set(JAVA_SHORT, KernelInterface.IFREQ_UNION, (short) (flags | IFF_VNET_HDR));
      int r = Libc.ioctl(state, fd, TUNSETIFF, ifreq);
      if (r != -Errno.EINVAL) {
        return r;
      }
    }
    ifreq.set(JAVA_SHORT, KernelInterface.IFREQ_UNION, (short) flags);
    int r = Libc.ioctl(state, fd, TUNSETIFF, ifreq);
    if (r >= 0) {
      // A persistent one may have kept those of whoever had it before.
      int ignored = Libc.ioctl(state, fd, TUNSETOFFLOAD, MemorySegment.NULL);
    }
    return r;
  }

  private static boolean setOffloads(Arena arena, MemorySegment state, int fd) {
    MemorySegment size = arena.allocateFrom(JAVA_INT, VirtioHeader.LENGTH);
    int ignored = Libc.ioctl(state, fd, TUNSETVNETHDRSZ, size); // it is 10 where nobody set another
    // The kernel takes the number itself for an address.
    ignored = Libc.ioctl(state, fd, TUNSETOFFLOAD, MemorySegment.ofAddress(OFFLOADS));
    return true; // the header is there, whatever the kernel then leaves to us
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

  @Override
  public List<String> notes() {
    return notes;
  }

  /// Reads straight into the packet's array: `read` of a TUN file is little more than a copy
  /// (measured, against a native buffer that is copied on: 0.68 to 0.82 us at 1,514 bytes, 3.2 to
  /// 4.6 at 65,000).
  @Override
  Outcome readFrame(Packet frame) throws IOException {
    frame.ensure(longest + 1);
    int room = virtio + frame.capacity();
    int start = frame.offset() - virtio; // the virtio header goes into the headroom
    int n = Libc.read(receiveState, fd, frame.array(), start, room);
    if (n > 0) {
      // Where it is full, it was cut off, or as good as: the frame is longer than the MTU allows.
      boolean whole = n < room && n > virtio;
      frame.extend(whole ? n - virtio : 0);
      if (whole && virtio > 0) {
        VirtioHeader.read(frame.array(), start, frame);
      }
      boolean plain = frame.segmentSize() == 0 && frame.fault() == null;
      if (!whole || plain && frame.length() > longestPlain) {
        discard();
        return Outcome.SKIPPED;
      }
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
