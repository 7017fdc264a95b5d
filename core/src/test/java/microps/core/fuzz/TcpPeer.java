package microps.core.fuzz;

import static microps.core.fuzz.FrameCheck.that;
import static microps.core.fuzz.Frames.ACK;
import static microps.core.fuzz.Frames.FIN;
import static microps.core.fuzz.Frames.RST;
import static microps.core.fuzz.Frames.SYN;

import java.util.ArrayList;
import java.util.List;

/// The other end of a connection, which lies: it knows what the stack believes (from what the stack
/// sends), so that its lies lie close to the truth. And it watches, over whatever it did itself:
///
/// - what is acknowledged, and every SACK block, was sent;
/// - the right edge of the window never retreats (SHLD-14), and the window is not larger than the
///   buffer;
/// - text is what the user wrote, and, with the FIN, never beyond the window that was offered;
/// - timestamps are on every segment once they were agreed upon (RFC 7323, section 3.2).
final class TcpPeer {
  /// Whether the stack keeps nothing of a SYN: what it offered is only known from its answer.
  boolean stateless;

  /// Whether there may be text in a SYN.
  boolean fastOpen;

  /// The option with the cookie that the stack gave; one that asks for it as long as it gave none.
  byte[] cookie = {34, 2};

  static final int PORT = 40_000;

  private final Subject subject;
  final int port;
  final int stackPort;
  private final int capacity;

  // What this end said.
  int nxt;
  int window = 0xffff;
  private int tsClock = 1;
  private int largestShift;
  private int synWindow;
  private int syns;
  private int synsWithScale;
  private int synsWithTimestamps;
  final List<Integer> synSequences = new ArrayList<>();
  private final Spans sent = new Spans();

  // What the stack said.
  boolean known;
  int theirIss;
  int theirNxt;
  int theirAck;
  int edge;
  int lastAcked;
  boolean reset;
  private boolean acks;
  private int theirShift = -1;
  private boolean theirTimestamps;
  private boolean synAck;
  private int synAcked;
  private int theirTs;
  private int offered;

  TcpPeer(Subject subject, int port, int stackPort, int capacity, int iss) {
    this.subject = subject;
    this.port = port;
    this.stackPort = stackPort;
    this.capacity = capacity;
    nxt = iss;
  }

  /// What this end sends at a sequence number.
  static byte sentAt(int seq) {
    return (byte) (seq * 0x9e37_79b1 >>> 24);
  }

  /// What the stack's user writes at an offset.
  static byte writtenAt(int offset) {
    return (byte) (offset * 0x85eb_ca6b >>> 23);
  }

