package microps.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The system calls that devices need.
///
/// A call returns what the function returns, or `-errno` where it failed, as the kernel itself
/// does. The `state` that most calls take is a native buffer of [#STATE] in which errno is handed
/// over; each thread of control has its own. A function is linked when it is first called: linking
/// one costs about ten milliseconds.
@SuppressWarnings("restricted") // native access is what this class is for
final class Libc {
  static final int O_RDWR = 2;
  static final int O_RDONLY = 0;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final short POLLIN = 1;
  static final short POLLOUT = 4;
  static final short POLLERR = 8;
  static final short POLLHUP = 16;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_PACKET = 17;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;

  static final int CLONE_NEWNET = 0x40000000;

  /// The architectures whose constants and structures are those of this class, as `os.arch` names
  /// them.
  static final Set<String> SUPPORTED = Set.of("amd64", "aarch64", "riscv64");

  /// Where errno is handed over.
  static final StructLayout STATE = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final Linker LINKER = Linker.nativeLinker();

  private Libc() {}

  private static MethodHandle link(
      String name, FunctionDescriptor function, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), function, options);
  }

  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

  private static int failed(MemorySegment state) {
    return -(int) ERRNO.get(state, 0L);
  }

  private static AssertionError unexpected(Throwable e) {
    return new AssertionError("a downcall throws nothing", e);
  }

  // Each holder links its function when it is first used.

  private static final class Open {
    static final MethodHandle CALL =
        link("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE, VARIADIC);
  }

  static int open(MemorySegment state, String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) Open.CALL.invokeExact(state, arena.allocateFrom(path), flags);
      return fd >= 0 ? fd : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Close {
    static final MethodHandle CALL = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  /// Errors are not told: the descriptor is released in any case.
  static void close(int fd) {
    try {
      int unused = (int) Close.CALL.invokeExact(fd);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Ioctl {
    static final MethodHandle CALL =
        link(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            CAPTURE,
            VARIADIC);
  }

  static int ioctl(MemorySegment state, int fd, long request, MemorySegment argument) {
    try {
      int r = (int) Ioctl.CALL.invokeExact(state, fd, request, argument);
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Read {
    static final MethodHandle CALL =
        link("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CAPTURE);
  }

  static int read(MemorySegment state, int fd, MemorySegment buffer, long size) {
    try {
      long n = (long) Read.CALL.invokeExact(state, fd, buffer, size);
      return n >= 0 ? (int) n : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class ReadHeap {
    static final MethodHandle CALL =
        link(
            "read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
            CAPTURE,
            Linker.Option.critical(true));
  }

  /// Reads into a Java array, which must not move meanwhile: the virtual machine reaches no
  /// safepoint before the call returns. So only from a non-blocking descriptor that merely copies.
  static int read(MemorySegment state, int fd, byte[] array, int offset, int size) {
    MemorySegment buffer = MemorySegment.ofArray(array).asSlice(offset, size);
    try {
      long n = (long) ReadHeap.CALL.invokeExact(state, fd, buffer, (long) size);
      return n >= 0 ? (int) n : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Write {
    static final MethodHandle CALL =
        link("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CAPTURE);
  }

  static int write(MemorySegment state, int fd, MemorySegment buffer, long size) {
    try {
      long n = (long) Write.CALL.invokeExact(state, fd, buffer, size);
      return n >= 0 ? (int) n : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Ppoll {
    static final MethodHandle CALL =
        link(
            "ppoll",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS),
            CAPTURE);
  }

  /// @param timeout a `struct timespec`
  static int ppoll(MemorySegment state, MemorySegment pollfds, long count, MemorySegment timeout) {
    try {
      int n = (int) Ppoll.CALL.invokeExact(state, pollfds, count, timeout, MemorySegment.NULL);
      return n >= 0 ? n : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Eventfd {
    static final MethodHandle CALL =
        link("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
  }

  static int eventfd(MemorySegment state) {
    try {
      int fd = (int) Eventfd.CALL.invokeExact(state, 0, O_NONBLOCK | O_CLOEXEC);
      return fd >= 0 ? fd : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class EventfdWrite {
    static final MethodHandle CALL =
        link("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  }

  /// Adds 1; it fails only where the counter is full, and thus signalled already.
  static void eventfdSignal(int fd) {
    try {
      int unused = (int) EventfdWrite.CALL.invokeExact(fd, 1L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Socket {
    static final MethodHandle CALL =
        link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
  }

  /// `type` gets `SOCK_NONBLOCK` and `SOCK_CLOEXEC` added.
  static int socket(MemorySegment state, int family, int type, int protocol) {
    try {
      int fd =
          (int) Socket.CALL.invokeExact(state, family, type | O_NONBLOCK | O_CLOEXEC, protocol);
      return fd >= 0 ? fd : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Bind {
    static final MethodHandle CALL =
        link("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
  }

  static int bind(MemorySegment state, int fd, MemorySegment address) {
    try {
      int r = (int) Bind.CALL.invokeExact(state, fd, address, (int) address.byteSize());
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Setsockopt {
    static final MethodHandle CALL =
        link(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            CAPTURE);
  }

  static int setsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value) {
    try {
      int r =
          (int) Setsockopt.CALL.invokeExact(state, fd, level, name, value, (int) value.byteSize());
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Getsockopt {
    static final MethodHandle CALL =
        link(
            "getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
            CAPTURE);
  }

  /// @param size an int: the room, then what was written
  static int getsockopt(
      MemorySegment state, int fd, int level, int name, MemorySegment value, MemorySegment size) {
    try {
      int r = (int) Getsockopt.CALL.invokeExact(state, fd, level, name, value, size);
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Recvmsg {
    static final MethodHandle CALL =
        link("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
  }

  static int recvmsg(MemorySegment state, int fd, MemorySegment msghdr, int flags) {
    try {
      long n = (long) Recvmsg.CALL.invokeExact(state, fd, msghdr, flags);
      return n >= 0 ? (int) n : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Mmap {
    static final MethodHandle CALL =
        link(
            "mmap",
            FunctionDescriptor.of(
                ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            CAPTURE);
  }

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final long MAP_FAILED = -1;

  /// Maps memory that a descriptor shares, from its beginning; null where that fails. It lives
  /// until [#munmap].
  static @Nullable MemorySegment mmap(MemorySegment state, long size, int fd) {
    try {
      MemorySegment memory =
          (MemorySegment)
              Mmap.CALL.invokeExact(
                  state, MemorySegment.NULL, size, PROT_READ_WRITE, MAP_SHARED, fd, 0L);
      return memory.address() == MAP_FAILED ? null : memory.reinterpret(size);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Munmap {
    static final MethodHandle CALL =
        link("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  }

  static void munmap(MemorySegment memory) {
    try {
      int unused = (int) Munmap.CALL.invokeExact(memory, memory.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Unshare {
    static final MethodHandle CALL =
        link("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CAPTURE);
  }

  static int unshare(MemorySegment state, int flags) {
    try {
      int r = (int) Unshare.CALL.invokeExact(state, flags);
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Setns {
    static final MethodHandle CALL =
        link("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
  }

  static int setns(MemorySegment state, int fd, int type) {
    try {
      int r = (int) Setns.CALL.invokeExact(state, fd, type);
      return r >= 0 ? r : failed(state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static final class Strerror {
    static final MethodHandle CALL = link("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  }

  /// The system's words for an error number.
  static String message(int errno) {
    try {
      MemorySegment text = (MemorySegment) Strerror.CALL.invokeExact(errno);
      return text.reinterpret(256).getString(0) + " (errno " + errno + ")";
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
