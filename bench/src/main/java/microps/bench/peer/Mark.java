package microps.bench.peer;

import java.util.Arrays;

/// What a process has done up to a moment; the difference of two marks is what it did between them.
///
/// @param nanos the moment, by the clock that all processes share
/// @param read bytes of TCP streams read
/// @param written bytes of TCP streams written
/// @param operations transactions, connections or datagrams that went through
/// @param cpu nanoseconds of processor, user and system, of all threads
/// @param allocated bytes of heap allocated by all threads
public record Mark(long nanos, long read, long written, long operations, long cpu, long allocated) {

  /// What was done since an earlier mark.
  public Mark since(Mark earlier) {
    return new Mark(
        nanos - earlier.nanos,
        read - earlier.read,
        written - earlier.written,
        operations - earlier.operations,
        cpu - earlier.cpu,
        allocated - earlier.allocated);
  }

  /// As it goes through a pipe.
  public String text() {
    return nanos + " " + read + " " + written + " " + operations + " " + cpu + " " + allocated;
  }

  /// What [#text()] wrote.
  ///
  /// @throws IllegalArgumentException where it is something else
  public static Mark parse(String text) {
    long[] n;
    try {
      n = Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a mark: " + text, e);
    }
    if (n.length != 6) {
      throw new IllegalArgumentException("not a mark: " + text);
    }
    return new Mark(n[0], n[1], n[2], n[3], n[4], n[5]);
  }
}
