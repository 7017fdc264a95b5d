package microps.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;
import microps.core.device.Offloads;
import microps.core.device.VirtioHeader;
import org.jspecify.annotations.Nullable;

/// Ethernet over a raw packet socket (packet(7)) on an existing interface, which the kernel goes on
/// to use beside us.
///
/// What the kernel sends on the interface is not taken for something that arrived. Where our MAC
/// address is not the interface's, the interface is asked to let frames to it pass
/// (`PACKET_MR_UNICAST`), which makes promiscuous only those that have no list of addresses.
///
/// A frame that another socket of this machine sent (over veth, say) may arrive as no wire would
/// carry it: with a transport checksum that was left to a device, and longer than the MTU, a
/// super-frame of up to 64 KiB that no device has cut. The virtio header in front of each frame
/// tells, and is noted on the frame; in front of what is sent it asks for the same. A VLAN tag that
/// the kernel took off is put back, so that tagged frames are not taken for untagged ones.
final class PacketSocketDevice extends LinuxDevice {
  private static final int ETH_P_ALL = 3;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SOL_PACKET = 263;
  private static final int PACKET_STATISTICS = 6;
  private static final int PACKET_ADD_MEMBERSHIP = 1;
  private static final int PACKET_AUXDATA = 8;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final short PACKET_MR_UNICAST = 3;
  private static final short PACKET_MR_PROMISC = 1;
  private static final byte PACKET_OUTGOING = 4;

  /// Bytes that wait in the kernel at most. Its default, 208 KiB, holds three super-frames.
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final long SIOCGIFNAME = 0x8910;
  private static final int MSG_TRUNC = 0x20;

  private static final int TP_STATUS_VLAN_VALID = 1 << 4;
  private static final int TP_STATUS_VLAN_TPID_VALID = 1 << 6;

  private static final int SOCKADDR_LL = 20;
  private static final int SLL_PKTTYPE = 10;

  private static final int VNET_HEADER = VirtioHeader.LENGTH;

  private static final int VLAN_TAG = 4;

  private static final int MAC_ADDRESSES = 12;

  // struct msghdr
  private static final int MSGHDR = 56;
  private static final int MSG_NAMELEN = 8;
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROLLEN = 40;
  private static final int MSG_FLAGS = 48;

  // One control message: struct cmsghdr, struct tpacket_auxdata
  private static final int CONTROL = 64;
  private static final int CMSG_LEVEL = 8;
  private static final int CMSG_TYPE = 12;
  private static final int CMSG_DATA = 16;
  private static final int AUX_STATUS = CMSG_DATA;
  private static final int AUX_VLAN_TCI = CMSG_DATA + 16;
  private static final int AUX_VLAN_TPID = CMSG_DATA + 18;
  private static final int AUXDATA = 20;

  private final int index;

  /// A `struct iovec` points to it, so it cannot be the packet's array.
  private final MemorySegment receiveBuffer;

  private final MemorySegment msghdr;
  private final MemorySegment source;
  private final MemorySegment control;
  private final MemorySegment interfaceName;

  private static final int PACKET_FANOUT = 18;
  private static final int PACKET_FANOUT_HASH = 0;

  /// Where frames are received; null where they are by a system call each.
  private final @Nullable PacketRing ring;

  private final List<String> notes;

  private PacketSocketDevice(
      int fd, DeviceInfo info, int index, @Nullable PacketRing ring, List<String> notes)
      throws IOException {
    super(fd, info, true);
    this.ring = ring;
    this.notes = notes;
    this.index = index;
    Arena arena = Arena.ofAuto();
    receiveBuffer = arena.allocate(VNET_HEADER + MAX_FRAME, 64);
    source = arena.allocate(SOCKADDR_LL, 8);
    control = arena.allocate(CONTROL, 8);
    interfaceName = arena.allocate(KernelInterface.IFREQ, 8);
    MemorySegment iovec = arena.allocate(16, 8);
    iovec.set(ADDRESS, 0, receiveBuffer);
    iovec.set(JAVA_LONG, 8, receiveBuffer.byteSize());
    msghdr = arena.allocate(MSGHDR, 8);
    msghdr.set(ADDRESS, 0, source);
    msghdr.set(ADDRESS, MSG_IOV, iovec);
    msghdr.set(JAVA_LONG, MSG_IOVLEN, 1);
    msghdr.set(ADDRESS, MSG_CONTROL, control);
  }

  /// @param asLinux4 as if the kernel could not keep its outgoing frames back; for tests
  static PacketSocketDevice open(String name, DeviceOptions options, boolean asLinux4)
      throws IOException {
    return open(name, options, asLinux4, false);
  }

