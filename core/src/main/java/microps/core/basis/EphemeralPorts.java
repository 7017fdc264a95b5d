package microps.core.basis;

import java.util.function.IntPredicate;

/// Chooses ports that others cannot guess (RFC 6056).
public final class EphemeralPorts {
  /// The first port of the range, which is that of Linux.
  public static final int FIRST = 32_768;

  /// The last.
  public static final int LAST = 60_999;

  /// How many there are.
  public static final int COUNT = LAST - FIRST + 1;

  private EphemeralPorts() {}

  /// The first free port at or after a starting point, around the end of the range: with a random
  /// one this is Algorithm 1 of RFC 6056, with a keyed hash and a counter Algorithm 3.
  ///
  /// @param start any number; taken modulo [#COUNT]
  /// @return -1: none is free
  public static int choose(int start, IntPredicate isFree) {
    int first = Math.floorMod(start, COUNT);
    for (int i = 0; i < COUNT; i++) {
      int port = FIRST + (first + i) % COUNT;
      if (isFree.test(port)) {
        return port;
      }
    }
    return -1;
  }
}
