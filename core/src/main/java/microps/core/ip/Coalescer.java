package microps.core.ip;

import java.util.Arrays;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.LinkType;
import microps.core.ethernet.EtherType;
import microps.core.ethernet.EthernetHeader;

/// Generic receive offload in software: makes one super-frame of the TCP segments of a flow that
/// follow each other within a batch of frames, so that the stack is asked once for many. What a
/// [Segmenter] would make of the super-frame are the segments that came; that rules what goes
/// together, as in Linux:
///
/// - Text begins where that before ends, and each segment is as long as the first; a shorter one is
///   the last.
/// - The headers are the same: link, addresses, ports, TTL, DSCP and ECN, DF, acknowledgment,
///   window and options, timestamps among them.
/// - ACK is the only control bit, but PSH, which ends the super-frame, and ECE. SYN, FIN, RST, URG
///   and CWR stay alone, and so does what has IP options, is a fragment, or carries no text.
/// - The checksums of IP and TCP are right: what is not passes as it is, for its layer to drop it
///   under its name.
///
/// The super-frame keeps the size of its segments ([Packet#segmentSize()]), so that TCP
/// acknowledges it as several, and has a partial checksum, like one that a device delivers. Frames
/// of one flow never pass each other.
///
/// It allocates up to [#FLOWS] buffers when they are first needed, and nothing afterwards.
public final class Coalescer {
  /// How many super-frames a batch may become; frames of more flows pass as they are.
  public static final int FLOWS = 8;

  private static final int TCP_HEADER = 20;
  private static final int SEQUENCE = 4;
  private static final int ACKNOWLEDGMENT = 8;
  private static final int DATA_OFFSET = 12;
  private static final int FLAGS = 13;
  private static final int WINDOW = 14;
  private static final int CHECKSUM = 16;
  private static final int ACK = 0x10;
  private static final int PSH = 0x08;
  private static final int ECE = 0x40;
  private static final int DONT_FRAGMENT = Ipv4Header.DONT_FRAGMENT;

  private final int link;
  private final Packet[] buffers = new Packet[FLOWS];

  /// The frames of the batch that others are appended to, and what their super-frame is made of:
  /// one place in each array for a flow.
  private final Packet[] heads = new Packet[FLOWS];

  private final int[] segments = new int[FLOWS];
  private final int[] sizes = new int[FLOWS];
  private final int[] next = new int[FLOWS];
  private final boolean[] ended = new boolean[FLOWS];
  private int flows;

  /// Of frames that begin so.
  public Coalescer(LinkType linkType) {
    link = linkType.headerLength();
  }

