package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import microps.core.bytes.Packet;
import microps.core.device.VirtioHeader;
import org.jspecify.annotations.Nullable;

/// The ring in which a packet socket receives (`PACKET_RX_RING`, `TPACKET_V2`): memory that the
/// kernel and we share, so that a frame costs no system call while more are there. It is of slots
/// that each take the longest super-frame, many to a block; a slot belongs to the kernel until it
/// has put a frame there, and again when we have copied that out:
///
/// ```
/// struct tpacket2_hdr | struct sockaddr_ll | gap | virtio header | frame
///                                                                ^ tp_mac
/// ```
///
/// Numbers in a slot are not trusted: a place outside of it is no frame.
final class PacketRing {
  private static final int SOL_PACKET = 263;
  private static final int PACKET_RX_RING = 5;
  private static final int PACKET_VERSION = 10;
  private static final int TPACKET_V2 = 1;

  /// The longest frame, and what stands in front of it.
  static final int SLOT = 65_792;

  private static final int BLOCK = 2 << 20;
  private static final int SLOTS_PER_BLOCK = BLOCK / SLOT;
  private static final int BLOCKS = 8;

  /// How many frames it holds.
  static final int SLOTS = BLOCKS * SLOTS_PER_BLOCK;

  /// How much memory it is.
  static final long SIZE = (long) BLOCKS * BLOCK;

  // struct tpacket2_hdr
  static final int STATUS = 0;
  static final int LENGTH = 4;
  static final int CAPTURED = 8;
  static final int MAC = 12;
  static final int VLAN_TCI = 24;
  static final int VLAN_TPID = 26;
  private static final int HEADER = 32;

  private static final int SLL_PKTTYPE = 10;
  private static final byte PACKET_OUTGOING = 4;

  /// `TP_STATUS_USER`: the slot is ours.
  static final int OURS = 1;

  private static final VarHandle STATUS_WORD = JAVA_INT.varHandle();

  private final MemorySegment memory;
  private int next;

  /// @param memory as the kernel and we share it, [#SIZE] bytes
  PacketRing(MemorySegment memory) {
    this.memory = memory;
  }

  /// Gives a socket a ring. It has the virtio header already, and is not bound yet.
  ///
  /// @return null where the kernel has none, or no memory for it
  static @Nullable PacketRing open(Arena arena, MemorySegment state, int fd) {
    MemorySegment version = arena.allocateFrom(JAVA_INT, TPACKET_V2);
    if (Libc.setsockopt(state, fd, SOL_PACKET, PACKET_VERSION, version) < 0) {
      return null;
    }
    MemorySegment request = arena.allocateFrom(JAVA_INT, BLOCK, BLOCKS, SLOT, SLOTS);
    if (Libc.setsockopt(state, fd, SOL_PACKET, PACKET_RX_RING, request) < 0) {
      return null;
    }
    MemorySegment memory = Libc.mmap(state, SIZE, fd);
    if (memory == null) {
      request.fill((byte) 0);
      int ignored = Libc.setsockopt(state, fd, SOL_PACKET, PACKET_RX_RING, request);
      return null;
    }
    return new PacketRing(memory);
  }

  /// Where a slot begins.
  static long at(int slot) {
    return (long) slot / SLOTS_PER_BLOCK * BLOCK + (long) slot % SLOTS_PER_BLOCK * SLOT;
  }

  /// What became of the next slot.
  enum Found {
    FRAME,
    /// One that is none of ours: the kernel sent it.
    OUTGOING,
    /// Longer than the slot, or its numbers are wrong.
    BAD,
    NOTHING
  }

  /// Copies the next frame into the emptied packet, with what its virtio header says, and gives its
  /// slot back.
  Found read(Packet frame) {
    long slot = at(next);
    int status = (int) STATUS_WORD.getAcquire(memory, slot + STATUS);
    if ((status & OURS) == 0) {
      return Found.NOTHING;
    }
    Found found = read(frame, slot, status);
    STATUS_WORD.setRelease(memory, slot + STATUS, 0);
    next = next + 1 == SLOTS ? 0 : next + 1;
    return found;
  }

  private Found read(Packet frame, long slot, int status) {
    int length = memory.get(JAVA_INT, slot + CAPTURED);
    int mac = memory.get(JAVA_SHORT, slot + MAC) & 0xffff;
    if (memory.get(JAVA_BYTE, slot + HEADER + SLL_PKTTYPE) == PACKET_OUTGOING) {
      return Found.OUTGOING;
    }
    if (length < 0
        || length != memory.get(JAVA_INT, slot + LENGTH)
        || mac < HEADER + VirtioHeader.LENGTH
        || length > SLOT - mac) {
      return Found.BAD;
    }
    frame.ensure(length);
    int header = frame.offset() - VirtioHeader.LENGTH; // it goes into the headroom
    MemorySegment.copy(
        memory,
        JAVA_BYTE,
        slot + mac - VirtioHeader.LENGTH,
        frame.array(),
        header,
        VirtioHeader.LENGTH + length);
    frame.extend(length);
    VirtioHeader.read(frame.array(), header, frame);
    PacketSocketDevice.putVlanTagBack(
        frame,
        status,
        memory.get(JAVA_SHORT, slot + VLAN_TCI),
        memory.get(JAVA_SHORT, slot + VLAN_TPID));
    return Found.FRAME;
  }

  /// Gives the memory back; nobody reads any more.
  void close() {
    Libc.munmap(memory);
  }
}
