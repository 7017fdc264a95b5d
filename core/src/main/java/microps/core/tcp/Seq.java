package microps.core.tcp;

/// Sequence numbers: arithmetic modulo 2^32 on `int` (RFC 9293, section 3.4). Plain `<` on them is
/// always a bug; `+` and `-` are right as they are.
final class Seq {
  private Seq() {}

  /// `a < b`
  static boolean before(int a, int b) {
    return a - b < 0;
  }

  /// `a =< b`
  static boolean beforeOrAt(int a, int b) {
    return a - b <= 0;
  }

  /// `a > b`
  static boolean after(int a, int b) {
    return a - b > 0;
  }

  /// `a >= b`
  static boolean afterOrAt(int a, int b) {
    return a - b >= 0;
  }

  /// The later of two.
  static int max(int a, int b) {
    return after(a, b) ? a : b;
  }

  /// Whether `low =< s < low + length`, for any length up to 2^31.
  static boolean within(int s, int low, int length) {
    return Integer.compareUnsigned(s - low, length) < 0;
  }
}