  /// Coalesces the first frames of an array. What is then to be received stands in front, in order;
  /// the array holds the same objects as before. Some hold a buffer of this one until [#release()].
  ///
  /// @return how many frames there are now
  public int coalesce(Packet[] frames, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Packet frame = frames[i];
      if (!append(frame)) {
        frames[i] = frames[kept];
        frames[kept++] = frame;
      }
    }
    for (int k = 0; k < flows; k++) {
      finish(k);
    }
    return kept;
  }

  /// Takes the buffers back; the stack has received the frames.
  public void release() {
    for (int k = 0; k < flows; k++) {
      if (segments[k] > 1) {
        heads[k].swap(buffers[k]);
      }
    }
    Arrays.fill(heads, 0, flows, null);
    flows = 0;
  }

  /// Whether the frame was appended to one before; otherwise, it is one that others may be appended
  /// to, or ends its flow, or is none of TCP.
  private boolean append(Packet frame) {
    if (!mayBeTcp(frame)) {
      return false;
    }
    if (!isWellFormed(frame)) {
      Arrays.fill(ended, 0, flows, true); // of whichever flow it is: nothing passes it
      return false;
    }
    int k = find(frame);
    int text = textLength(frame);
    boolean fits = text > 0 && isPlain(frame) && checksumsAreRight(frame);
    if (!fits) {
      end(k);
      return false;
    }
    if (k >= 0 && follows(k, frame, text)) {
      grow(k, frame, text);
      return true;
    }
    end(k);
    begin(frame, text);
    return false;
  }

  private void end(int k) {
    if (k >= 0) {
      ended[k] = true;
    }
  }

  private boolean mayBeTcp(Packet p) {
    return p.length() >= link + Ipv4Header.MIN_LENGTH
        && (link == 0 || EthernetHeader.type(p) == EtherType.IPV4)
        && p.get8(link + 9) == Protocol.TCP;
  }

  /// Whether the lengths are right, the datagram has no options and is whole, and no device has
  /// worked on the frame.
  private boolean isWellFormed(Packet p) {
    if (p.segmentSize() != 0
        || p.fault() != null
        || p.length() < tcp() + TCP_HEADER
        || p.get8(link) != 0x45
        || (p.get16(link + 6) & ~DONT_FRAGMENT) != 0) {
      return false;
    }
    int total = p.get16(link + 2);
    int dataOffset = dataOffset(p);
    return dataOffset >= TCP_HEADER
        && total <= p.length() - link
        && total >= Ipv4Header.MIN_LENGTH + dataOffset;
  }

  private int tcp() {
    return link + Ipv4Header.MIN_LENGTH;
  }

  private int dataOffset(Packet p) {
    return p.get8(tcp() + DATA_OFFSET) >>> 4 << 2;
  }

  private int textLength(Packet p) {
    return p.get16(link + 2) - Ipv4Header.MIN_LENGTH - dataOffset(p);
  }

  /// Whether its control bits let it go together with others.
  private boolean isPlain(Packet p) {
    return (p.get8(tcp() + FLAGS) & ~(PSH | ECE)) == ACK;
  }

  private boolean checksumsAreRight(Packet p) {
    if (!Checksum.isRight(Checksum.sum(p, link, Ipv4Header.MIN_LENGTH))) {
      return false;
    }
    if (p.checksumState() == Packet.ChecksumState.NONE) {
      int length = p.get16(link + 2) - Ipv4Header.MIN_LENGTH;
      if (!Checksum.isRight(pseudoHeader(p, length) + Checksum.sum(p, tcp(), length))) {
        return false;
      }
      p.checksumVerified();
    }
    return true;
  }

  private long pseudoHeader(Packet p, int tcpLength) {
    return Checksum.pseudoHeader4(p.get32(link + 12), p.get32(link + 16), Protocol.TCP, tcpLength);
  }

  /// The open super-frame of the same flow, or -1.
  private int find(Packet p) {
    for (int k = flows - 1; k >= 0; k--) {
      Packet head = heads[k];
      if (!ended[k]
          && p.get32(tcp()) == head.get32(tcp()) // both ports
          && p.get64(link + 12) == head.get64(link + 12)) { // both addresses
        return k;
      }
    }
    return -1;
  }

  private void begin(Packet frame, int text) {
    int k = (frame.get8(tcp() + FLAGS) & PSH) == 0 ? free() : -1;
    if (k >= 0) {
      heads[k] = frame;
      segments[k] = 1;
      sizes[k] = text;
      next[k] = frame.get32(tcp() + SEQUENCE) + text;
      ended[k] = false;
    }
  }

  /// A place for one more flow, perhaps that of one to which nothing was appended; or -1.
  private int free() {
    if (flows < FLOWS) {
      return flows++;
    }
    for (int k = 0; k < FLOWS; k++) {
      if (ended[k] && segments[k] == 1) {
        return k;
      }
    }
    return -1;
  }

  private boolean follows(int k, Packet p, int text) {
    Packet head = heads[k];
    int tcp = tcp();
    int dataOffset = dataOffset(head);
    return p.get32(tcp + SEQUENCE) == next[k]
        && text <= sizes[k]
        && contentLength(k) + text <= Ipv4Header.MAX_DATAGRAM
        && p.get32(tcp + ACKNOWLEDGMENT) == head.get32(tcp + ACKNOWLEDGMENT)
        && ((p.get16(tcp + DATA_OFFSET) ^ head.get16(tcp + DATA_OFFSET)) & ~PSH) == 0
        && p.get16(tcp + WINDOW) == head.get16(tcp + WINDOW)
        && p.get16(link) == head.get16(link) // IHL, DSCP, ECN
        && p.get16(link + 6) == head.get16(link + 6) // DF
        && isNextIdentification(k, p)
        && p.get16(link + 8) == head.get16(link + 8) // TTL
        && isSame(head, p, 0, link)
        && isSame(head, p, tcp + TCP_HEADER, tcp + dataOffset);
  }

  /// RFC 6864, section 4.1: where the datagram cannot be fragmented it does not matter.
  private boolean isNextIdentification(int k, Packet p) {
    return p.get16(link + 6) == DONT_FRAGMENT
        || p.get16(link + 4) == (heads[k].get16(link + 4) + segments[k] & 0xffff);
  }

  /// The length of the datagram so far.
  private int contentLength(int k) {
    Packet head = heads[k];
    return segments[k] == 1 ? head.get16(link + 2) : head.length() - link;
  }

  private static boolean isSame(Packet a, Packet b, int from, int to) {
    int i = a.offset() + from;
    int j = b.offset() + from;
    return Arrays.equals(a.array(), i, a.offset() + to, b.array(), j, b.offset() + to);
  }

  private void grow(int k, Packet frame, int text) {
    if (segments[k] == 1) {
      enlarge(k);
    }
    Packet head = heads[k];
    head.append(frame.array(), frame.offset() + tcp() + dataOffset(frame), text);
    segments[k]++;
    next[k] += text;
    int pushed = frame.get8(tcp() + FLAGS) & PSH;
    head.put8(tcp() + FLAGS, head.get8(tcp() + FLAGS) | pushed);
    ended[k] = pushed != 0 || text < sizes[k];
  }

  /// Gives the frame a buffer that takes the largest datagram.
  private void enlarge(int k) {
    Packet buffer = buffers[k];
    if (buffer == null) {
      buffer = new Packet(PacketPool.LARGE);
      buffers[k] = buffer;
    }
    Packet head = heads[k];
    head.truncate(link + head.get16(link + 2)); // padding
    buffer.ensure(PacketPool.LARGE);
    buffer.copyFrom(head);
    head.swap(buffer);
  }

  /// Completes the headers of what became a super-frame.
  private void finish(int k) {
    if (segments[k] == 1) {
      return;
    }
    Packet head = heads[k];
    int datagram = head.length() - link;
    head.put16(link + 2, datagram);
    head.put16(link + 10, 0);
    head.put16(link + 10, Checksum.finish(Checksum.sum(head, link, Ipv4Header.MIN_LENGTH)));
    int tcpLength = datagram - Ipv4Header.MIN_LENGTH;
    head.put16(tcp() + CHECKSUM, Checksum.fold(pseudoHeader(head, tcpLength)));
    head.checksumPartial(head.offset() + tcp(), CHECKSUM);
    head.segmentSize(sizes[k]);
  }
}
