package microps.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A network of the kernel's own, apart from the machine's: interfaces, addresses, routes, ports
/// (network_namespaces(7)). For tests and tools.
///
/// Only threads that entered it see it, and what they made belongs to it for good: a device that
/// was opened in it, a socket that was created in it (also one that it accepted), a process that
/// was started in it. Other threads use these as any other.
///
/// ```java
/// try (NetworkNamespace namespace = NetworkNamespace.create()) {
///   Device tap = namespace.call(() -> provider.open("tap", "tap0", options));
///   ServerSocketChannel server = namespace.call(ServerSocketChannel::open);
///   namespace.execute("ping", "-c", "1", "192.0.2.2");
/// }
/// ```
///
/// It has no name on the machine, and is gone with its last device, socket, process and thread, so
/// that a test that dies leaves nothing behind. It takes root, or a JVM started by `unshare -Urn`;
/// see [#obstacle()].
public final class NetworkNamespace implements AutoCloseable {
  private final int fd;
  private final AtomicBoolean closed = new AtomicBoolean();

  private NetworkNamespace(int fd) {
    this.fd = fd;
  }

  /// Why this process can make no network namespace, or no TAP in one; null where it can.
  public static @Nullable String obstacle() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "network namespaces are of Linux";
    }
    try (NetworkNamespace namespace = create()) {
      namespace.execute("ip", "link");
      return namespace.call(() -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment state = arena.allocate(Libc.STATE);
          int file = Libc.open(state, "/dev/net/tun", Libc.O_RDWR | Libc.O_CLOEXEC);
          if (file < 0) {
            return Advice.tunFile(-file).getMessage();
          }
          Libc.close(file);
          return null;
        }
      });
    } catch (Exception e) {
      return e.getMessage();
    }
  }

  /// Makes one, with its loopback interface up.
  ///
  /// @throws IOException where this process may not
  public static NetworkNamespace create() throws IOException {
    try {
      return onThread(() -> {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment state = arena.allocate(Libc.STATE);
          int r = Libc.unshare(state, Libc.CLONE_NEWNET);
          if (r < 0) {
            throw new IOException(
                Errno.isPermission(-r)
                    ? "no permission to make a network namespace;"
                        + " run it as root, or with unshare -Urn in front"
                    : "cannot make a network namespace: " + Libc.message(-r));
          }
          try (KernelInterface loopback = new KernelInterface("lo")) {
            r = loopback.setUp();
            if (r < 0) {
              throw Advice.interfaceFailure("set up", "lo", -r);
            }
          }
          return new NetworkNamespace(openFile(state, "/proc/thread-self/ns/net"));
        }
      });
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot make a network namespace", e);
    }
  }

  /// One that `ip netns add NAME` has made; or, where the name has a slash, that a file stands for.
  ///
  /// @throws IOException where there is none of that name
  public static NetworkNamespace named(String name) throws IOException {
    String path = name.indexOf('/') < 0 ? "/run/netns/" + name : name;
    try (Arena arena = Arena.ofConfined()) {
      return new NetworkNamespace(openFile(arena.allocate(Libc.STATE), path));
    }
  }

  private static int openFile(MemorySegment state, String path) throws IOException {
    int fd = Libc.open(state, path, Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw new IOException("there is no network namespace " + path + ": " + Libc.message(-fd));
    }
    return fd;
  }

  /// Moves the calling platform thread into it for the rest of the thread's life.
  ///
  /// @throws IOException where this process may not
  public void enter() throws IOException {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread enters no namespace: its carrier would");
    }
    if (closed.get()) {
      throw new IOException("the network namespace is closed");
    }
    try (Arena arena = Arena.ofConfined()) {
      int r = Libc.setns(arena.allocate(Libc.STATE), fd, Libc.CLONE_NEWNET);
      if (r < 0) {
        throw new IOException("cannot enter the network namespace: " + Libc.message(-r));
      }
    }
  }

  /// Calls something on a thread of its own in the namespace, and waits for it.
  ///
  /// @throws Exception what the call threw
  public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
    return onThread(() -> {
      enter();
      return task.call();
    });
  }

  /// Makes platform threads that are in the namespace.
  public ThreadFactory threads() {
    return task ->
        Thread.ofPlatform()
            .daemon()
            .name("namespace")
            .unstarted(() -> {
              try {
                enter();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
              task.run();
            });
  }

  /// A file that stands for it while it is open, for programs: `ip link set veth0 netns PATH`,
  /// `nsenter --net=PATH`.
  public String path() {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
  }

  /// Starts a program in the namespace.
  public Process start(ProcessBuilder program) throws Exception {
    return call(program::start);
  }

  /// Runs a program in the namespace to its end, with no input.
  ///
  /// @return what it printed
  /// @throws IOException with what it printed where it failed
  public String execute(String... command) throws Exception {
    Process process = start(new ProcessBuilder(command).redirectErrorStream(true));
    process.getOutputStream().close();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (InputStream output = process.getInputStream()) {
      output.transferTo(printed);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + code + ": " + text.strip());
    }
    return text;
  }

  private static <T extends @Nullable Object> T onThread(Callable<T> task) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("namespace")
            .start(() -> {
              try {
                result.complete(task.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.get();
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /// Lets go of it; it is gone when nothing is in it any more.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.close(fd);
    }
  }
}
