package microps.core.tcp;

import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.bytes.Checksum;
import microps.core.bytes.Packet;
import microps.core.ip.Protocol;

/// Writes segments: header, options, text, checksum.
final class SegmentBuilder {
  private static final int USER_TIMEOUT_LENGTH = 4;

  /// A timestamps option leaves room for three SACK blocks, else there are four (RFC 2018, section
  /// 3).
  private final int[] sackEdges = new int[8];

  /// Writes the fixed header with a data offset of 5 into an empty packet; options and text are
  /// appended.
  static void header(
      Packet out, int sourcePort, int destinationPort, int seq, int ack, int flags, int window) {
    out.extend(TcpHeader.LENGTH);
    out.put16(0, sourcePort);
    out.put16(2, destinationPort);
    out.put32(4, seq);
    out.put32(8, ack);
    out.put8(12, TcpHeader.LENGTH << 2);
    out.put8(13, flags);
    out.put16(14, window);
    out.put32(TcpHeader.CHECKSUM, 0); // the urgent pointer too
  }

  /// Sets the data offset and the checksum, when everything is written.
  ///
  /// @param byDevice whether the device completes the checksum
  static void finish(
      Packet out, int headerLength, Endpoint local, Endpoint remote, boolean byDevice) {
    out.put8(12, headerLength << 2);
    IpAddress l = local.address();
    IpAddress r = remote.address();
    long pseudo =
        Checksum.pseudoHeader(l.high(), l.low(), r.high(), r.low(), Protocol.TCP, out.length());
    if (byDevice) {
      out.put16(TcpHeader.CHECKSUM, Checksum.fold(pseudo));
      out.checksumPartial(out.offset(), TcpHeader.CHECKSUM);
    } else {
      out.put16(TcpHeader.CHECKSUM, Checksum.finish(pseudo + Checksum.sum(out, 0, out.length())));
    }
  }

  /// A segment of a connection: `length` octets of text from sequence number `seq` on.
  ///
  /// @param segment octets of text in a segment of the wire: where there are more, it is a
  ///   super-segment
  void build(TcpConnection c, Packet out, int seq, int length, int segment, int flags, long now) {
    boolean syn = (flags & TcpHeader.SYN) != 0;
    boolean ack = (flags & TcpHeader.ACK) != 0;
    int window =
        ack
            ? c.rcv.selectWindow(!syn)
            : Math.min(c.rcv.capacity, 0xffff); // a first SYN: RCV.NXT is not known yet
    out.clear();
    int ecn = ecnBits(c, seq, length, flags);
    header(out, c.local.port(), c.remote.port(), seq, ack ? c.rcv.nxt : 0, flags | ecn, window);
    if (syn) {
      synOptions(c, out, ack, now);
    } else {
      options(c, out, length > 0 ? sackBlocksBesideText(c) : sackBlocks(c), now);
    }
    if (!syn && owesUserTimeout(c, out.length())) {
      userTimeout(c, out);
      c.owesUserTimeout = false;
    }
    int headerLength = out.length();
    int urgent = c.snd.urgentPointer(seq);
    if (urgent > 0 && !syn) {
      out.put8(TcpHeader.FLAGS, out.get8(TcpHeader.FLAGS) | TcpHeader.URG);
      out.put16(TcpHeader.URGENT_POINTER, urgent);
    }
    c.snd.buffer.copyTo(seq - c.snd.dataStart() + (syn ? 1 : 0), out, length);
    if (length > segment) {
      out.segmentSize(segment);
    }
    finish(out, headerLength, c.local, c.remote, c.path.completesChecksums());
  }

  private static int ecnBits(TcpConnection c, int seq, int length, int flags) {
    return switch (flags & (TcpHeader.SYN | TcpHeader.ACK)) {
      case TcpHeader.SYN -> c.ecn.syn(c.tcp.config().ecn(), c.synLost);
      case TcpHeader.SYN | TcpHeader.ACK -> c.ecn.synAck(c.synLost);
      default -> c.ecn.segment(seq, length > 0 && seq == c.snd.nxt);
    };
  }

