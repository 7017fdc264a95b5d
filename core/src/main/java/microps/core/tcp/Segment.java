package microps.core.tcp;

import microps.core.basis.DropReason;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.ip.Datagram;
import microps.core.ip.Protocol;
import org.jspecify.annotations.Nullable;

/// The arriving segment in the words of RFC 9293 (section 3.3.1): SEG.SEQ, SEG.ACK, SEG.LEN,
/// SEG.WND. One reused object; valid during the call only. Checked once by [#parse], trusted
/// afterwards.
final class Segment {
  /// What options it carried.
  final TcpOptions options = new TcpOptions();

  private Datagram datagram = new Datagram();
  private Packet packet = datagram.packet;

  int sourcePort;
  int destinationPort;

  /// SEG.SEQ
  int seq;

  /// SEG.ACK, meaningful where [#isAck()].
  int ack;

  /// SEG.WND as it stands in the header, not scaled; see [#window].
  int wnd;

  /// SEG.SEQ + SEG.UP: the sequence number of the octet after the urgent data, meaningful where
  /// [#isUrg()].
  int urgentEnd;

  /// How many segments of the wire it is: more than one where a device put some together.
  int segments;

  private boolean carriedSyn;

  /// Whether it brought text, a SYN or a FIN, though that may have been cut off meanwhile.
  private boolean carriedSomething;

  /// The control bits.
  int flags;

  /// Where the text begins in the packet's window.
  int textOffset;

  /// The bytes of text.
  int textLength;

  /// The IP datagram that carried it.
  Datagram datagram() {
    return datagram;
  }

  /// The packet; its window begins with the TCP header.
  Packet packet() {
    return packet;
  }

  /// Reads a datagram's payload as a segment.
  ///
  /// @return why it is to be dropped, or null where it is well formed
  @Nullable DropReason parse(Datagram d) {
    datagram = d;
    packet = d.packet;
    int length = packet.length();
    if (length < TcpHeader.LENGTH) {
      return DropReason.TCP_TOO_SHORT;
    }
    int dataOffset = TcpHeader.dataOffset(packet);
    if (dataOffset < TcpHeader.LENGTH || dataOffset > length) {
      return DropReason.TCP_BAD_DATA_OFFSET;
    }
    if (packet.checksumState() == Packet.ChecksumState.NONE && !checksumIsRight(length)) {
      return DropReason.TCP_BAD_CHECKSUM;
    }
    sourcePort = TcpHeader.sourcePort(packet);
    destinationPort = TcpHeader.destinationPort(packet);
    seq = TcpHeader.sequence(packet);
    ack = TcpHeader.acknowledgment(packet);
    wnd = TcpHeader.window(packet);
    flags = TcpHeader.flags(packet);
    urgentEnd = seq + TcpHeader.urgentPointer(packet);
    carriedSyn = isSyn();
    textOffset = dataOffset;
    textLength = length - dataOffset;
    carriedSomething = len() > 0;
    segments = packet.segmentSize() > 0 ? SuperSegments.count(textLength, packet.segmentSize()) : 1;
    options.parse(packet, dataOffset);
    return null;
  }

  private boolean checksumIsRight(int length) {
    long pseudo =
        Checksum.pseudoHeader(
            datagram.sourceHigh,
            datagram.sourceLow,
            datagram.destinationHigh,
            datagram.destinationLow,
            Protocol.TCP,
            length);
    return Checksum.isRight(pseudo + Checksum.sum(packet, 0, length));
  }

  /// The two bits of ECN in the IP header (RFC 3168, section 5).
  int ecnField() {
    return datagram.trafficClass & 3;
  }

  boolean isSyn() {
    return (flags & TcpHeader.SYN) != 0;
  }

  boolean isAck() {
    return (flags & TcpHeader.ACK) != 0;
  }

  boolean isRst() {
    return (flags & TcpHeader.RST) != 0;
  }

  boolean isUrg() {
    return (flags & TcpHeader.URG) != 0;
  }

  boolean isFin() {
    return (flags & TcpHeader.FIN) != 0;
  }

  /// SEG.WND in octets. In a segment that carried a SYN it is never scaled (RFC 7323, section 2.2),
  /// also when the SYN was cut off because we have it already.
  int window(int shift) {
    return carriedSyn ? wnd : wnd << shift;
  }

  /// SEG.LEN: the text, and one each for SYN and FIN.
  int len() {
    return textLength + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
  }

  /// Whether SEG.LEN was more than 0 when it arrived.
  boolean carriedSomething() {
    return carriedSomething;
  }

  /// The sequence number of the first octet of text.
  int textSeq() {
    return isSyn() ? seq + 1 : seq;
  }

  /// The sequence number after the last octet, SYN and FIN included.
  int end() {
    return seq + len();
  }

  /// Cuts `n` octets of sequence space off the front: the SYN first, then text.
  void trimFront(int n) {
    int rest = n;
    if (rest > 0 && isSyn()) {
      flags &= ~TcpHeader.SYN;
      seq++;
      rest--;
    }
    int text = Math.min(rest, textLength);
    textOffset += text;
    textLength -= text;
    seq += text;
    if (rest > text && isFin()) {
      flags &= ~TcpHeader.FIN;
      seq++;
    }
  }

  /// Cuts `n` octets of sequence space off the end: the FIN first, then text.
  void trimBack(int n) {
    int rest = n;
    if (rest > 0 && isFin()) {
      flags &= ~TcpHeader.FIN;
      rest--;
    }
    textLength -= Math.min(rest, textLength);
  }
}