  /// @param noRing as if the kernel had no memory for a ring; for tests
  static PacketSocketDevice open(
      String name, DeviceOptions options, boolean asLinux4, boolean noRing) throws IOException {
    try (Arena arena = Arena.ofConfined();
        KernelInterface kernel = new KernelInterface(name)) {
      int index = kernel.index();
      if (index == 0) {
        throw Advice.missing(name);
      }
      if (kernel.type() != KernelInterface.ETHERNET) {
        throw Advice.notEthernet(name);
      }
      MemorySegment state = arena.allocate(Libc.STATE);
      // Protocol 0: nothing arrives before the socket is bound to its interface.
      int fd = Libc.socket(state, Libc.AF_PACKET, Libc.SOCK_RAW, 0);
      if (fd < 0) {
        throw Errno.isPermission(-fd)
            ? Advice.packetPermission(name)
            : Advice.unexpected("socket", name, -fd);
      }
      try {
        if (!kernel.isUp()) {
          throw Advice.down(name); // not ours to set up
        }
        int mtu = kernel.agreeOnMtu(options.mtu(), false);
        MacAddress theirs = kernel.mac();
        MacAddress wanted = options.mac();
        MacAddress mac = wanted == null ? theirs : wanted;
        MemorySegment one = arena.allocateFrom(JAVA_INT, 1);
        if (!asLinux4) {
          // Linux 4.20; before that, PACKET_OUTGOING tells them.
          int ignored = Libc.setsockopt(state, fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, one);
        }
        int r = Libc.setsockopt(state, fd, SOL_PACKET, PACKET_AUXDATA, one);
        if (r < 0) {
          throw Advice.unexpected("PACKET_AUXDATA", name, -r);
        }
        r = Libc.setsockopt(state, fd, SOL_PACKET, PACKET_VNET_HDR, one);
        if (r < 0) {
          throw Advice.unexpected("PACKET_VNET_HDR", name, -r);
        }
        MemorySegment room = arena.allocateFrom(JAVA_INT, RECEIVE_BUFFER);
        if (Libc.setsockopt(state, fd, SOL_SOCKET, SO_RCVBUFFORCE, room) < 0) {
          int ignored = Libc.setsockopt(state, fd, SOL_SOCKET, SO_RCVBUF, room); // what it may have
        }
        if (options.promiscuous()) {
          join(arena, state, fd, name, index, PACKET_MR_PROMISC, MacAddress.ZERO);
        } else if (!mac.equals(theirs)) {
          join(arena, state, fd, name, index, PACKET_MR_UNICAST, mac);
        }
        PacketRing ring = options.ring() && !noRing ? PacketRing.open(arena, state, fd) : null;
        List<String> notes =
            options.ring() && ring == null
                ? List.of(name + " has no receive ring here: a system call for each frame")
                : List.of();
        bind(arena, state, fd, name, index);
        int owned = fd;
        fd = -1;
        DeviceInfo info = DeviceInfo.ethernet(name, mac, mtu);
        return new PacketSocketDevice(
            owned, options.offloads() ? info.with(Offloads.FULL) : info, index, ring, notes);
      } finally {
        if (fd >= 0) {
          Libc.close(fd);
        }
      }
    }
  }

