package microps.core.view;

import java.util.Locale;
import microps.core.tcp.TcpInfo;

/// A [TcpInfo] in words, as `ss -ti` writes them: `name:value`, what is zero left out. Times are
/// milliseconds, windows and amounts bytes, rates bits in a second.
public final class TcpInfoText {
  private static final int WIDTH = 130;

  private final StringBuilder text = new StringBuilder();
  private final int indent;
  private int column;

  private TcpInfoText(int indent) {
    this.indent = indent;
  }

  /// The endpoints and the state, and below them the words, in lines that are indented by `indent`
  /// spaces more; each line ended by a line feed.
  public static String lines(TcpInfo info, int indent) {
    TcpInfoText t = new TcpInfoText(indent + 4);
    t.text.repeat(' ', indent);
    t.text.append(info.local()).append(" <-> ").append(info.remote());
    t.text.append(' ').append(info.state().label()).append('\n');
    t.options(info.options());
    t.path(info);
    t.congestion(info.congestion());
    t.recovery(info.recovery());
    t.sending(info.sending());
    t.receiving(info.receiving());
    t.buffers(info.buffers());
    t.counts(info.counts());
    t.times(info.times());
    return t.text.append('\n').toString();
  }

  private void options(TcpInfo.Options o) {
    flag("ts", o.timestamps());
    flag("sack", o.sack());
    flag("ecn", o.ecn());
    flag("fastopen", o.fastOpen());
    if (o.windowScaling()) {
      word("wscale:" + o.sendShift() + "," + o.receiveShift());
    }
  }

  private void path(TcpInfo info) {
    TcpInfo.RoundTrip r = info.roundTrip();
    word("rto:" + millis(r.timeout()));
    number("backoff", r.backOffs());
    if (r.smoothed() > 0) {
      word("rtt:" + millis(r.smoothed()) + "/" + millis(r.variation()));
    }
    duration("minrtt", r.minimum());
    number("mss", info.sending().mss());
    number("peermss", info.sending().peerMss());
    number("pmtu", info.sending().pathMtu());
    number("rcvmss", info.receiving().mss());
    number("advmss", info.receiving().advertisedMss());
  }

  private void congestion(TcpInfo.Congestion c) {
    word(c.algorithm());
    number("cwnd", c.window());
    if (c.threshold() != Integer.MAX_VALUE) {
      number("ssthresh", c.threshold());
    }
    rate("pacing_rate", c.pacingRate());
    rate("delivery_rate", c.deliveryRate());
    flag("app_limited", c.applicationLimited());
  }

  private void recovery(TcpInfo.Recovery r) {
    word(r.phase().name().toLowerCase(Locale.ROOT));
    number("pipe", r.pipe());
    number("sacked", r.sacked());
    number("lost", r.lost());
    number("retrans", r.retransmitted());
    number("reordering", r.reordering());
    number("reord_seen", r.reorderings());
    duration("reo_wnd", r.reorderingWindow());
    number("reo_wnd_steps", r.reorderingSteps() > 1 ? r.reorderingSteps() : 0);
  }

  private void sending(TcpInfo.Sending s) {
    number("snd_wnd", s.window());
    number("unacked", s.flight());
    number("notsent", s.unsent());
  }

  private void receiving(TcpInfo.Receiving r) {
    number("rcv_wnd", r.window());
    number("unread", r.readable());
    number("gaps", r.outOfOrder());
    duration("rcv_rtt", r.roundTrip());
    number("rcv_space", r.space());
  }

  private void buffers(TcpInfo.Buffers b) {
    word("sndbuf:" + b.send() + "/" + b.sendLimit());
    word("rcvbuf:" + b.receive() + "/" + b.receiveLimit());
  }

  private void counts(TcpInfo.Counts c) {
    number("bytes_sent", c.bytesSent());
    number("bytes_retrans", c.bytesRetransmitted());
    number("bytes_acked", c.bytesAcked());
    number("bytes_received", c.bytesReceived());
    number("delivered", c.delivered());
    number("delivered_ce", c.deliveredMarked());
    number("segs_out", c.segmentsSent());
    number("segs_in", c.segmentsReceived());
    number("data_segs_out", c.dataSegmentsSent());
    number("data_segs_in", c.dataSegmentsReceived());
    number("retransmits", c.retransmits());
    number("dupacks", c.duplicateAcks());
    number("dsacks", c.duplicateSacks());
    number("timeouts", c.timeouts());
    number("tail_probes", c.tailProbes());
    number("rcv_ooopack", c.outOfOrder());
  }

  private void times(TcpInfo.Times t) {
    duration("lastsnd", t.sinceDataSent());
    duration("lastrcv", t.sinceDataReceived());
    duration("lastack", t.sinceReceived());
  }

  private void number(String name, long value) {
    if (value != 0) {
      word(name + ":" + value);
    }
  }

  private void duration(String name, long nanos) {
    if (nanos > 0) {
      word(name + ":" + millis(nanos));
    }
  }

  private void rate(String name, long octets) {
    if (octets > 0) {
      word(name + ":" + String.format(Locale.ROOT, "%.1fMbps", octets * 8 / 1e6));
    }
  }

  private void flag(String name, boolean set) {
    if (set) {
      word(name);
    }
  }

  private void word(String word) {
    if (column == 0 || column + word.length() >= WIDTH) {
      text.append(column == 0 ? "" : "\n").repeat(' ', indent);
      column = indent;
    } else {
      text.append(' ');
      column++;
    }
    text.append(word);
    column += word.length();
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
  }
}
