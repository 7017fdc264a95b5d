package microps.core.ip;

import java.util.function.Consumer;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;

/// Cuts a datagram that is too long for a link (RFC 791, section 3.2, "An Example Fragmentation
/// Procedure").
final class Fragmenter {
  private Fragmenter() {}

  /// Cuts a datagram, or a fragment, whose header has been checked and whose window begins at it.
  ///
  /// @param mtu the largest fragment, header included; at least 68
  /// @param pool where the fragments come from
  /// @param emit takes each, in order; it belongs to it
  static void cut(Packet whole, int mtu, PacketPool pool, Consumer<Packet> emit) {
    int headerLength = Ipv4Header.headerLength(whole);
    int end = whole.length();
    int fields = Ipv4Header.flagsAndOffset(whole);
    boolean more = Ipv4Header.moreFragments(whole);
    int firstOffset = Ipv4Header.fragmentOffset(whole);
    int room = mtu - headerLength & ~7;
    for (int at = headerLength; at < end; at += room) {
      int length = Math.min(room, end - at);
      boolean last = at + length == end && !more;
      Packet p = pool.take(headerLength + length);
      p.append(whole.array(), whole.offset(), headerLength);
      int ownHeader = headerLength;
      if (at > headerLength) {
        // The options without the copied flag are in the first fragment only.
        ownHeader = Ipv4Options.keepCopied(p, headerLength);
        p.truncate(ownHeader);
      }
      p.append(whole.array(), whole.offset() + at, length);
      int offset = firstOffset + at - headerLength;
      int flags = fields & Ipv4Header.DONT_FRAGMENT | (last ? 0 : Ipv4Header.MORE_FRAGMENTS);
      Ipv4Header.rewrite(p, ownHeader, ownHeader + length, flags | offset / 8);
      emit.accept(p);
    }
  }
}