  /// What we offer, or, in a SYN-ACK, what the peer offered too.
  private static void synOptions(TcpConnection c, Packet out, boolean synAck, long now) {
    TcpConfig config = c.tcp.config();
    boolean scale = synAck ? c.windowScaled : config.windowScale();
    synOptions(
        out,
        c.rcv.advertisedMss,
        synAck ? c.rcv.sack : config.sack(),
        synAck ? c.rcv.timestamps : config.timestamps(),
        c.timestampClock(now),
        synAck ? c.rcv.tsRecent : 0,
        scale ? c.rcv.shift : -1);
    FastOpen fastOpen = c.fastOpen;
    byte[] cookie = fastOpen == null ? null : fastOpen.option;
    if (fastOpen != null && cookie != null && hasRoom(c, out.length(), cookie.length + 7)) {
      fastOpen(out, cookie, fastOpen.experimental);
    }
    if (owesUserTimeout(c, out.length())) {
      userTimeout(c, out);
    }
  }

  /// Whether the header has room for another option, and the path: its MTU may be 68.
  private static boolean hasRoom(TcpConnection c, int headerLength, int octets) {
    int most = Math.min(TcpHeader.MAX_LENGTH, c.path.mtu() - c.ipHeaderLength());
    return headerLength + octets <= most;
  }

  /// RFC 5482, section 3.1: the user timeout option is in the SYN, and, since that may not be kept,
  /// in the first segment after it that has room.
  private static boolean owesUserTimeout(TcpConnection c, int headerLength) {
    return c.owesUserTimeout && hasRoom(c, headerLength, USER_TIMEOUT_LENGTH);
  }

  private static void userTimeout(TcpConnection c, Packet out) {
    option(out, TcpOptions.USER_TIMEOUT, USER_TIMEOUT_LENGTH);
    put16(out, Patience.advertised(c));
  }

  private static void fastOpen(Packet out, byte[] cookie, boolean experimental) {
    int length = cookie.length + (experimental ? 4 : 2);
    option(out, experimental ? TcpOptions.EXPERIMENT : TcpOptions.FAST_OPEN, length);
    if (experimental) {
      put16(out, TcpOptions.FAST_OPEN_EXPERIMENT);
    }
    out.append(cookie, 0, cookie.length);
    nop(out, -length & 3);
  }

  /// MSS (MUST-14, SHLD-5), SACK-permitted, timestamps, window scale.
  ///
  /// @param shift of our window, or -1
  static void synOptions(
      Packet out, int mss, boolean sack, boolean timestamps, int tsVal, int tsEcr, int shift) {
    option(out, TcpOptions.MSS, 4);
    put16(out, mss);
    if (timestamps) {
      if (sack) {
        option(out, TcpOptions.SACK_PERMITTED, 2);
      } else {
        nop(out, 2);
      }
      timestamps(out, tsVal, tsEcr);
    } else if (sack) {
      nop(out, 2);
      option(out, TcpOptions.SACK_PERMITTED, 2);
    }
    if (shift >= 0) {
      nop(out, 1);
      option(out, TcpOptions.WINDOW_SCALE, 3);
      put8(out, shift);
    }
  }

  /// How many octets of text a SYN holds beside the longest options.
  static int textRoomOfSyn(TcpConnection c, int mss) {
    return Math.max(0, EffectiveMss.largest(c, mss) - (TcpHeader.MAX_LENGTH - TcpHeader.LENGTH));
  }

  /// How many octets of text a segment holds now: Eff.snd.MSS counts the options of this very
  /// segment (3.7.1, MUST-16), so SACK blocks and the user timeout take their room.
  static int textRoom(TcpConnection c) {
    int sack = sackLength(sackBlocksBesideText(c));
    int header = TcpHeader.LENGTH + c.optionsLength() + sack;
    return c.snd.mss - sack - (owesUserTimeout(c, header) ? USER_TIMEOUT_LENGTH : 0);
  }

