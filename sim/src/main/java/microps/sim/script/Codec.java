package microps.sim.script;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import microps.core.address.Ipv4Address;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.sim.script.PacketSpec.Mutation;
import org.jspecify.annotations.Nullable;

/// Packets to bytes and back, written apart from the stack under test, so that both do not make the
/// same mistake.
final class Codec {
  static final int IP_HEADER = 20;
  static final int TCP_HEADER = 20;
  static final int UDP_HEADER = 8;
  static final int ICMP_HEADER = 8;

  private static final String FLAGS = "FSRP.UEWA"; // bit 0 upwards
  private static final String PRINTED = "FSRPUEWA.";

  private Codec() {}

  /// The letters of flags in the order in which they are printed, each once.
  static String canonical(String letters) {
    StringBuilder text = new StringBuilder();
    for (char c : PRINTED.toCharArray()) {
      if (letters.indexOf(c) >= 0) {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static int flagBits(String letters) {
    int bits = 0;
    for (char c : letters.toCharArray()) {
      bits |= 1 << FLAGS.indexOf(c);
    }
    return bits;
  }

  private static String flagLetters(int bits) {
    StringBuilder text = new StringBuilder();
    for (char c : PRINTED.toCharArray()) {
      if ((bits >> FLAGS.indexOf(c) & 1) != 0) {
        text.append(c);
      }
    }
    return text.toString();
  }

  /// The byte of a stream at a place, so that every byte says where it belongs.
  static byte streamByte(int place) {
    return (byte) ((place * 0x9e37_79b1 >>> 24) ^ place);
  }

  // Out

  /// A TCP segment in an IP datagram. The numbers in `spec` are live already.
  static Packet encode(
      PacketSpec.Tcp spec,
      int source,
      int destination,
      int sourcePort,
      int destinationPort,
      int streamPlace) {
    byte[] options = OptionCodec.encode(spec.options() == null ? List.of() : spec.options());
    int header = TCP_HEADER + options.length;
    Packet p = new Packet(IP_HEADER + header + spec.length());
    p.padTo(header + spec.length());
    p.put16(0, sourcePort);
    p.put16(2, destinationPort);
    p.put32(4, (int) spec.sequence());
    p.put32(8, (int) spec.ack());
    p.put16(12, header / 4 << 12 | flagBits(spec.flags()));
    Integer window = spec.window();
    p.put16(14, window == null ? 0 : window);
    p.put16(18, spec.urgent());
    System.arraycopy(options, 0, p.array(), p.offset() + TCP_HEADER, options.length);
    fill(p, header, streamPlace);
    transportChecksum(p, source, destination, 6, 16);
    return mutate(ip(p, spec.ip(), source, destination, 6), spec.mutations());
  }

  /// A UDP datagram in an IP datagram.
  static Packet encode(
      PacketSpec.Udp spec, int source, int destination, int sourcePort, int destinationPort) {
    Packet p = new Packet(IP_HEADER + UDP_HEADER + spec.length());
    p.padTo(UDP_HEADER + spec.length());
    p.put16(0, sourcePort);
    p.put16(2, destinationPort);
    p.put16(4, p.length());
    fill(p, UDP_HEADER, 0);
    transportChecksum(p, source, destination, 17, 6);
    return mutate(ip(p, spec.ip(), source, destination, 17), spec.mutations());
  }

  /// An ICMP message in an IP datagram. What it quotes goes the other way.
  static Packet encode(
      PacketSpec.Icmp spec,
      int source,
      int destination,
      int quotedProtocol,
      int quotedSourcePort,
      int quotedDestinationPort,
      long quotedSequence,
      int quotedLength) {
    boolean error = spec.type() == 3 || spec.type() == 4 || spec.type() == 11 || spec.type() == 12;
    Packet p = new Packet(IP_HEADER + ICMP_HEADER + IP_HEADER + 8);
    p.padTo(ICMP_HEADER + (error ? IP_HEADER + 8 : 0));
    p.put8(0, spec.type());
    p.put8(1, spec.code());
    p.put16(4, spec.id());
    p.put16(6, spec.mtu());
    if (error) {
      int transport = ICMP_HEADER + IP_HEADER;
      int header = quotedProtocol == 6 ? TCP_HEADER : UDP_HEADER;
      ipHeader(
          p,
          ICMP_HEADER,
          IP_HEADER + header + quotedLength,
          0,
          64,
          quotedProtocol,
          destination,
          source);
      // TCP sends with DF, and routers quote it.
      p.put16(ICMP_HEADER + 6, quotedProtocol == 6 ? 0x4000 : 0);
      p.put16(ICMP_HEADER + 10, 0);
      p.put16(ICMP_HEADER + 10, Checksum.finish(Checksum.sum(p, ICMP_HEADER, IP_HEADER)));
      p.put16(transport, quotedSourcePort);
      p.put16(transport + 2, quotedDestinationPort);
      if (quotedProtocol == 6) {
        p.put32(transport + 4, (int) quotedSequence);
      } else {
        p.put16(transport + 4, UDP_HEADER + quotedLength);
      }
    }
    p.put16(2, Checksum.finish(Checksum.sum(p, 0, p.length())));
    return ip(p, spec.ip(), source, destination, 1);
  }

  private static void fill(Packet p, int from, int streamPlace) {
    for (int i = from; i < p.length(); i++) {
      p.put8(i, streamByte(streamPlace + i - from));
    }
  }

  private static void transportChecksum(
      Packet p, int source, int destination, int protocol, int at) {
    p.put16(at, 0);
    long sum =
        Checksum.pseudoHeader4(source, destination, protocol, p.length())
            + Checksum.sum(p, 0, p.length());
    p.put16(at, Checksum.finish(sum));
  }

  private static Packet ip(Packet p, PacketSpec.Ip ip, int source, int destination, int protocol) {
    Integer tos = ip.tos();
    Integer ecn = ip.ecn();
    Integer ttl = ip.ttl();
    p.push(IP_HEADER);
    ipHeader(
        p,
        0,
        p.length(),
        tos != null ? tos : ecn != null ? ecn : 0,
        ttl == null ? 64 : ttl,
        protocol,
        source,
        destination);
    return p;
  }

  private static void ipHeader(
      Packet p, int at, int length, int tos, int ttl, int protocol, int source, int destination) {
    p.put8(at, 0x45);
    p.put8(at + 1, tos);
    p.put16(at + 2, length);
    p.put16(at + 4, 0);
    p.put16(at + 6, 0);
    p.put8(at + 8, ttl);
    p.put8(at + 9, protocol);
    p.put16(at + 10, 0);
    p.put32(at + 12, source);
    p.put32(at + 16, destination);
    p.put16(at + 10, Checksum.finish(Checksum.sum(p, at, IP_HEADER)));
  }

  private static Packet mutate(Packet p, List<Mutation> mutations) {
    for (Mutation m : mutations) {
      switch (m.what()) {
        case "checksum" -> p.put8(p.get8(9) == 6 ? 36 : 26, p.get8(p.get8(9) == 6 ? 36 : 26) ^ 1);
        case "doff" -> {
          p.put8(IP_HEADER + 12, Integer.parseInt(m.value()) << 4);
          reseal(p);
        }
        case "cut" -> {
          p.truncate(Math.max(IP_HEADER, p.length() - Integer.parseInt(m.value())));
          p.put16(2, p.length());
          reseal(p);
        }
        case "ihl" -> p.put8(0, 0x40 | Integer.parseInt(m.value()));
        case "ipopt" -> ipOptions(p, HexFormat.of().parseHex(m.value()));
        default -> {
          p.put32(m.what().equals("src") ? 12 : 16, Ipv4Address.parse(m.value()).value());
          reseal(p);
        }
      }
    }
    return p;
  }

  /// Puts options behind an IP header without any, padded with zeros.
  private static void ipOptions(Packet p, byte[] options) {
    int length = (options.length + 3) / 4 * 4;
    p.push(length);
    for (int i = 0; i < IP_HEADER; i++) {
      p.put8(i, p.get8(i + length));
    }
    for (int i = 0; i < length; i++) {
      p.put8(IP_HEADER + i, i < options.length ? options[i] : 0);
    }
    p.put8(0, 0x45 + length / 4);
    p.put16(2, p.length());
    p.put16(10, 0);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, IP_HEADER + length)));
  }

