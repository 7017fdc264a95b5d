package microps.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import microps.core.basis.DropReason;
import org.jspecify.annotations.Nullable;

/// A packet on its way through the layers: a window `[head, tail)` on a `byte[]`.
///
/// A layer going up takes its header off with [#pull(int)]; a layer going down puts its own in
/// front with [#push(int)], for which there is headroom. Offsets in the accessors count from the
/// head and are checked: what is outside the window throws `IndexOutOfBoundsException`, so each
/// layer checks the length once before it reads. Numbers are in network byte order.
///
/// Beside the bytes it carries what offloads need ([#segmentSize()], [#checksumState()]) and what
/// the link said of the frame ([#linkBroadcast()], [#timestamp()]).
public final class Packet {

  /// Room in front of the payload that suffices for every header this stack writes: Ethernet 14, IP
  /// 60, TCP 60, rounded up.
  public static final int HEADROOM = 160;

  /// Where a UDP header has its checksum (RFC 768); TCP has it elsewhere.
  private static final int UDP_CHECKSUM = 6;

  /// What is known of the checksum of the transport layer.
  public enum ChecksumState {
    /// Nothing: a receiver verifies it, a sender has computed it.
    NONE,
    /// Found right by the device, or needless because the packet never left this machine.
    VERIFIED,
    /// To be completed by the device: the field holds the sum of the pseudo-header only. See
    /// [Packet#checksumStart()].
    PARTIAL
  }

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int head;
  private int tail;

  private int segmentSize;
  private ChecksumState checksumState = ChecksumState.NONE;
  private int checksumStart;
  private int checksumOffset;
  private boolean linkBroadcast;
  private long timestamp;
  private @Nullable DropReason fault;

  /// An empty packet that takes `capacity` bytes behind its headroom.
  public Packet(int capacity) {
    bytes = new byte[HEADROOM + capacity];
    clear();
  }

  /// Empties it: nothing in the window, the headroom in front, no metadata.
  public void clear() {
    clear(HEADROOM);
  }

  /// As [#clear()], with another headroom.
  public void clear(int headroom) {
    Objects.checkIndex(headroom, bytes.length + 1);
    head = headroom;
    tail = headroom;
    segmentSize = 0;
    checksumState = ChecksumState.NONE;
    checksumStart = 0;
    checksumOffset = 0;
    linkBroadcast = false;
    timestamp = 0;
    fault = null;
  }

  /// Exchanges the bytes and everything else with another packet; the cheap way to keep a packet
  /// whose object belongs to someone else.
  public void swap(Packet other) {
    byte[] b = bytes;
    bytes = other.bytes;
    other.bytes = b;
    int i = head;
    head = other.head;
    other.head = i;
    i = tail;
    tail = other.tail;
    other.tail = i;
    i = segmentSize;
    segmentSize = other.segmentSize;
    other.segmentSize = i;
    ChecksumState s = checksumState;
    checksumState = other.checksumState;
    other.checksumState = s;
    i = checksumStart;
    checksumStart = other.checksumStart;
    other.checksumStart = i;
    i = checksumOffset;
    checksumOffset = other.checksumOffset;
    other.checksumOffset = i;
    boolean l = linkBroadcast;
    linkBroadcast = other.linkBroadcast;
    other.linkBroadcast = l;
    long t = timestamp;
    timestamp = other.timestamp;
    other.timestamp = t;
    DropReason f = fault;
    fault = other.fault;
    other.fault = f;
  }

  /// Makes this a copy of another packet, growing where needed.
  public void copyFrom(Packet other) {
    ensure(other.length());
    clear();
    append(other.bytes, other.head, other.length());
    segmentSize = other.segmentSize;
    checksumState = other.checksumState;
    checksumStart = head + other.checksumStart - other.head;
    checksumOffset = other.checksumOffset;
    linkBroadcast = other.linkBroadcast;
    timestamp = other.timestamp;
    fault = other.fault;
  }

  /// Sees to it that an emptied packet takes `capacity` bytes; what it held is lost where it must
  /// grow.
  public void ensure(int capacity) {
    if (bytes.length < HEADROOM + capacity) {
      bytes = new byte[HEADROOM + capacity];
      clear();
    }
  }

  /// How many bytes an emptied packet takes.
  public int capacity() {
    return bytes.length - HEADROOM;
  }

  // The window

  /// The bytes in the window.
  public int length() {
    return tail - head;
  }

  /// The array behind the window. Devices and checksums use it; a layer uses the accessors.
  public byte[] array() {
    return bytes;
  }

  /// Where the window begins in [#array()].
  public int offset() {
    return head;
  }

  /// Takes `n` bytes off the front. They stay where they are: [#unpull(int)] brings them back.
  public void pull(int n) {
    head += Objects.checkIndex(n, tail - head + 1);
  }

  /// Brings back what [#pull(int)] took off.
  public void unpull(int n) {
    head -= Objects.checkIndex(n, head + 1);
  }

  /// Makes room for a header of `n` bytes in front; its bytes are what happened to be there.
  public void push(int n) {
    unpull(n);
  }

  /// Cuts the window to `length` bytes, from behind.
  public void truncate(int length) {
    tail = head + Objects.checkIndex(length, tail - head + 1);
  }

  /// Lengthens the window by `n` bytes behind; they are what happened to be there.
  public void extend(int n) {
    tail += Objects.checkIndex(n, bytes.length - tail + 1);
  }

  /// The room behind the window.
  public int tailroom() {
    return bytes.length - tail;
  }

  /// Appends bytes.
  public void append(byte[] source, int offset, int length) {
    int at = tail;
    extend(length);
    System.arraycopy(source, offset, bytes, at, length);
  }

