package microps.core.ip;

import java.util.function.Consumer;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;

/// Cuts a TCP super-segment into the segments that it stands for, as a device with TCP segmentation
/// offload does: each with the headers of the whole, its own sequence number, identification and
/// checksums. FIN and PSH are the last segment's, CWR the first's (RFC 3168, section 6.1.2).
///
/// Others than the [Forwarder] use [#toWire].
public final class Segmenter {
  private static final int TCP_HEADER = 20;
  private static final int FLAGS = 13;
  private static final int CHECKSUM = 16;
  private static final int FIN_PSH = 0x09;
  private static final int CWR = 0x80;

  private Segmenter() {}

  /// Does for a frame what a device with offloads does before the wire: a super-frame is cut, a
  /// partial checksum completed.
  ///
  /// @param linkHeader the bytes of the frame in front of its IP header
  /// @param pool where the pieces come from
  /// @param emit takes each piece, in order; it belongs to it
  /// @return whether it was cut; otherwise the frame itself is ready for the wire
  public static boolean toWire(
      Packet frame, int linkHeader, PacketPool pool, Consumer<Packet> emit) {
    boolean isSuper = frame.segmentSize() > 0;
    frame.pull(linkHeader);
    boolean cuts = isSuper && canCut(frame) && frame.length() > longest(frame);
    if (cuts) {
      int link = frame.offset() - linkHeader;
      cut(
          frame,
          pool,
          piece -> {
            piece.push(linkHeader);
            System.arraycopy(frame.array(), link, piece.array(), piece.offset(), linkHeader);
            emit.accept(piece);
          });
    }
    frame.unpull(linkHeader);
    if (!cuts) {
      frame.completeChecksum();
      frame.checksumUnknown();
      frame.segmentSize(0);
    }
    return cuts;
  }

  /// Whether a datagram, whose header has been checked and whose window begins at it, is a
  /// super-segment that can be cut.
  static boolean canCut(Packet whole) {
    int ip = Ipv4Header.headerLength(whole);
    if (Ipv4Header.protocol(whole) != Protocol.TCP
        || Ipv4Header.isFragment(whole)
        || whole.length() < ip + TCP_HEADER) {
      return false;
    }
    int tcp = dataOffset(whole, ip);
    return tcp >= TCP_HEADER && ip + tcp <= whole.length();
  }

  /// The longest datagram among the segments.
  static int longest(Packet whole) {
    int ip = Ipv4Header.headerLength(whole);
    return Math.min(whole.length(), ip + dataOffset(whole, ip) + whole.segmentSize());
  }

  private static int dataOffset(Packet p, int ip) {
    return p.get8(ip + 12) >>> 4 << 2;
  }

  /// Cuts what [#canCut].
  ///
  /// @param pool where the segments come from
  /// @param emit takes each, in order; it belongs to it
  static void cut(Packet whole, PacketPool pool, Consumer<Packet> emit) {
    int ip = Ipv4Header.headerLength(whole);
    int headers = ip + dataOffset(whole, ip);
    int end = whole.length();
    int sequence = whole.get32(ip + 4);
    int identification = Ipv4Header.identification(whole);
    int flags = whole.get8(ip + FLAGS);
    int fragment = Ipv4Header.flagsAndOffset(whole);
    long addresses =
        Checksum.pseudoHeader4(
            Ipv4Header.source(whole), Ipv4Header.destination(whole), Protocol.TCP, 0);
    int index = 0;
    for (int at = headers; at < end || index == 0; at += whole.segmentSize()) {
      int length = Math.min(whole.segmentSize(), end - at);
      boolean last = at + length == end;
      Packet p = pool.take(headers + length);
      p.append(whole.array(), whole.offset(), headers);
      p.append(whole.array(), whole.offset() + at, length);
      p.put32(ip + 4, sequence + at - headers);
      p.put8(ip + FLAGS, flags & ~(last ? 0 : FIN_PSH) & ~(index == 0 ? 0 : CWR));
      p.put16(ip + CHECKSUM, 0);
      int tcpLength = headers - ip + length;
      p.put16(
          ip + CHECKSUM, Checksum.finish(addresses + tcpLength + Checksum.sum(p, ip, tcpLength)));
      p.put16(4, identification + index);
      Ipv4Header.rewrite(p, ip, headers + length, fragment);
      emit.accept(p);
      index++;
    }
  }
}