  /// How many octets of text may leave at once now, as one super-segment.
  static int superRoom(TcpConnection c) {
    int segment = textRoom(c);
    if (c.snd.isUrgent()) {
      return segment; // each segment has an urgent pointer of its own
    }
    int headers = c.ipHeaderLength() + TcpHeader.LENGTH + c.optionsLength() + c.snd.mss - segment;
    int device = c.path.nic().info().offloads().maxSegmentationBytes() - headers;
    long minRtt = c.settings.maxPacingRate > 0 ? Long.MAX_VALUE : c.rtt.minRtt();
    int burst = c.pacer().burst(c.snd.mss, minRtt);
    return SuperSegments.most(segment, device, burst, c.congestion().window(), c.snd.maxWnd);
  }

  private static int sackLength(int blocks) {
    return blocks == 0 ? 0 : 4 + 8 * blocks;
  }

  /// As many as the header has room for, and the path: with an MTU of 68, one.
  private static int sackBlocks(TcpConnection c) {
    if (!c.rcv.sack) {
      return 0;
    }
    int header = TcpHeader.LENGTH + (c.rcv.timestamps ? TcpConnection.TIMESTAMPS_LENGTH : 0);
    int room = Math.min(TcpHeader.MAX_LENGTH, c.path.mtu() - c.ipHeaderLength()) - header;
    int ranges = c.rcv.reassembly().size() + (c.rcv.hasLoneFin() ? 1 : 0);
    int blocks = ranges + (c.rcv.owesDsack() ? 1 : 0);
    return Math.min(blocks, (room - 4) / 8);
  }

  /// As many as leave half a segment to the text.
  private static int sackBlocksBesideText(TcpConnection c) {
    int blocks = sackBlocks(c);
    while (blocks > 0 && sackLength(blocks) > c.snd.mss / 2) {
      blocks--;
    }
    return blocks;
  }

  /// RFC 7323, section 3.2: a RST SHOULD have timestamps too.
  static void resetOptions(TcpConnection c, Packet out, long now) {
    if (c.rcv.timestamps) {
      nop(out, 2);
      timestamps(out, c.timestampClock(now), c.rcv.tsRecent);
    }
  }

  private void options(TcpConnection c, Packet out, int blocks, long now) {
    resetOptions(c, out, now);
    if (blocks > 0) {
      sackEdges(c.rcv, blocks);
      nop(out, 2);
      option(out, TcpOptions.SACK, 2 + 8 * blocks);
      for (int i = 0; i < 2 * blocks; i++) {
        put32(out, sackEdges[i]);
      }
    }
  }

  /// RFC 2883, section 4: a duplicate is told in the first block, and once.
  private void sackEdges(Receiver rcv, int blocks) {
    int first = 0;
    if (rcv.owesDsack()) {
      sackEdges[0] = rcv.dsackLeft;
      sackEdges[1] = rcv.dsackRight;
      rcv.dsackRight = rcv.dsackLeft;
      first = 1;
    }
    int known = rcv.reassembly().recent(sackEdges, first, blocks);
    if (known < blocks) {
      sackEdges[2 * known] = rcv.finSeq;
      sackEdges[2 * known + 1] = rcv.finSeq + 1;
    } else if (rcv.isFinAhead()) {
      // a FIN counts as an octet: without it, the sender takes its last segment for missing
      for (int b = first; b < blocks; b++) {
        sackEdges[2 * b + 1] += sackEdges[2 * b + 1] == rcv.finSeq ? 1 : 0;
      }
    }
  }

  private static void timestamps(Packet out, int tsVal, int tsEcr) {
    option(out, TcpOptions.TIMESTAMPS, 10);
    put32(out, tsVal);
    put32(out, tsEcr);
  }

  private static void option(Packet out, int kind, int length) {
    put8(out, kind);
    put8(out, length);
  }

  private static void nop(Packet out, int count) {
    for (int i = 0; i < count; i++) {
      put8(out, TcpOptions.NOP);
    }
  }

  private static void put8(Packet out, int value) {
    int at = out.length();
    out.extend(1);
    out.put8(at, value);
  }

  private static void put16(Packet out, int value) {
    int at = out.length();
    out.extend(2);
    out.put16(at, value);
  }

  private static void put32(Packet out, int value) {
    int at = out.length();
    out.extend(4);
    out.put32(at, value);
  }
}
