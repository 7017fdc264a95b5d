package microps.core.fuzz;

import java.nio.ByteBuffer;
import microps.core.address.Ipv4Address;
import microps.core.bytes.Checksum;

/// Builds frames byte by byte, by code of its own: what it writes into a field stands there,
/// however wrong; only lengths and checksums are computed unless told otherwise.
final class Frames {
  static final int ICMP = 1;
  static final int TCP = 6;
  static final int UDP = 17;

  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int PSH = 0x08;
  static final int ACK = 0x10;
  static final int URG = 0x20;

  private Frames() {}

  static int ip(String dotted) {
    return ((Ipv4Address) microps.core.address.IpAddress.parse(dotted)).value();
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  static byte[] cut(byte[] bytes, int length) {
    return java.util.Arrays.copyOf(bytes, Math.min(length, bytes.length));
  }

  /// Overwrites one octet.
  static byte[] with(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }

  static byte[] ethernet(long destination, long source, int type, byte[] payload) {
    ByteBuffer b = ByteBuffer.allocate(14 + payload.length);
    b.putShort((short) (destination >>> 32)).putInt((int) destination);
    b.putShort((short) (source >>> 32)).putInt((int) source);
    b.putShort((short) type).put(payload);
    return b.array();
  }

  static byte[] arp(int opcode, long senderMac, int sender, long targetMac, int target) {
    ByteBuffer b = ByteBuffer.allocate(28);
    b.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    b.putShort((short) opcode);
    b.putShort((short) (senderMac >>> 32)).putInt((int) senderMac).putInt(sender);
    b.putShort((short) (targetMac >>> 32)).putInt((int) targetMac).putInt(target);
    return b.array();
  }

  /// An IPv4 header in the making; [#datagram] finishes it.
  static final class Ip {
    int version = 4;
    int trafficClass;
    int identification;
    int flagsAndOffset;
    int timeToLive = 64;
    int protocol;
    int source;
    int destination;
    byte[] options = {};

    /// -1: as it is.
    int headerWords = -1;

    /// -1: as it is.
    int totalLength = -1;

    /// What is added to the right checksum.
    int checksumError;

    Ip(int protocol, int source, int destination) {
      this.protocol = protocol;
      this.source = source;
      this.destination = destination;
    }

    Ip fragment(int id, int offset, boolean more) {
      identification = id;
      flagsAndOffset = offset / 8 | (more ? 0x2000 : 0);
      return this;
    }

    Ip options(byte... bytes) {
      options = bytes;
      return this;
    }

    byte[] datagram(byte[] payload) {
      int headerLength = 20 + (options.length + 3) / 4 * 4;
      ByteBuffer b = ByteBuffer.allocate(headerLength + payload.length);
      int words = headerWords >= 0 ? headerWords : headerLength / 4;
      b.put((byte) (version << 4 | words)).put((byte) trafficClass);
      b.putShort((short) (totalLength >= 0 ? totalLength : b.capacity()));
      b.putShort((short) identification).putShort((short) flagsAndOffset);
      b.put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
      b.putInt(source).putInt(destination).put(options);
      b.position(headerLength).put(payload);
      int covered = Math.min(words * 4, b.capacity());
      int sum = Checksum.finish(Checksum.sum(b.array(), 0, covered)) + checksumError;
      return b.putShort(10, (short) sum).array();
    }
  }

  static byte[] icmp(int type, int code, int rest, byte[] data) {
    ByteBuffer b = ByteBuffer.allocate(8 + data.length);
    b.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(data);
    return b.putShort(2, (short) Checksum.finish(Checksum.sum(b.array(), 0, b.capacity()))).array();
  }

  /// @param length the length field; -1: as it is
  static byte[] udp(int source, int destination, int from, int to, int length, byte[] data) {
    ByteBuffer b = ByteBuffer.allocate(8 + data.length);
    b.putShort((short) from).putShort((short) to);
    b.putShort((short) (length >= 0 ? length : b.capacity())).putShort((short) 0).put(data);
    int sum = transportSum(source, destination, UDP, b.array());
    return b.putShort(6, (short) (sum == 0 ? 0xffff : sum)).array();
  }

  /// A TCP segment in the making; [#bytes] finishes it.
  static final class Tcp {
    int sourcePort;
    int destinationPort;
    int seq;
    int ack;
    int flags;
    int window = 0xffff;
    int urgent;
    byte[] options = {};
    byte[] text = {};

    /// In words; -1: as it is.
    int dataOffset = -1;

    Tcp(int sourcePort, int destinationPort, int seq, int ack, int flags) {
      this.sourcePort = sourcePort;
      this.destinationPort = destinationPort;
      this.seq = seq;
      this.ack = ack;
      this.flags = flags;
    }

    Tcp options(byte... bytes) {
      options = bytes;
      return this;
    }

    Tcp text(byte... bytes) {
      text = bytes;
      return this;
    }

    byte[] bytes(int source, int destination) {
      int headerLength = 20 + (options.length + 3) / 4 * 4;
      ByteBuffer b = ByteBuffer.allocate(headerLength + text.length);
      b.putShort((short) sourcePort).putShort((short) destinationPort).putInt(seq).putInt(ack);
      b.put((byte) ((dataOffset >= 0 ? dataOffset : headerLength / 4) << 4)).put((byte) flags);
      b.putShort((short) window).putShort((short) 0).putShort((short) urgent).put(options);
      b.position(headerLength).put(text);
      return b.putShort(16, (short) transportSum(source, destination, TCP, b.array())).array();
    }
  }

  /// The checksum of TCP and UDP, the field itself counted as it stands.
  static int transportSum(int source, int destination, int protocol, byte[] segment) {
    long pseudo = Checksum.pseudoHeader4(source, destination, protocol, segment.length);
    return Checksum.finish(pseudo + Checksum.sum(segment, 0, segment.length));
  }
}