  /// Appends `length` bytes of a buffer, moving its position.
  public void append(ByteBuffer source, int length) {
    int at = tail;
    extend(length);
    source.get(bytes, at, length);
  }

  /// Appends zeros until the window has `length` bytes.
  public void padTo(int length) {
    int at = tail;
    if (length > length()) {
      extend(length - length());
      java.util.Arrays.fill(bytes, at, tail, (byte) 0);
    }
  }

  /// Copies bytes of the window out.
  public void copyTo(int offset, byte[] target, int targetOffset, int length) {
    System.arraycopy(bytes, at(offset, length), target, targetOffset, length);
  }

  /// Puts bytes of the window into a buffer, moving its position.
  public void copyTo(int offset, ByteBuffer target, int length) {
    target.put(bytes, at(offset, length), length);
  }

  /// The window as a new array.
  public byte[] toBytes() {
    return java.util.Arrays.copyOfRange(bytes, head, tail);
  }

  private int at(int offset, int size) {
    return head + Objects.checkFromIndexSize(offset, size, tail - head);
  }

  /// An octet, 0 to 255.
  public int get8(int offset) {
    return bytes[at(offset, 1)] & 0xff;
  }

  /// Two octets, 0 to 65,535.
  public int get16(int offset) {
    return (short) SHORT.get(bytes, at(offset, 2)) & 0xffff;
  }

  /// Four octets; the sign is the first bit.
  public int get32(int offset) {
    return (int) INT.get(bytes, at(offset, 4));
  }

  /// Six octets, as of a MAC address.
  public long get48(int offset) {
    return (long) get16(offset) << 32 | get32(offset + 2) & 0xffff_ffffL;
  }

  /// Eight octets.
  public long get64(int offset) {
    return (long) LONG.get(bytes, at(offset, 8));
  }

  /// Writes an octet.
  public void put8(int offset, int value) {
    bytes[at(offset, 1)] = (byte) value;
  }

  /// Writes two octets.
  public void put16(int offset, int value) {
    SHORT.set(bytes, at(offset, 2), (short) value);
  }

  /// Writes four octets.
  public void put32(int offset, int value) {
    INT.set(bytes, at(offset, 4), value);
  }

  /// Writes six octets.
  public void put48(int offset, long value) {
    put16(offset, (int) (value >>> 32));
    put32(offset + 2, (int) value);
  }

  /// Writes eight octets.
  public void put64(int offset, long value) {
    LONG.set(bytes, at(offset, 8), value);
  }

  // What travels beside the bytes

  /// The payload bytes of each segment where this is a super-frame that a device (or the software
  /// segmenter) cuts before the wire; 0 where it is one ordinary segment.
  public int segmentSize() {
    return segmentSize;
  }

  /// Marks a super-frame; see [#segmentSize()].
  public void segmentSize(int size) {
    segmentSize = size;
  }

  /// What is known of the transport checksum.
  public ChecksumState checksumState() {
    return checksumState;
  }

  /// The checksum is right, or need not be looked at.
  public void checksumVerified() {
    checksumState = ChecksumState.VERIFIED;
  }

  /// Nothing is known of the checksum: whoever receives it verifies it.
  public void checksumUnknown() {
    checksumState = ChecksumState.NONE;
  }

  /// The device completes the checksum: over the bytes from `start` (counted in [#array()], so that
  /// pushing headers does not move it) to the end, into the two bytes at `start + offset`.
  public void checksumPartial(int start, int offset) {
    checksumState = ChecksumState.PARTIAL;
    checksumStart = start;
    checksumOffset = offset;
  }

  /// Completes a partial checksum here: over the bytes from `start` (counted from the head) to the
  /// end, into the two bytes at `start + offset`, which hold the sum of the pseudo-header. Then the
  /// checksum is right, and known to be. Does nothing where the place is outside the packet.
  public void completeChecksum(int start, int offset) {
    if (start + offset + 2 > length()) {
      return;
    }
    put16(start + offset, completedChecksum(start, offset));
    checksumVerified();
  }

  /// What a checksum is whose field holds the sum of the pseudo-header.
  ///
  /// @param start where the bytes begin over which it is computed, to the end of the packet
  /// @param offset where it stands, counted from there
  public int completedChecksum(int start, int offset) {
    int sum = Checksum.finish(Checksum.sum(this, start, length() - start));
    // For UDP, 0 would mean "none" (RFC 768). For TCP, 0xffff is wrong.
    return sum == 0 && offset == UDP_CHECKSUM ? 0xffff : sum;
  }

  /// Completes the checksum where it is partial.
  public void completeChecksum() {
    if (checksumState == ChecksumState.PARTIAL) {
      completeChecksum(checksumStart - head, checksumOffset);
    }
  }

  /// Where in [#array()] the bytes begin over which a partial checksum is completed.
  public int checksumStart() {
    return checksumStart;
  }

  /// Where, counted from [#checksumStart()], a partial checksum stands.
  public int checksumOffset() {
    return checksumOffset;
  }

  /// Whether the frame was sent to a broadcast or multicast address of the link.
  public boolean linkBroadcast() {
    return linkBroadcast;
  }

  /// Notes that the frame was sent to a broadcast or multicast address of the link.
  public void linkBroadcast(boolean value) {
    linkBroadcast = value;
  }

  /// When the frame arrived, in the nanoseconds of the stack's clock; 0 where nobody said.
  public long timestamp() {
    return timestamp;
  }

  /// Notes when the frame arrived.
  public void timestamp(long now) {
    timestamp = now;
  }

  /// Why the frame is to be dropped, where its device found that out: what came with the frame
  /// cannot be true.
  public @Nullable DropReason fault() {
    return fault;
  }

  /// Notes why the frame is to be dropped; the stack does so, and counts it.
  public void fault(@Nullable DropReason reason) {
    fault = reason;
  }
}
