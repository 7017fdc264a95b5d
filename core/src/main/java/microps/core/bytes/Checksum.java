package microps.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit
/// words.
///
/// Sums are kept as a `long` that is not yet folded, so that parts (pseudo-header, header, data)
/// add up; an odd part must be the last.
public final class Checksum {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Checksum() {}

  /// The unfolded sum of bytes; an odd last byte counts as if a zero followed.
  public static long sum(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    // 32-bit loads into a 64-bit accumulator: the form that C2 turns into vector code.
    long sum = 0;
    for (int last = end - 3; at < last; at += 4) {
      sum += (int) INT.get(bytes, at) & 0xffff_ffffL;
    }
    if (at + 2 <= end) {
      sum += (short) SHORT.get(bytes, at) & 0xffff;
      at += 2;
    }
    if (at < end) {
      sum += (bytes[at] & 0xff) << 8;
    }
    return sum;
  }

  /// The unfolded sum of bytes in a packet's window.
  public static long sum(Packet packet, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, packet.length());
    return sum(packet.array(), packet.offset() + offset, length);
  }

  /// The unfolded sum of the pseudo-header of TCP and UDP over IPv4 (RFC 9293, section 3.1).
  public static long pseudoHeader4(int source, int destination, int protocol, int length) {
    return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + length;
  }

  /// The unfolded sum of the pseudo-header over IPv6 (RFC 8200, section 8.1).
  public static long pseudoHeader6(
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int protocol,
      int length) {
    return half(sourceHigh)
        + half(sourceLow)
        + half(destinationHigh)
        + half(destinationLow)
        + protocol
        + length;
  }

  /// The unfolded sum of the pseudo-header for two addresses in their two-`long` form, of whichever
  /// family they are.
  public static long pseudoHeader(
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int protocol,
      int length) {
    return isV4(sourceHigh, sourceLow) && isV4(destinationHigh, destinationLow)
        ? pseudoHeader4((int) sourceLow, (int) destinationLow, protocol, length)
        : pseudoHeader6(sourceHigh, sourceLow, destinationHigh, destinationLow, protocol, length);
  }

  private static boolean isV4(long high, long low) {
    return high == 0 && low >>> 32 == 0xffffL;
  }

  private static long half(long value) {
    return (value >>> 32) + (value & 0xffff_ffffL);
  }

  /// Folds a sum to 16 bits; not complemented.
  public static int fold(long sum) {
    sum = (sum >>> 32) + (sum & 0xffff_ffffL);
    sum = (sum >>> 32) + (sum & 0xffff_ffffL);
    int folded = (int) (sum >>> 16) + (int) (sum & 0xffff);
    folded = (folded >>> 16) + (folded & 0xffff);
    return (folded >>> 16) + (folded & 0xffff);
  }

  /// What goes into the checksum field: the complement of the folded sum, 0 to 65,535.
  public static int finish(long sum) {
    return ~fold(sum) & 0xffff;
  }

  /// Whether a sum over data and its checksum field says that nothing changed on the way.
  public static boolean isRight(long sum) {
    return fold(sum) == 0xffff;
  }
}
