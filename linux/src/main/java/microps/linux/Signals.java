package microps.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Signals by sigwait(3), SIGQUIT among them, which the JVM otherwise keeps for thread dumps.
///
/// They must be blocked in every thread, so before the JVM starts, and the JVM must leave them
/// alone: `env --block-signal=HUP,INT,QUIT,TERM java -Xrs ...`.
@SuppressWarnings("restricted") // native access: see Libc
public final class Signals {
  /// The terminal is gone.
  public static final int HUP = 1;

  /// Ctrl-C.
  public static final int INT = 2;

  /// Ctrl-\.
  public static final int QUIT = 3;

  /// `kill`.
  public static final int TERM = 15;

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int SIGSET = 128;

  private static final class SigWait {
    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("sigwait"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  }

  private final long set;

  private Signals(long set) {
    this.set = set;
  }

  /// Those of the four signals that are blocked, so that they can be waited for; empty where this
  /// process was not started so. A SIGHUP that is ignored (nohup) stays so.
  public static Signals blocked() {
    long set = 0;
    if (Files.isReadable(STATUS)) {
      try {
        long wanted = bit(HUP) | bit(INT) | bit(QUIT) | bit(TERM);
        set = wanted & mask("SigBlk:") & ~(mask("SigIgn:") & bit(HUP));
      } catch (IOException e) {
        set = 0; // nothing is known of them, and the JVM does what it always does
      }
    }
    return new Signals(set);
  }

  private static long bit(int signal) {
    return 1L << signal - 1;
  }

  private static long mask(String name) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(name)) {
        return Long.parseUnsignedLong(line.substring(name.length()).strip(), 16);
      }
    }
    return 0;
  }

  /// Whether there is none to wait for.
  public boolean isEmpty() {
    return set == 0;
  }

  /// Waits for the next one; for a platform thread, which cannot be interrupted meanwhile.
  ///
  /// @return its number
  public int await() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sigset = arena.allocate(SIGSET, 8);
      sigset.set(JAVA_LONG, 0, set);
      MemorySegment signal = arena.allocate(JAVA_INT);
      int error = (int) SigWait.CALL.invokeExact(sigset, signal);
      if (error != 0) {
        throw new IllegalStateException("sigwait: " + Libc.message(error));
      }
      return signal.get(JAVA_INT, 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }
}
