package microps.core.view;

import microps.core.address.Ipv4Address;
import microps.core.address.Ipv6Address;
import microps.core.address.MacAddress;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;

/// A part of a frame, from `start` to before `end`, counted from the head of its packet. A decoder
/// asks [#has] before it reads; the packet is not changed.
record Span(Packet packet, int start, int end) {

  static Span of(Packet packet) {
    return new Span(packet, 0, packet.length());
  }

  int length() {
    return end - start;
  }

  boolean has(int offset, int size) {
    return offset + size <= length();
  }

  /// What follows the first `n` bytes; empty where there are not so many.
  Span after(int n) {
    return new Span(packet, Math.min(start + n, end), end);
  }

  /// The first `n` bytes, or all where there are not so many.
  Span first(int n) {
    return new Span(packet, start, Math.min(start + n, end));
  }

  int u8(int offset) {
    return packet.get8(start + offset);
  }

  int u16(int offset) {
    return packet.get16(start + offset);
  }

  int i32(int offset) {
    return packet.get32(start + offset);
  }

  long u32(int offset) {
    return Integer.toUnsignedLong(i32(offset));
  }

  MacAddress mac(int offset) {
    return new MacAddress(packet.get48(start + offset));
  }

  Ipv4Address ipv4(int offset) {
    return new Ipv4Address(i32(offset));
  }

  Ipv6Address ipv6(int offset) {
    return new Ipv6Address(packet.get64(start + offset), packet.get64(start + offset + 8));
  }

  /// The unfolded Internet checksum over all of it.
  long sum() {
    return Checksum.sum(packet, start, length());
  }
}
