package microps.core.fuzz;

import java.nio.ByteBuffer;
import microps.core.bytes.Checksum;
import microps.core.device.LinkType;
import microps.core.device.Nic;

/// Reads what the stack sends, strictly, by code of its own: every frame is well formed, its
/// checksums are right, and it fits the link.
final class FrameCheck {
  private FrameCheck() {}

  /// A TCP segment that the stack sent.
  record Sent(
      int source,
      int destination,
      int sourcePort,
      int destinationPort,
      int seq,
      int ack,
      int flags,
      int window,
      byte[] options,
      byte[] text) {

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /// The sequence number after it.
    int end() {
      return seq + text.length + (has(Frames.SYN) ? 1 : 0) + (has(Frames.FIN) ? 1 : 0);
    }

    /// Where in the options one of this kind begins; -1: it is not there.
    int option(int kind) {
      for (int at = 0; at < options.length; ) {
        if (options[at] == kind) {
          return at;
        }
        at += options[at] == 1 ? 1 : options[at] == 0 ? options.length : options[at + 1];
      }
      return -1;
    }
  }

  /// @param details what is put in place of each `%s`
  static void that(boolean right, String what, Object... details) {
    if (!right) {
      throw new AssertionError(what.formatted(details));
    }
  }

  /// @return the segment where it is one of TCP, otherwise null
  static Sent check(Nic nic, byte[] frame) {
    if (nic.info().link() != LinkType.ETHERNET) {
      return ip(nic, frame);
    }
    that(frame.length >= 60, "an Ethernet frame of %s bytes", frame.length);
    that(frame.length <= Math.max(60, nic.mtu() + 14), "a frame longer than the MTU");
    ByteBuffer b = ByteBuffer.wrap(frame);
    long source = (b.getShort(6) & 0xffffL) << 32 | b.getInt(8) & 0xffff_ffffL;
    that(source == nic.mac().value(), "not our MAC address");
    byte[] payload = java.util.Arrays.copyOfRange(frame, 14, frame.length);
    switch (b.getShort(12) & 0xffff) {
      case 0x0800 -> {
        int length = b.getShort(16) & 0xffff;
        for (int i = 14 + length; i < frame.length; i++) {
          that(frame[i] == 0, "padding is zero");
        }
        that(length <= payload.length, "total length");
        that(payload.length == Math.max(length, 46), "no more padding than needed");
        return ip(nic, Frames.cut(payload, length));
      }
      case 0x0806 -> arp(payload, nic);
      default -> that(false, "EtherType");
    }
    return null;
  }

  private static void arp(byte[] p, Nic nic) {
    ByteBuffer b = ByteBuffer.wrap(p);
    that(b.getShort(0) == 1 && b.getShort(2) == 0x0800, "ARP spaces");
    that(b.get(4) == 6 && b.get(5) == 4, "ARP lengths");
    that(b.getShort(6) == 1 || b.getShort(6) == 2, "ARP opcode");
    long sender = (b.getShort(8) & 0xffffL) << 32 | b.getInt(10) & 0xffff_ffffL;
    that(sender == nic.mac().value(), "ARP sender");
  }

  private static Sent ip(Nic nic, byte[] p) {
    that(p.length >= 20 && p[0] >> 4 == 4, "IPv4");
    that(p.length <= nic.mtu(), "%s bytes for an MTU of %s", p.length, nic.mtu());
    ByteBuffer b = ByteBuffer.wrap(p);
    int headerLength = (p[0] & 0xf) * 4;
    that(headerLength >= 20 && headerLength <= p.length, "IHL");
    that((b.getShort(2) & 0xffff) == p.length, "total length");
    that(Checksum.isRight(Checksum.sum(p, 0, headerLength)), "IP checksum");
    that(p[8] != 0, "TTL");
    int flags = b.getShort(6) & 0xffff;
    int source = b.getInt(12);
    int destination = b.getInt(16);
    that(source >>> 28 < 0xe && destination != 0, "addresses");
    if (source != Subject.ADDRESS && source != Subject.ADDRESS_2) {
      return null; // forwarded: what it carries is the sender's business
    }
    that((flags & 0x8000) == 0, "the reserved flag");
    that((flags & 0x1fff) * 8 + p.length - headerLength <= 65_535, "beyond the largest datagram");
    if ((flags & 0x3fff) != 0) {
      that((flags & 0x2000) == 0 || (p.length - headerLength) % 8 == 0, "fragment length");
      return null; // what it carries is checked where it is whole
    }
    byte[] payload = java.util.Arrays.copyOfRange(p, headerLength, p.length);
    switch (p[9]) {
      case Frames.ICMP -> icmp(payload);
      case Frames.UDP -> udp(source, destination, payload);
      case Frames.TCP -> {
        return tcp(source, destination, payload);
      }
      default -> that(false, "protocol %s", p[9]);
    }
    return null;
  }