  private static void bind(Arena arena, MemorySegment state, int fd, String name, int index)
      throws IOException {
    MemorySegment address = arena.allocate(SOCKADDR_LL, 8);
    address.set(JAVA_SHORT, 0, (short) Libc.AF_PACKET);
    address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) ETH_P_ALL);
    address.set(JAVA_INT, 4, index);
    int r = Libc.bind(state, fd, address);
    if (r < 0) {
      throw Advice.interfaceFailure("use", name, -r);
    }
  }

  /// `PACKET_ADD_MEMBERSHIP` with a `struct packet_mreq`; it ends with the socket.
  private static void join(
      Arena arena, MemorySegment state, int fd, String name, int index, short type, MacAddress mac)
      throws IOException {
    MemorySegment request = arena.allocate(16, 8);
    request.set(JAVA_INT, 0, index);
    request.set(JAVA_SHORT, 4, type);
    request.set(JAVA_SHORT, 6, (short) 6);
    for (int i = 0; i < 6; i++) {
      request.set(JAVA_BYTE, 8 + i, (byte) (mac.value() >>> 40 - 8 * i));
    }
    int r = Libc.setsockopt(state, fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request);
    if (r < 0) {
      throw Advice.unexpected("PACKET_ADD_MEMBERSHIP", name, -r);
    }
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  /// Joins the sockets between which the kernel spreads the frames of the interface, by a hash of
  /// the flow (`PACKET_FANOUT`).
  ///
  /// @param group the same number for all of them, 0 to 65,535
  /// @return whether the kernel lets it
  boolean joinFanout(int group) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, PACKET_FANOUT_HASH << 16 | group);
      return Libc.setsockopt(arena.allocate(Libc.STATE), fd, SOL_PACKET, PACKET_FANOUT, value) >= 0;
    }
  }

  boolean hasRing() {
    return ring != null;
  }

  @Override
  void release() {
    if (ring != null) {
      ring.close();
    }
  }

  @Override
  Outcome readFrame(Packet frame) throws IOException {
    return ring == null ? readMessage(frame) : readRing(ring, frame);
  }

  private Outcome readRing(PacketRing from, Packet frame) throws IOException {
    return switch (from.read(frame)) {
      case FRAME -> Outcome.DONE;
      case OUTGOING -> Outcome.SKIPPED;
      case BAD -> {
        discard();
        yield Outcome.SKIPPED;
      }
      case NOTHING -> troubled ? readMessage(frame) : Outcome.BLOCKED; // which has the error
    };
  }

  private Outcome readMessage(Packet frame) throws IOException {
    msghdr.set(JAVA_INT, MSG_NAMELEN, SOCKADDR_LL);
    msghdr.set(JAVA_LONG, MSG_CONTROLLEN, CONTROL);
    int n = Libc.recvmsg(receiveState, fd, msghdr, 0);
    if (n <= 0) {
      return switch (-n) {
        case Errno.EAGAIN -> Outcome.BLOCKED;
        case Errno.ENETDOWN -> {
          ensureExists();
          yield Outcome.SKIPPED; // it is down, and may come up again
        }
        case 0, Errno.EINTR, Errno.ENOBUFS -> Outcome.SKIPPED;
        case Errno.EINVAL -> {
          discard(); // a super-frame of a kind that the virtio header has no word for
          yield Outcome.SKIPPED;
        }
        default -> throw Advice.unexpected("recvmsg", info().name(), -n);
      };
    }
    if (source.get(JAVA_BYTE, SLL_PKTTYPE) == PACKET_OUTGOING) {
      return Outcome.SKIPPED;
    }
    if ((msghdr.get(JAVA_INT, MSG_FLAGS) & MSG_TRUNC) != 0) {
      discard();
      return Outcome.SKIPPED;
    }
    int length = n - VNET_HEADER;
    if (length < 0) {
      return Outcome.SKIPPED;
    }
    frame.ensure(length);
    int header = frame.offset() - VNET_HEADER; // it goes into the headroom
    MemorySegment.copy(receiveBuffer, JAVA_BYTE, 0, frame.array(), header, n);
    frame.extend(length);
    VirtioHeader.read(frame.array(), header, frame);
    int status = hasAuxdata() ? control.get(JAVA_INT, AUX_STATUS) : 0;
    putVlanTagBack(
        frame,
        status,
        control.get(JAVA_SHORT, AUX_VLAN_TCI),
        control.get(JAVA_SHORT, AUX_VLAN_TPID));
    return Outcome.DONE;
  }

  private boolean hasAuxdata() {
    return msghdr.get(JAVA_LONG, MSG_CONTROLLEN) >= CMSG_DATA + AUXDATA
        && control.get(JAVA_INT, CMSG_LEVEL) == SOL_PACKET
        && control.get(JAVA_INT, CMSG_TYPE) == PACKET_AUXDATA;
  }

  /// Where the kernel took a tag off, moves the two MAC addresses to the front and writes it behind
  /// them (IEEE 802.1Q).
  static void putVlanTagBack(Packet frame, int status, short tci, short tpid) {
    if ((status & TP_STATUS_VLAN_VALID) == 0 || frame.length() < MAC_ADDRESSES) {
      return;
    }
    frame.push(VLAN_TAG);
    byte[] array = frame.array();
    int front = frame.offset();
    System.arraycopy(array, front + VLAN_TAG, array, front, MAC_ADDRESSES);
    boolean told = (status & TP_STATUS_VLAN_TPID_VALID) != 0;
    frame.put16(MAC_ADDRESSES, told ? tpid : 0x8100);
    frame.put16(MAC_ADDRESSES + 2, tci);
  }

  /// Adds what the socket had no room for; the kernel's own count starts anew each time.
  @Override
  long lostInKernel() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statistics = arena.allocate(8, 8); // struct tpacket_stats
      MemorySegment size = arena.allocateFrom(JAVA_INT, 8);
      int r =
          Libc.getsockopt(
              arena.allocate(Libc.STATE), fd, SOL_PACKET, PACKET_STATISTICS, statistics, size);
      return r < 0 ? 0 : Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
    }
  }

  /// Tells an interface that is down from one that was removed.
  private void ensureExists() throws IOException {
    interfaceName.set(JAVA_INT, KernelInterface.IFREQ_UNION, index);
    if (Libc.ioctl(receiveState, fd, SIOCGIFNAME, interfaceName) < 0) {
      throw Advice.gone(info().name());
    }
  }

  @Override
  Outcome writeFrame(Packet frame) throws IOException {
    return switch (-write(frame)) {
      case 0 -> Outcome.DONE;
      case Errno.EAGAIN -> Outcome.BLOCKED;
      case Errno.ENOBUFS, Errno.ENOMEM, Errno.EINTR -> Outcome.NO_BUFFER;
      case Errno.ENXIO, Errno.ENODEV -> throw Advice.gone(info().name());
      // EMSGSIZE: longer than the MTU; ENETDOWN: down; EINVAL: not an Ethernet frame; and the like
      default -> Outcome.SKIPPED;
    };
  }
}