  /// Makes the checksums right again.
  private static void reseal(Packet p) {
    p.put16(10, 0);
    p.put16(10, Checksum.finish(Checksum.sum(p, 0, IP_HEADER)));
    int source = p.get32(12);
    int destination = p.get32(16);
    int protocol = p.get8(9);
    int at = protocol == 6 ? 16 : 6;
    p.pull(IP_HEADER);
    if (p.length() >= at + 2) {
      transportChecksum(p, source, destination, protocol, at);
    }
    p.unpull(IP_HEADER);
  }

  // In

  /// What the stack sent: a packet in live numbers.
  ///
  /// @param spec null where the protocol is none of ours
  /// @param error what is wrong with it by itself, such as a checksum; null: nothing
  record Seen(
      long time,
      int source,
      int destination,
      int sourcePort,
      int destinationPort,
      int tos,
      int ttl,
      @Nullable PacketSpec spec,
      byte[] payload,
      @Nullable String error) {}

  /// Reads a packet that the stack sent.
  static Seen decode(Packet p, long time) {
    if (p.length() < IP_HEADER || p.get8(0) != 0x45 || p.get16(2) != p.length()) {
      return broken(time, "an IP header of 20 octets with the right length was expected");
    }
    String error = null;
    if (!Checksum.isRight(Checksum.sum(p, 0, IP_HEADER))) {
      error = "bad IP checksum";
    }
    int source = p.get32(12);
    int destination = p.get32(16);
    int protocol = p.get8(9);
    int tos = p.get8(1);
    int ttl = p.get8(8);
    if ((p.get16(6) & 0x3fff) != 0) {
      return new Seen(
          time, source, destination, 0, 0, tos, ttl, null, new byte[0], "it is a fragment");
    }
    p.pull(IP_HEADER);
    try {
      int length = p.length();
      int least =
          protocol == 6
              ? TCP_HEADER
              : protocol == 17 ? UDP_HEADER : protocol == 1 ? ICMP_HEADER : 0;
      if (length < least) {
        return broken(time, "shorter than its header");
      }
      long sum = Checksum.sum(p, 0, length);
      if (protocol != 1) {
        sum += Checksum.pseudoHeader4(source, destination, protocol, length);
      }
      if (least > 0 && !Checksum.isRight(sum)) {
        error = "bad checksum";
      }
      PacketSpec.Ip ip = PacketSpec.Ip.ANY;
      return switch (protocol) {
        case 6 -> {
          int header = (p.get8(12) >> 4) * 4;
          if (header < TCP_HEADER || header > length) {
            yield broken(time, "bad data offset");
          }
          byte[] options = new byte[header - TCP_HEADER];
          p.copyTo(TCP_HEADER, options, 0, options.length);
          PacketSpec.Tcp spec =
              new PacketSpec.Tcp(
                  ip,
                  null,
                  flagLetters(p.get16(12) & 0x1ff),
                  p.get32(4) & 0xffff_ffffL,
                  length - header,
                  p.get32(8) & 0xffff_ffffL,
                  p.get16(14),
                  p.get16(18),
                  OptionCodec.decode(options),
                  List.of());
          yield new Seen(
              time,
              source,
              destination,
              p.get16(0),
              p.get16(2),
              tos,
              ttl,
              spec,
              payload(p, header),
              error);
        }
        case 17 ->
            new Seen(
                time,
                source,
                destination,
                p.get16(0),
                p.get16(2),
                tos,
                ttl,
                new PacketSpec.Udp(ip, null, length - UDP_HEADER, List.of()),
                payload(p, UDP_HEADER),
                error);
        case 1 -> {
          boolean echo = Set.of(0, 8).contains(p.get8(0));
          PacketSpec.Icmp spec =
              new PacketSpec.Icmp(
                  ip, p.get8(0), p.get8(1), echo ? 0 : p.get16(6), echo ? p.get16(4) : 0, null);
          yield new Seen(
              time, source, destination, 0, 0, tos, ttl, spec, payload(p, ICMP_HEADER), error);
        }
        default -> broken(time, "protocol " + protocol);
      };
    } finally {
      p.unpull(IP_HEADER);
    }
  }

