package microps.core.ip;

import microps.core.bytes.Packet;

/// The options of an IPv4 header (RFC 791, section 3.1): this host only skips them, but looks
/// whether they are well formed, and whether one is a source route.
///
/// ```text
/// +--------+--------+---------  --+
/// |  type  | length |  data  ...  |      (types 0 and 1 are single octets)
/// +--------+--------+---------  --+
/// ```
final class Ipv4Options {
  /// [#check]: nothing to object to.
  static final int FINE = 0;

  /// [#check]: loose or strict source route is among them.
  static final int SOURCE_ROUTE = -1;

  private static final int END = 0;
  private static final int NO_OPERATION = 1;
  private static final int LOOSE_SOURCE_ROUTE = 0x83;
  private static final int STRICT_SOURCE_ROUTE = 0x89;

  private Ipv4Options() {}

  /// Walks over the options of a header at the head of a packet.
  ///
  /// @return [#FINE], [#SOURCE_ROUTE], or, above 0, where in the header the octet at fault is
  static int check(Packet p, int headerLength) {
    int result = FINE;
    for (int at = Ipv4Header.MIN_LENGTH; at < headerLength; ) {
      int type = p.get8(at);
      if (type == END) {
        break;
      }
      if (type == NO_OPERATION) {
        at++;
        continue;
      }
      if (at + 1 >= headerLength) {
        return at;
      }
      int length = p.get8(at + 1);
      if (length < 2 || at + length > headerLength) {
        return at + 1;
      }
      if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
        result = SOURCE_ROUTE;
      }
      at += length;
    }
    return result;
  }

  /// Reduces the options of the header at the head of a packet to those that every fragment has
  /// (the copied flag, 0x80), the rest of the room filled with zeros.
  ///
  /// @return the length of the header that is left
  static int keepCopied(Packet p, int headerLength) {
    int to = Ipv4Header.MIN_LENGTH;
    for (int at = Ipv4Header.MIN_LENGTH; at < headerLength; ) {
      int type = p.get8(at);
      if (type == END) {
        break;
      }
      int length = type == NO_OPERATION ? 1 : p.get8(at + 1);
      if ((type & 0x80) != 0) {
        for (int i = 0; i < length; i++) {
          p.put8(to++, p.get8(at + i));
        }
      }
      at += length;
    }
    int left = (to + 3) / 4 * 4;
    while (to < left) {
      p.put8(to++, END);
    }
    return left;
  }
}
