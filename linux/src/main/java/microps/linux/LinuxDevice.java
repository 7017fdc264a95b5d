package microps.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.LinkType;
import microps.core.device.VirtioHeader;
import microps.core.ethernet.EthernetHeader;

/// What devices on a file descriptor share: waiting, waking, closing.
///
/// The descriptor is non-blocking. [#receive] reads first and polls only where nothing is there, so
/// that a busy device costs one system call a frame; where the last read found nothing, and it may
/// wait, it polls first, so that a frame that comes alone costs one read in vain and not two. An
/// eventfd polled beside it ends the wait for [#wake()], for [#close()], and where [#send] of
/// another thread found the device full.
///
/// Native memory stays in here. It comes from an automatic arena, which a call does not have to
/// lock, and which cannot be released under a call.
abstract sealed class LinuxDevice implements Device permits TunTapDevice, PacketSocketDevice {
  /// An Ethernet header with a VLAN tag.
  static final int LINK_HEADER = 18;

  /// The longest frame.
  static final int MAX_FRAME = LINK_HEADER + DeviceInfo.MAX_MTU;

  /// How long to wait where the kernel has no buffer (`ENOBUFS`): nothing tells when it has.
  private static final long NO_BUFFER_NANOS = 1_000_000;

  /// How many arrivals in a row may be skipped before the caller is asked again.
  static final int MAX_SKIPPED = 64;

  /// What [#readFrame] and [#writeFrame] find.
  enum Outcome {
    /// A frame was read or written.
    DONE,
    /// What was there is not a frame for us, or not one that the device takes; it is gone.
    SKIPPED,
    /// Nothing is there to read, or no room to write.
    BLOCKED,
    /// The kernel has no buffer for what is to be written.
    NO_BUFFER
  }

  private enum Full {
    NO,
    UNTIL_WRITABLE,
    FOR_A_WHILE
  }

  private static final int POLLFD = 8;
  private static final int REVENTS = 6;

  final int fd;
  private final int eventfd;
  private final DeviceInfo info;

  final MemorySegment receiveState;
  final MemorySegment sendState;

  /// What is written: the virtio header where the device wants one, then the frame.
  private final MemorySegment sendBuffer;

  private final int headerLength;
  private final int linkHeader;

  /// Two `struct pollfd`, the device and the eventfd; a `struct timespec`; eight bytes to empty the
  /// eventfd into.
  private final MemorySegment pollfds;

  private final MemorySegment timeout;
  private final MemorySegment count;

