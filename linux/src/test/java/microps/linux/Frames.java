package microps.linux;

import java.io.IOException;
import java.util.HexFormat;
import java.util.function.Predicate;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.Device;

/// Frames made and taken apart by hand.
final class Frames {
  static final String NO_MAC = "000000000000";
  static final long SECOND = 1_000_000_000L;

  private Frames() {}

  /// A packet of hexadecimal digits; spaces are for the reader.
  static Packet of(String hex) {
    Packet packet = new Packet(PacketPool.LARGE);
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    packet.append(bytes, 0, bytes.length);
    return packet;
  }

  /// An IPv4 datagram from 192.0.2.2 to 192.0.2.1 in an Ethernet frame.
  static Packet ipv4(String to, String from, int protocol, String payload) {
    Packet frame =
        of(
            to
                + from
                + "0800"
                + String.format("4500%04x0000400040%02x0000", 20 + payload.length() / 2, protocol)
                + "c0000202c0000201"
                + payload);
    int sum = 0;
    for (int i = 14; i < 34; i += 2) {
      sum += frame.get16(i);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    sum += sum >>> 16;
    frame.put16(24, ~sum);
    return frame;
  }

  /// A UDP datagram without a checksum, which IPv4 allows.
  static Packet udp(String to, String from, int sourcePort, int port, String data) {
    String header = String.format("%04x%04x%04x0000", sourcePort, port, 8 + data.length() / 2);
    return ipv4(to, from, 17, header + data);
  }

  static String hex(Packet packet) {
    return HexFormat.of().formatHex(packet.toBytes());
  }

  /// The next frame that fits, within ten seconds; others (the kernel's IPv6, say) are passed over.
  static Packet next(Device device, Predicate<Packet> fits) throws IOException {
    Packet packet = new Packet(PacketPool.LARGE);
    long start = System.nanoTime();
    while (System.nanoTime() - start < 10 * SECOND) {
      if (device.receive(packet, SECOND) && fits.test(packet)) {
        return packet;
      }
    }
    throw new AssertionError("no such frame on " + device + " within ten seconds");
  }

  /// Whether no frame that fits arrives within a tenth of a second.
  static boolean none(Device device, Predicate<Packet> fits) throws IOException {
    Packet packet = new Packet(PacketPool.LARGE);
    long end = System.nanoTime() + SECOND / 10;
    while (true) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return true;
      }
      if (device.receive(packet, left) && fits.test(packet)) {
        return false;
      }
    }
  }

  static boolean isArp(Packet frame) {
    return frame.length() >= 42 && frame.get16(12) == 0x0806;
  }

  static boolean isIpv4(Packet frame) {
    return frame.length() >= 34 && frame.get16(12) == 0x0800;
  }
}
