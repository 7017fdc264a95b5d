package microps.core.tcp;

import java.util.Arrays;
import microps.core.bytes.Packet;

/// The options of an arriving segment (RFC 9293 section 3.2, RFC 7323, RFC 2018); one reused
/// object. What is unknown is skipped (MUST-6); an illegal length ends the reading (MUST-7), and
/// what was read before it counts.
final class TcpOptions {
  static final int END = 0;
  static final int NOP = 1;
  static final int MSS = 2;
  static final int WINDOW_SCALE = 3;
  static final int SACK_PERMITTED = 4;
  static final int SACK = 5;
  static final int TIMESTAMPS = 8;
  static final int USER_TIMEOUT = 28;
  static final int FAST_OPEN = 34;
  static final int EXPERIMENT = 254;

  /// Which experiment it is: TCP Fast Open, before it had a number of its own (RFC 7413, appendix
  /// A).
  static final int FAST_OPEN_EXPERIMENT = 0xf989;

  private static final int MIN_COOKIE = 4;
  private static final int MAX_COOKIE = 16;

  /// The largest shift of the window (RFC 7323, section 2.3).
  static final int MAX_SHIFT = 14;

  /// At most four SACK blocks fit into a header.
  private static final int MAX_BLOCKS = 4;

  /// The MSS option's value, or -1.
  int mss;

  /// The window scale option's shift, 0 to 14, or -1.
  int windowScale;

  /// Whether SACK-permitted was there.
  boolean sackPermitted;

  /// Whether there were timestamps.
  boolean hasTimestamps;

  /// TSval.
  int tsVal;

  /// TSecr.
  int tsEcr;

  /// What the user timeout option said, or -1.
  int userTimeout;

  /// How long the cookie of the Fast Open option was; 0: it asks for one; -1: there was no option.
  int cookieLength;

  /// Whether it was the experimental option.
  boolean experimentalCookie;

  private final byte[] cookie = new byte[MAX_COOKIE];

  /// The cookie of the Fast Open option.
  byte[] cookie() {
    return Arrays.copyOf(cookie, Math.max(0, cookieLength));
  }

  /// The same as a number, where it is one of ours by its length.
  long cookieValue() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << 8 | cookie[i] & 0xff;
    }
    return value;
  }

  /// How many SACK blocks there were.
  int sackBlocks;

  private final int[] sackLeft = new int[MAX_BLOCKS];
  private final int[] sackRight = new int[MAX_BLOCKS];

  /// The left edge of a SACK block.
  int sackLeft(int block) {
    return sackLeft[block];
  }

  /// The right edge of a SACK block: the first octet after it.
  int sackRight(int block) {
    return sackRight[block];
  }

  /// Reads the options of a segment whose header is known to be whole.
  void parse(Packet packet, int dataOffset) {
    mss = -1;
    windowScale = -1;
    sackPermitted = false;
    hasTimestamps = false;
    sackBlocks = 0;
    cookieLength = -1;
    userTimeout = -1;
    int at = TcpHeader.LENGTH;
    while (at < dataOffset) {
      int kind = packet.get8(at);
      if (kind == END) {
        return;
      }
      if (kind == NOP) {
        at++;
        continue;
      }
      if (at + 1 >= dataOffset) {
        return;
      }
      int length = packet.get8(at + 1);
      if (length < 2 || at + length > dataOffset) {
        return;
      }
      take(packet, at, kind, length);
      at += length;
    }
  }

  private void take(Packet packet, int at, int kind, int length) {
    switch (kind) {
      case MSS -> {
        if (length == 4) {
          mss = packet.get16(at + 2);
        }
      }
      case WINDOW_SCALE -> {
        if (length == 3) {
          windowScale = Math.min(packet.get8(at + 2), MAX_SHIFT);
        }
      }
      case SACK_PERMITTED -> sackPermitted |= length == 2;
      case SACK -> {
        for (int b = at + 2; b + 8 <= at + length && sackBlocks < MAX_BLOCKS; b += 8) {
          sackLeft[sackBlocks] = packet.get32(b);
          sackRight[sackBlocks++] = packet.get32(b + 4);
        }
      }
      case TIMESTAMPS -> {
        if (length == 10) {
          hasTimestamps = true;
          tsVal = packet.get32(at + 2);
          tsEcr = packet.get32(at + 6);
        }
      }
      case USER_TIMEOUT -> {
        if (length == 4) {
          userTimeout = packet.get16(at + 2);
        }
      }
      case FAST_OPEN -> takeCookie(packet, at + 2, length - 2, false);
      case EXPERIMENT -> {
        if (length >= 4 && packet.get16(at + 2) == FAST_OPEN_EXPERIMENT) {
          takeCookie(packet, at + 4, length - 4, true);
        }
      }
      default -> {
        // MUST-6: ignored
      }
    }
  }

  /// RFC 7413, section 4.1.1: 4 to 16 octets, an even number, or none.
  private void takeCookie(Packet packet, int at, int length, boolean experimental) {
    boolean valid = length == 0 || length >= MIN_COOKIE && length <= MAX_COOKIE;
    if (!valid || length % 2 != 0) {
      return;
    }
    cookieLength = length;
    experimentalCookie = experimental;
    for (int i = 0; i < length; i++) {
      cookie[i] = (byte) packet.get8(at + i);
    }
  }
}
