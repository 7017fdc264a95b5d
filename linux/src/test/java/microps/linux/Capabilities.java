package microps.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// Makes the calling thread one without any capability: what it may then do is what any user may.
final class Capabilities {
  private static final int VERSION_3 = 0x20080522;

  private Capabilities() {}

  @SuppressWarnings("restricted")
  static void drop() throws Throwable {
    Linker linker = Linker.nativeLinker();
    var capset =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("capset"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(8, 8);
      header.set(JAVA_INT, 0, VERSION_3);
      MemorySegment none = arena.allocate(24, 8);
      if ((int) capset.invokeExact(header, none) != 0) {
        throw new AssertionError("capset failed");
      }
    }
  }
}