  /// One for being open, one for each call that uses the descriptors: whoever ends the last closes
  /// them, so that no call meets a descriptor that is closed, or already another's.
  private final AtomicInteger users = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);

  /// Whether the last read found nothing; the receiver's.
  private boolean drained;

  private final LoneFrames lone = new LoneFrames();

  /// Whether the last wait ended with an error of the descriptor, which a system call on it tells;
  /// the receiver's.
  boolean troubled;

  private volatile boolean waiting;
  private volatile boolean woken;
  private volatile Full full = Full.NO;
  private final Object lossLock = new Object();
  private long discarded;

  /// Takes over the descriptor; it is closed where this fails.
  ///
  /// @param virtio whether the kernel wants a virtio header in front of each frame
  LinuxDevice(int fd, DeviceInfo info, boolean virtio) throws IOException {
    Arena arena = Arena.ofAuto();
    receiveState = arena.allocate(Libc.STATE);
    sendState = arena.allocate(Libc.STATE);
    headerLength = virtio ? VirtioHeader.LENGTH : 0;
    linkHeader = info.link() == LinkType.ETHERNET ? EthernetHeader.LENGTH : 0;
    sendBuffer = arena.allocate(headerLength + MAX_FRAME, 64);
    pollfds = arena.allocate(2 * POLLFD, 8);
    timeout = arena.allocate(16, 8);
    count = arena.allocate(8, 8);
    this.fd = fd;
    this.info = info;
    eventfd = Libc.eventfd(receiveState);
    if (eventfd < 0) {
      Libc.close(fd);
      throw Advice.unexpected("eventfd", info.name(), -eventfd);
    }
    pollfds.set(JAVA_INT, 0, fd);
    pollfds.set(JAVA_INT, POLLFD, eventfd);
    pollfds.set(JAVA_SHORT, POLLFD + 4, Libc.POLLIN);
  }

  @Override
  public final DeviceInfo info() {
    return info;
  }

  @Override
  public final long discarded() {
    if (tryEnter()) {
      try {
        synchronized (lossLock) {
          discarded += lostInKernel();
        }
      } finally {
        leave();
      }
    }
    synchronized (lossLock) {
      return discarded;
    }
  }

  /// How many frames the kernel had no room for since this was asked last, where it says so.
  long lostInKernel() {
    return 0;
  }

  /// Gives back what it has besides the descriptors; nobody uses it any more.
  void release() {}

  /// Whether [#receive] waits, or is about to; for tests.
  final boolean isWaiting() {
    return waiting;
  }

  /// Reads a frame into the emptied packet, without waiting.
  abstract Outcome readFrame(Packet frame) throws IOException;

  /// Writes a frame, without waiting.
  abstract Outcome writeFrame(Packet frame) throws IOException;

  @Override
  public final boolean receive(Packet frame, long timeoutNanos) throws IOException {
    enter();
    try {
      long start = timeoutNanos > 0 ? System.nanoTime() : 0;
      int skipped = 0;
      long waited = 0;
      if (timeoutNanos <= 0 && !lone.worthLooking()) {
        drained = true;
        return false;
      }
      while (true) {
        frame.clear();
        Outcome outcome = drained && timeoutNanos > 0 ? Outcome.BLOCKED : readFrame(frame);
        drained = outcome == Outcome.BLOCKED;
        switch (outcome) {
          case DONE -> {
            lone.looked(true);
            lone.read(waited);
            return true;
          }
          case SKIPPED -> {
            if (++skipped == MAX_SKIPPED) {
              return false;
            }
          }
          case BLOCKED, NO_BUFFER -> {
            if (timeoutNanos <= 0) {
              lone.looked(false);
              return false;
            }
            long from = System.nanoTime();
            long left = timeoutNanos - (from - start);
            if (left <= 0 || !await(left)) {
              woken = false; // whoever woke us up to here sees us return
              return false;
            }
            waited = Math.max(1, System.nanoTime() - from);
            drained = false;
          }
        }
      }
    } finally {
      leave();
    }
  }

  /// Waits until there may be something to read.
  ///
  /// @return false where [#receive] is to return
  private boolean await(long nanos) throws IOException {
    waiting = true; // before `woken` is read: either wake() sees this, or this sees wake()
    try {
      if (woken || closed.get()) {
        return false;
      }
      Full before = full;
      long limit = before == Full.FOR_A_WHILE ? Math.min(nanos, NO_BUFFER_NANOS) : nanos;
      boolean wantsRoom = before == Full.UNTIL_WRITABLE;
      pollfds.set(JAVA_SHORT, 4, wantsRoom ? Libc.POLLIN | Libc.POLLOUT : Libc.POLLIN);
      timeout.set(JAVA_LONG, 0, limit / 1_000_000_000);
      timeout.set(JAVA_LONG, 8, limit % 1_000_000_000);
      int n = Libc.ppoll(receiveState, pollfds, 2, timeout);
      if (n < 0) {
        if (n == -Errno.EINTR) {
          return true;
        }
        throw Advice.unexpected("ppoll", info.name(), -n);
      }
      if (n == 0) {
        full = before == Full.FOR_A_WHILE ? Full.NO : full;
        return false;
      }
      troubled = (pollfds.get(JAVA_SHORT, REVENTS) & (Libc.POLLERR | Libc.POLLHUP)) != 0;
      if (pollfds.get(JAVA_SHORT, POLLFD + REVENTS) != 0) {
        int unused = Libc.read(receiveState, eventfd, count, 8);
      }
      if (wantsRoom && (pollfds.get(JAVA_SHORT, REVENTS) & Libc.POLLOUT) != 0) {
        full = Full.NO;
        return false;
      }
      return !woken && !closed.get();
    } finally {
      // `woken` stays: a wake() in this moment signals nothing, and we may wait again.
      waiting = false;
    }
  }

  @Override
  public final boolean send(Packet frame) throws IOException {
    enter();
    try {
      switch (writeFrame(frame)) {
        case DONE -> {
          return true;
        }
        case SKIPPED -> {
          discard();
          return true;
        }
        case BLOCKED -> full = Full.UNTIL_WRITABLE;
        case NO_BUFFER -> full = Full.FOR_A_WHILE;
      }
      if (waiting) {
        Libc.eventfdSignal(eventfd); // it is to wait for room, too
      }
      return false;
    } finally {
      leave();
    }
  }

  @Override
  public final void wake() {
    if (woken) {
      return; // whoever set it signals
    }
    woken = true;
    if (waiting && tryEnter()) {
      try {
        Libc.eventfdSignal(eventfd);
      } finally {
        leave();
      }
    }
  }

  /// Returns when the descriptors are closed, so that the device can be opened again at once.
  @Override
  public final void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.eventfdSignal(eventfd);
      leave();
    }
    boolean interrupted = false;
    while (true) {
      try {
        released.await(); // the receiver leaves at once, and nothing else waits
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryEnter() {
    int n = users.get();
    while (n > 0 && !closed.get()) {
      if (users.compareAndSet(n, n + 1)) {
        return true;
      }
      n = users.get();
    }
    return false;
  }

  private void enter() throws IOException {
    if (!tryEnter()) {
      throw Advice.closed(info.name());
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      release();
      Libc.close(fd);
      Libc.close(eventfd);
      released.countDown();
    }
  }

  /// Writes a frame to the descriptor.
  ///
  /// It goes through a native buffer. Handing the array itself to a critical call would save a copy
  /// (measured on TAP: nothing to speak of at 1,514 bytes, 1.2 of 6.8 us at 65,000), but a write
  /// runs the kernel's whole way of the frame to its receiver, and would keep the virtual machine
  /// from its safepoints that long.
  ///
  /// @return 0, or `-errno`
  final int write(Packet frame) {
    int length = frame.length();
    if (length > MAX_FRAME) {
      return -Errno.EMSGSIZE;
    }
    byte[] array = frame.array();
    int from = frame.offset() - headerLength;
    if (headerLength > 0) {
      VirtioHeader.write(frame, linkHeader, array, from); // there is headroom
    }
    MemorySegment.copy(array, from, sendBuffer, JAVA_BYTE, 0, headerLength + length);
    return Math.min(0, Libc.write(sendState, fd, sendBuffer, headerLength + length));
  }

  /// Counts a frame that was lost in here.
  final void discard() {
    synchronized (lossLock) {
      discarded++;
    }
  }

  @Override
  public final String toString() {
    return info.name();
  }
}