  static byte[] textAt(int seq, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = sentAt(seq + i);
    }
    return text;
  }

  // What the stack sends

  void sent(FrameCheck.Sent s) {
    if (s.destinationPort() != port || s.sourcePort() != stackPort) {
      return;
    }
    if (s.has(RST)) {
      reset = true;
      return;
    }
    if (s.has(SYN)) {
      // Within one tick of the clock of RFC 6528 the next connection has the same ISS.
      boolean another = acks && (!s.has(ACK) || s.ack() != synAcked);
      if (!known || s.seq() != theirIss || another) {
        begin(s);
      }
      synAcked = s.ack();
      synAck |= s.has(ACK);
      int scale = s.option(3);
      theirShift = scale < 0 ? -1 : s.options()[scale + 2];
      theirTimestamps = s.option(8) >= 0;
      that(s.text().length == 0 || fastOpen, "text in a SYN");
      learnCookie(s);
    }
    that(known, "a segment before the SYN");
    int ts = s.option(8);
    if (ts >= 0) {
      theirTs = int32(s.options(), ts + 2);
    }
    checkText(s);
    if (s.has(ACK)) {
      checkAck(s);
      that(ts >= 0 || stateless || !surelyWithTimestamps(), "timestamps lack");
    } else {
      that(s.has(SYN), "a segment without ACK");
    }
    theirNxt = s.end() - theirNxt > 0 ? s.end() : theirNxt;
  }

  private void learnCookie(FrameCheck.Sent s) {
    int at = s.option(34);
    if (at >= 0 && s.has(ACK) && s.options()[at + 1] > 2) {
      cookie = java.util.Arrays.copyOfRange(s.options(), at, at + s.options()[at + 1]);
    }
  }

  private void begin(FrameCheck.Sent s) {
    known = true;
    reset = false;
    acks = false;
    synAck = false;
    theirIss = s.seq();
    theirNxt = s.seq();
    lastAcked = s.seq();
    offered = s.seq() + 1 + synWindow;
  }

  private void checkText(FrameCheck.Sent s) {
    int start = s.seq() + (s.has(SYN) ? 1 : 0) - (theirIss + 1);
    for (int i = 0; i < s.text().length; i++) {
      that(s.text()[i] == writtenAt(start + i), "the text at %s", start + i);
    }
    if (!s.has(SYN) && (s.text().length > 0 || s.has(FIN))) {
      that(s.end() - offered <= 0, "%s octets beyond the window", s.end() - offered);
    }
  }

  private void checkAck(FrameCheck.Sent s) {
    that(wasSent(s.ack()), "an acknowledgment of what was not sent");
    int sack = s.option(5);
    if (sack >= 0) {
      for (int at = sack + 2; at < sack + s.options()[sack + 1]; at += 8) {
        int left = int32(s.options(), at);
        int right = int32(s.options(), at + 4);
        that(right - left > 0 && sent.cover(left, right), "a SACK block that was not sent");
      }
    }
    that(
        !acks || s.ack() - theirAck >= 0 || s.seq() - theirNxt < 0, "an acknowledgment taken back");
    if (!stateless && (s.has(SYN) || shiftIsKnown())) {
      int shift = s.has(SYN) || !scaled() ? 0 : theirShift;
      int right = s.ack() + (s.window() << shift);
      // A SYN that is sent again cannot tell of a window beyond 65,535; a full buffer makes windows
      // round down.
      boolean most = s.has(SYN) && s.window() == 0xffff;
      that(
          !acks || most || right - edge > -(1 << shift), "the window retreats by %s", edge - right);
      that(s.window() << shift <= capacity + (1 << shift), "a window of %s", s.window() << shift);
      edge = right;
      acks = true;
    }
    theirAck = s.ack();
  }

  private boolean wasSent(int ack) {
    for (int iss : synSequences) {
      if (ack - iss > 0 && sent.cover(iss, ack)) {
        return true;
      }
    }
    return false;
  }

  /// An answered SYN says whether both scale; of several different SYNs the stack took one.
  private boolean shiftIsKnown() {
    return synAck || synsWithScale == 0 || synsWithScale == syns;
  }

  private boolean scaled() {
    return theirShift >= 0 && (synAck || synsWithScale > 0);
  }

  private boolean surelyWithTimestamps() {
    return theirTimestamps && (synAck || syns == synsWithTimestamps);
  }

  boolean usesTimestamps() {
    return theirTimestamps && synsWithTimestamps > 0;
  }

  private static int int32(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getInt(at);
  }

  // What this end sends

  /// The timestamps option of an honest segment, `age` ticks late.
  byte[] timestamps(int age) {
    return java.nio.ByteBuffer.allocate(12)
        .put(new byte[] {1, 1, 8, 10})
        .putInt(++tsClock - age)
        .putInt(theirTs)
        .array();
  }

  /// An honest segment: at its place, with the right acknowledgment.
  void honest(int flags, int length) {
    Frames.Tcp s = new Frames.Tcp(port, stackPort, nxt, theirNxt, flags);
    s.window = window;
    s.text = textAt(nxt, length);
    if (usesTimestamps()) {
      s.options = timestamps(0);
    }
    nxt += length + ((flags & FIN) != 0 ? 1 : 0);
    send(s);
  }

  /// An honest SYN, or SYN-ACK.
  void syn(int flags, byte... options) {
    Frames.Tcp s = new Frames.Tcp(port, stackPort, nxt, theirNxt, flags);
    s.options = options;
    nxt++;
    send(s);
  }

  void send(Frames.Tcp s) {
    boolean syn = (s.flags & SYN) != 0;
    int text = s.seq + (syn ? 1 : 0);
    s.text = textAt(text, s.text.length);
    sent.add(s.seq, s.text.length + (syn ? 1 : 0) + ((s.flags & FIN) != 0 ? 1 : 0));
    if (syn && (s.flags & RST) == 0) {
      rememberSyn(s);
    }
    if ((s.flags & (ACK | RST)) == ACK && known && s.ack - theirIss > 0 && s.ack - theirNxt <= 0) {
      lastAcked = s.ack - lastAcked > 0 ? s.ack : lastAcked;
      int right = s.ack + (s.window << (syn ? 0 : largestShift));
      offered = right - offered > 0 ? right : offered;
    }
    byte[] segment = s.bytes(Subject.PEER_2, Subject.ADDRESS_2);
    Frames.Ip h = new Frames.Ip(Frames.TCP, Subject.PEER_2, Subject.ADDRESS_2);
    subject.receive(subject.ip, h.datagram(segment));
  }

  private void rememberSyn(Frames.Tcp s) {
    synSequences.add(s.seq);
    synWindow = Math.max(synWindow, s.window);
    if (known) {
      int right = theirIss + 1 + s.window;
      offered = right - offered > 0 ? right : offered;
    }
    syns++;
    boolean scale = false;
    boolean timestamps = false;
    for (int at = 0; at + 1 < s.options.length && s.options[at] != 0; ) {
      int length = s.options[at] == 1 ? 1 : s.options[at + 1] & 0xff;
      if (length == 0 || s.options[at] != 1 && length < 2 || at + length > s.options.length) {
        break;
      }
      if (s.options[at] == 3 && length == 3) {
        scale = true;
        largestShift = Math.max(largestShift, Math.min(14, s.options[at + 2] & 0xff));
      }
      timestamps |= s.options[at] == 8 && length == 10;
      at += length;
    }
    synsWithScale += scale ? 1 : 0;
    synsWithTimestamps += timestamps ? 1 : 0;
  }
}