  private static void icmp(byte[] p) {
    that(p.length >= 8, "ICMP length");
    that(Checksum.isRight(Checksum.sum(p, 0, p.length)), "ICMP checksum");
    that(p[0] == 0 || p[0] == 3 || p[0] == 8 || p[0] == 11 || p[0] == 12, "ICMP type %s", p[0]);
    if (p[0] != 0 && p[0] != 8) {
      that(p.length <= 576 - 20, "an ICMP error of more than 576 bytes");
      that(p[8] >> 4 == 4, "an ICMP error quotes a datagram");
      boolean aboutIcmp = p[8 + 9] == Frames.ICMP;
      int headerLength = (p[8] & 0xf) * 4;
      int type = aboutIcmp && p.length > 8 + headerLength ? p[8 + headerLength] : 8;
      that(type == 8 || type == 0 || type >= 13 && type <= 18, "an ICMP error about an ICMP error");
      that((ByteBuffer.wrap(p).getShort(8 + 6) & 0x1fff) == 0, "an ICMP error about a fragment");
    }
  }

  private static void udp(int source, int destination, byte[] p) {
    that(p.length >= 8 && (ByteBuffer.wrap(p).getShort(4) & 0xffff) == p.length, "UDP length");
    that(ByteBuffer.wrap(p).getShort(6) != 0, "UDP without a checksum");
    that(Frames.transportSum(source, destination, Frames.UDP, p) == 0, "UDP checksum");
  }

  private static Sent tcp(int source, int destination, byte[] p) {
    that(p.length >= 20, "TCP length");
    that(Frames.transportSum(source, destination, Frames.TCP, p) == 0, "TCP checksum");
    ByteBuffer b = ByteBuffer.wrap(p);
    int headerLength = (p[12] & 0xf0) >> 2;
    that(headerLength >= 20 && headerLength <= p.length, "data offset");
    that((p[12] & 0xf) == 0, "the reserved bits");
    int flags = p[13] & 0xff;
    byte[] options = java.util.Arrays.copyOfRange(p, 20, headerLength);
    checkOptions(options, (flags & Frames.SYN) != 0);
    that((flags & (Frames.SYN | Frames.RST | Frames.ACK)) != 0, "a segment that says nothing");
    that(Integer.bitCount(flags & (Frames.SYN | Frames.RST | Frames.FIN)) <= 1, "flags %s", flags);
    return new Sent(
        source,
        destination,
        b.getShort(0) & 0xffff,
        b.getShort(2) & 0xffff,
        b.getInt(4),
        b.getInt(8),
        flags,
        b.getShort(14) & 0xffff,
        options,
        java.util.Arrays.copyOfRange(p, headerLength, p.length));
  }

  private static void checkOptions(byte[] options, boolean syn) {
    for (int at = 0; at < options.length; ) {
      int kind = options[at];
      if (kind == 0) {
        for (int i = at; i < options.length; i++) {
          that(options[i] == 0, "MUST-69: zeros after the end of the options");
        }
        return;
      }
      if (kind == 1) {
        at++;
        continue;
      }
      that(at + 1 < options.length, "MUST-68: an option without a length");
      int length = options[at + 1];
      that(length >= 2 && at + length <= options.length, "the length of option %s", kind);
      boolean onlyOnSyn = kind == 2 || kind == 3 || kind == 4;
      that(syn || !onlyOnSyn, "MUST-65: option %s on a segment without SYN", kind);
      that(kind != 5 || length > 2 && length % 8 == 2, "SACK blocks");
      at += length;
    }
  }
}
