package microps.core.tcp;

import org.jspecify.annotations.Nullable;

/// The send sequence space (RFC 9293, section 3.3.1): ISS, SND.UNA, SND.NXT, SND.WND, and what
/// waits to be acknowledged.
///
/// SND.NXT never goes back: what is to be sent again is in [LossRecovery].
final class Sender {
  /// RFC 9293 MUST-15, for IPv4; 1220 for IPv6
  static final int DEFAULT_MSS = 536;

  static final int DEFAULT_MSS_V6 = 1220;

  /// A peer that asks for less would have us send headers only; as on Linux.
  static final int MIN_MSS = 48;

  final SendBuffer buffer;

  int iss;
  int una;
  int nxt;

  /// SND.WND in octets, scaled.
  int wnd;

  /// MAX.SND.WND: the largest window that the peer ever offered.
  int maxWnd;

  /// SND.WL1
  int wl1;

  /// SND.WL2
  int wl2;

  /// Snd.Wind.Shift: how far windows that the peer sends are shifted (RFC 7323).
  int shift;

  /// SendMSS: what the peer's option said.
  int peerMss;

  /// Eff.snd.MSS: octets of text in a full segment.
  int mss;

  /// Whether our SYN was acknowledged. After 4 GiB, SND.UNA may be ISS once more.
  private boolean synAcked;

  /// SND.UP; null where nothing was ever urgent.
  @Nullable UrgentMark urgent;

  /// Whether a FIN follows the last octet of the buffer.
  boolean finQueued;

  /// Whether our FIN was acknowledged.
  boolean finAcked;

  Sender(BufferMemory memory) {
    buffer = new SendBuffer(memory);
  }

  /// What was written so far is urgent (3.10.2: SND.UP).
  void markUrgent() {
    if (urgent == null) {
      urgent = new UrgentMark();
    }
    urgent.mark(dataEnd(), una);
  }

  /// Whether something urgent is not acknowledged yet.
  boolean isUrgent() {
    UrgentMark mark = urgent;
    return mark != null && mark.remaining(una) > 0;
  }

  /// SEG.UP of a segment that begins here; 0: nothing is urgent.
  int urgentPointer(int seq) {
    UrgentMark mark = urgent;
    int end = mark == null ? 0 : mark.remaining(una);
    // MUST-31: of any length; what lies further away than a header can say comes nearer
    return end == 0 ? 0 : Math.clamp(una + end - seq, 0, 0xffff);
  }

  void start(int iss) {
    this.iss = iss;
    una = iss;
    nxt = iss;
  }

  /// FlightSize: octets sent and not acknowledged.
  int flight() {
    return nxt - una;
  }

  /// The sequence number of the first octet in the buffer.
  int dataStart() {
    return synAcked ? una : iss + 1;
  }

  /// The sequence number after the last octet in the buffer: that of the FIN, where one is queued.
  int dataEnd() {
    return dataStart() + buffer.size();
  }

  /// Octets of text that were never sent.
  int unsent() {
    return finSent() ? 0 : dataEnd() - nxt;
  }

  /// Whether the FIN was sent.
  boolean finSent() {
    return finQueued && (finAcked || Seq.after(nxt, dataEnd()));
  }

  /// SND.UNA moves to `ack`, which is after SND.UNA and not after SND.NXT.
  void acknowledge(int ack) {
    int end = dataEnd();
    int text = ack - dataStart();
    if (finSent() && !finAcked && Seq.after(ack, end)) {
      finAcked = true;
      text--;
    }
    una = ack;
    synAcked = true;
    buffer.acknowledge(text);
  }

  /// Takes the window of a segment (3.10.7.4, fifth): only a later segment may change it, lest an
  /// old one does. Called before SND.UNA moves.
  // Deviation: a segment that acknowledges something new is later too, though its sequence number
  // is that of text sent again; without its window, SND.UNA + SND.WND would exceed what was
  // offered.
  void updateWindow(int seq, int ack, int window) {
    if (Seq.before(ack, una)) {
      return; // its window ends before SND.UNA + SEG.WND
    }
    if (Seq.after(ack, una) || Seq.before(wl1, seq) || wl1 == seq && Seq.beforeOrAt(wl2, ack)) {
      wnd = window;
      maxWnd = Math.max(maxWnd, window);
      wl1 = seq;
      wl2 = ack;
    }
  }
}
