package microps.core.fuzz;

/// Decisions taken from a byte string: whoever makes the bytes, a search or a seeded generator,
/// makes the run, and a shorter string is a simpler run. When the bytes are used up, every decision
/// is 0.
final class Choices {
  private final byte[] bytes;
  private int at;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Whether decisions are left.
  boolean hasMore() {
    return at < bytes.length;
  }

  /// Bytes left.
  int left() {
    return bytes.length - at;
  }

  int u8() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  int u16() {
    return u8() << 8 | u8();
  }

  int i32() {
    return u16() << 16 | u16();
  }

  long u48() {
    return (long) u16() << 32 | i32() & 0xffff_ffffL;
  }

  boolean flag() {
    return (u8() & 1) != 0;
  }

  /// 0 to `bound - 1`, for bounds up to 256.
  int pick(int bound) {
    return u8() % bound;
  }

  /// One of these.
  int of(int... values) {
    return values[pick(values.length)];
  }

  /// The next bytes; fewer where fewer are left.
  byte[] bytes(int length) {
    int n = Math.min(length, left());
    byte[] result = java.util.Arrays.copyOfRange(bytes, at, at + n);
    at += n;
    return result;
  }
}
