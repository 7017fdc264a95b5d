package microps.core.tcp;

/// Explicit Congestion Notification of one connection (RFC 3168, section 6.1): which bits stand on
/// what is sent, and when a mark is to be answered by a smaller window.
final class Ecn {
  private static final int SETUP = TcpHeader.ECE | TcpHeader.CWR;

  /// The codepoint ECT(0).
  static final int ECT0 = 2;

  /// The codepoint CE.
  static final int CE = 3;

  /// Whether our last SYN asked for it.
  private boolean asked;

  /// Whether the peer may send ECT: its marks are echoed.
  private boolean peerMay;

  /// Whether we may send ECT.
  private boolean weMay;

  /// Whether the peer is to be told of a mark.
  private boolean echo;

  /// Whether the window was reduced and the peer does not know yet.
  private boolean cwrOwed;

  /// Whether a CWR was sent that is not known to have arrived; [#cwrSeq] is where.
  private boolean cwrSent;

  private int cwrSeq;

  private long heldUntil;

  private byte codepoint;

  // What is agreed

  /// The bits of a SYN.
  ///
  /// @param again whether one was lost: a path may drop what asks for ECN (6.1.1.1)
  int syn(EcnMode mode, boolean again) {
    asked = mode == EcnMode.ON && !again;
    codepoint = 0;
    return asked ? SETUP : 0;
  }

  /// The bits of a SYN-ACK.
  int synAck(boolean again) {
    codepoint = 0;
    if (again) {
      weMay = false; // but the peer may have got the first one
    }
    return weMay ? TcpHeader.ECE : 0;
  }

  /// A SYN, or SYN-ACK, has arrived.
  ///
  /// @param field the two bits of its IP header; there are none on a SYN unless the path mangles
  ///   them
  void handshake(EcnMode mode, int flags, int field) {
    int bits = flags & SETUP;
    switch (flags & (TcpHeader.SYN | TcpHeader.ACK)) {
      case TcpHeader.SYN -> {
        peerMay = isAskedFor(mode, flags, field);
        weMay = peerMay;
      }
      case TcpHeader.SYN | TcpHeader.ACK -> {
        // a peer that mirrors what it does not know sets both
        peerMay = mode == EcnMode.ON && bits == TcpHeader.ECE;
        weMay = peerMay && asked;
      }
      default -> {}
    }
  }

  /// Whether a SYN asks for ECN, and we want it.
  static boolean isAskedFor(EcnMode mode, int flags, int field) {
    return mode != EcnMode.OFF && (flags & SETUP) == SETUP && field == 0;
  }

  /// The SYN that nothing was kept of asked for it, and its answer agreed.
  void askedFor(EcnMode mode) {
    peerMay = mode != EcnMode.OFF;
    weMay = peerMay;
  }

  /// Whether we may send ECT.
  boolean isAgreed() {
    return weMay;
  }

  // What is sent

  /// The bits of any other segment; [#codepoint] is that of its IP header then.
  ///
  /// @param fresh whether it holds text that was never sent before
  int segment(int seq, boolean fresh) {
    int bits = echo ? TcpHeader.ECE : 0;
    boolean mark = weMay && fresh; // 6.1.4 not ACKs, 6.1.5 nor what is sent again, 6.1.6 nor probes
    codepoint = (byte) (mark ? ECT0 : 0);
    if (mark && cwrOwed) {
      cwrOwed = false;
      cwrSent = true;
      cwrSeq = seq;
      bits |= TcpHeader.CWR;
    }
    return bits;
  }

  /// The two bits of IP for the segment that was built last.
  int codepoint() {
    return codepoint;
  }

  // What arrives

  /// A segment with text has arrived, within the window (6.1.3).
  ///
  /// @return whether it is the first that brings a mark, which the peer should know at once
  boolean text(int flags, int field) {
    if (!peerMay) {
      return false;
    }
    boolean before = echo && (flags & TcpHeader.CWR) == 0;
    echo = before || field == CE;
    return echo && !before;
  }

  /// Whether an acknowledgment tells of marks.
  boolean isEcho(int flags) {
    return weMay && (flags & (TcpHeader.ECE | TcpHeader.SYN)) == TcpHeader.ECE;
  }

  /// Whether an acknowledgment with ECN-Echo is to be answered by a smaller window: once for each
  /// window of data (6.1.2), that is, not before what was sent with CWR has arrived.
  ///
  /// @param una SND.UNA, this acknowledgment included
  boolean mustReduce(int una) {
    if (cwrOwed || cwrSent && !Seq.after(una, cwrSeq)) {
      return false;
    }
    cwrSent = false;
    return true;
  }

  /// The window was reduced, for whatever reason.
  void reduced() {
    cwrOwed = weMay;
  }

  /// There was a mark, and the window cannot become smaller than the one segment that it is: the
  /// next goes out when the retransmission timer would expire (6.1.2).
  void hold(long until) {
    heldUntil = until;
  }

  /// When new text may be sent again; 0: now.
  long heldUntil() {
    return heldUntil;
  }
}
