package microps.cli.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A client of the kernel's TCP that writes with its SYN, which no socket of the JDK does.
@SuppressWarnings("restricted") // native access is what this class is for
final class FastOpenClient {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int MSG_FASTOPEN = 0x20000000;
  private static final int MSG_WAITALL = 0x100;
  private static final int ADDRESS_LENGTH = 16;

  private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SEND_TO =
      link("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECEIVE =
      link("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);

  private FastOpenClient() {}

  private static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  /// Connects, with a request, from the network namespace of this thread.
  ///
  /// @return what came in answer, up to a length
  static String ask(String address, int port, String request, int answerLength) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) SOCKET.invokeExact(AF_INET, SOCK_STREAM, 0);
      try {
        MemorySegment text = arena.allocateFrom(request, StandardCharsets.US_ASCII);
        long sent =
            (long)
                SEND_TO.invokeExact(
                    fd,
                    text,
                    (long) request.length(),
                    MSG_FASTOPEN,
                    socketAddress(arena, address, port),
                    ADDRESS_LENGTH);
        if (sent != request.length()) {
          throw new IOException("sendto of the kernel returned " + sent);
        }
        MemorySegment answer = arena.allocate(answerLength);
        long got = (long) RECEIVE.invokeExact(fd, answer, (long) answerLength, MSG_WAITALL);
        byte[] bytes = answer.asSlice(0, Math.max(got, 0)).toArray(JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII);
      } finally {
        int unused = (int) CLOSE.invokeExact(fd);
      }
    } catch (Exception e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }

  /// `struct sockaddr_in`.
  private static MemorySegment socketAddress(Arena arena, String address, int port)
      throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(ADDRESS_LENGTH);
    bytes.order(java.nio.ByteOrder.nativeOrder()).putShort((short) AF_INET);
    bytes.order(java.nio.ByteOrder.BIG_ENDIAN).putShort((short) port);
    bytes.put(InetAddress.getByName(address).getAddress());
    return arena.allocateFrom(JAVA_BYTE, bytes.array());
  }
}
