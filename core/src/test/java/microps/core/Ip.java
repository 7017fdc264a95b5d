package microps.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;

/// An IPv4 datagram as a test writes it, field by field, right or wrong. Independent of the code
/// under test.
public final class Ip {
  private int source = address(TestHost.PEER);
  private int destination = address(TestHost.US);
  private int timeToLive = 64;
  private int trafficClass;
  private int identification = 0x1234;
  private int flagsAndOffset;
  private int protocol = 17;
  private byte[] options = {};
  private byte[] payload = {};
  private int version = 4;
  private int headerWords = -1;
  private int totalLength = -1;
  private boolean badChecksum;

  private static int address(String text) {
    return ((Ipv4Address) IpAddress.parse(text)).value();
  }

  public Ip from(String text) {
    source = address(text);
    return this;
  }

  public Ip to(String text) {
    destination = address(text);
    return this;
  }

  public Ip ttl(int value) {
    timeToLive = value;
    return this;
  }

  public Ip trafficClass(int value) {
    trafficClass = value;
    return this;
  }

  public Ip id(int value) {
    identification = value;
    return this;
  }

  public Ip dontFragment() {
    flagsAndOffset |= 0x4000;
    return this;
  }

  /// Makes it a fragment, its offset in bytes.
  public Ip fragment(int offset, boolean more) {
    flagsAndOffset = offset / 8 | (more ? 0x2000 : 0);
    return this;
  }

  public Ip protocol(int value) {
    protocol = value;
    return this;
  }

  public Ip options(int... octets) {
    options = octets(octets);
    return this;
  }

  public Ip version(int value) {
    version = value;
    return this;
  }

  /// Another IHL than the right one.
  public Ip headerWords(int value) {
    headerWords = value;
    return this;
  }

  /// Another total length than the right one.
  public Ip totalLength(int value) {
    totalLength = value;
    return this;
  }

  public Ip badChecksum() {
    badChecksum = true;
    return this;
  }

  public Ip payload(byte[] bytes) {
    payload = bytes;
    return this;
  }

  /// An ICMP message as payload.
  public Ip icmp(int type, int code, int rest, byte[] data) {
    protocol = 1;
    payload = new byte[8 + data.length];
    ByteBuffer b = ByteBuffer.wrap(payload).put((byte) type).put((byte) code);
    b.putShort((short) 0).putInt(rest).put(data);
    b.putShort(2, (short) checksum(0, payload, payload.length));
    return this;
  }

  /// A UDP datagram as payload; to be called after the addresses are set.
  public Ip udp(int sourcePort, int destinationPort, byte[] data) {
    protocol = 17;
    payload = new byte[8 + data.length];
    ByteBuffer b = ByteBuffer.wrap(payload);
    b.putShort((short) sourcePort).putShort((short) destinationPort);
    b.putShort((short) payload.length).putShort((short) 0).put(data);
    int sum = checksum(pseudoHeader(source, destination, 17, payload.length), payload, -1);
    b.putShort(6, (short) (sum == 0 ? 0xffff : sum));
    return this;
  }

  /// The datagram from its header on.
  public byte[] bytes() {
    int headerLength = 20 + options.length;
    ByteBuffer b = ByteBuffer.allocate(headerLength + payload.length);
    int words = headerWords < 0 ? headerLength / 4 : headerWords;
    b.put((byte) (version << 4 | words)).put((byte) trafficClass);
    b.putShort((short) (totalLength < 0 ? b.capacity() : totalLength));
    b.putShort((short) identification).putShort((short) flagsAndOffset);
    b.put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
    b.putInt(source).putInt(destination).put(options).put(payload);
    int sum = checksum(0, b.array(), Math.min(b.capacity(), Math.max(20, words * 4)));
    b.putShort(10, (short) (badChecksum ? sum + 1 : sum));
    return b.array();
  }

  /// In an Ethernet frame to the host under test.
  public byte[] frame() {
    return frame(TestHost.MAC);
  }

  /// In an Ethernet frame to another MAC address.
  public byte[] frame(String mac) {
    return TestHost.ethernet(mac, TestHost.PEER_MAC, 0x800, bytes());
  }

  public static byte[] octets(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static long pseudoHeader(int source, int destination, int protocol, int length) {
    long sum = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
    return sum + protocol + length;
  }

  /// The plainest way to write RFC 1071, as an oracle.
  static int checksum(long sum, byte[] bytes, int length) {
    byte[] even = Arrays.copyOf(bytes, ((length < 0 ? bytes.length : length) + 1) / 2 * 2);
    for (int i = 0; i < even.length; i += 2) {
      sum += (even[i] & 0xff) << 8 | even[i + 1] & 0xff;
    }
    while (sum > 0xffff) {
      sum = (sum >> 16) + (sum & 0xffff);
    }
    return (int) ~sum & 0xffff;
  }
}