  /// Two segments as one, where the second continues the first; null where it does not.
  static @Nullable Seen join(Seen first, Seen second) {
    boolean sameFlow =
        first.sourcePort == second.sourcePort
            && first.destinationPort == second.destinationPort
            && first.error == null
            && second.error == null;
    if (!sameFlow
        || !(first.spec instanceof PacketSpec.Tcp one)
        || !(second.spec instanceof PacketSpec.Tcp two)
        || two.sequence() != (one.sequence() + one.length() & 0xffff_ffffL)
        || two.length() == 0
        || two.ack() != one.ack()
        || one.has('F')
        || !two.has('.')) {
      return null;
    }
    PacketSpec.Tcp both =
        new PacketSpec.Tcp(
            one.ip(),
            null,
            two.flags(),
            one.sequence(),
            one.length() + two.length(),
            one.ack(),
            one.window(),
            two.urgent(),
            one.options(),
            List.of());
    byte[] payload = java.util.Arrays.copyOf(first.payload, both.length());
    System.arraycopy(second.payload, 0, payload, one.length(), two.length());
    return new Seen(
        first.time,
        first.source,
        first.destination,
        first.sourcePort,
        first.destinationPort,
        first.tos,
        first.ttl,
        both,
        payload,
        null);
  }

  private static Seen broken(long time, String error) {
    return new Seen(time, 0, 0, 0, 0, 0, 0, null, new byte[0], error);
  }

  private static byte[] payload(Packet p, int from) {
    byte[] bytes = new byte[p.length() - from];
    p.copyTo(from, bytes, 0, bytes.length);
    return bytes;
  }
}
