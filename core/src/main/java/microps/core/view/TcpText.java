package microps.core.view;

import java.util.List;
import microps.core.view.FrameText.Layer;

/// TCP (RFC 9293) in words.
final class TcpText {
  private static final int HEADER = 20;

  /// From the lowest bit up.
  private static final String FLAGS = "FSRPAUEC";

  private TcpText() {}

  static void decode(Span span, Carrier carrier, List<Layer> layers) {
    Fields f = new Fields(span);
    f.u16("src", 0);
    f.u16("dst", 2);
    f.u32("seq", 4);
    f.u32("ack", 8);
    int headerLength = HEADER;
    if (f.has(12, 1)) {
      headerLength = (span.u8(12) >> 4) * 4;
      boolean bad = headerLength < HEADER || carrier.whole() && headerLength > span.length();
      String length = " (" + headerLength + (bad ? ", BAD)" : ")");
      f.put("off", Fields.hex8(span.u8(12)) + length);
    }
    if (f.has(13, 1)) {
      f.put("flg", Fields.hex8(span.u8(13)) + " (" + columns(span.u8(13)) + ")");
    }
    f.u16("wnd", 14);
    f.transportChecksum(16, carrier);
    f.u16("up", 18);
    if (headerLength > HEADER && f.has(0, headerLength)) {
      f.put("opt", TcpOptionsText.decode(span.first(headerLength).after(HEADER)));
    }
    String title = title(span, carrier, headerLength);
    layers.add(new Layer("tcp", title, f.end(Math.max(HEADER, headerLength))));
  }

  private static String title(Span span, Carrier carrier, int headerLength) {
    StringBuilder title = new StringBuilder(carrier.endpoints(span));
    if (span.has(12, 2)) {
      title.append(" [").append(letters(span.u8(13))).append(']');
    }
    if (span.has(4, 4)) {
      title.append(" seq=").append(span.u32(4));
    }
    if (span.has(12, 2) && (span.u8(13) & 0x10) != 0) {
      title.append(" ack=").append(span.u32(8));
    }
    int payload = span.length() - headerLength;
    title.append(", len=").append(span.length());
    if (payload >= 0 && carrier.whole()) {
      title.append(" (payload: ").append(payload).append(')');
    }
    return title.toString();
  }

  /// `---A--S-`: a column for each flag, the highest bit first.
  private static String columns(int flags) {
    StringBuilder text = new StringBuilder(8);
    for (int bit = 7; bit >= 0; bit--) {
      text.append((flags >> bit & 1) != 0 ? FLAGS.charAt(bit) : '-');
    }
    return text.toString();
  }

  /// `SA`: only those that are set.
  private static String letters(int flags) {
    StringBuilder text = new StringBuilder(8);
    for (int bit = 0; bit < 8; bit++) {
      if ((flags >> bit & 1) != 0) {
        text.append(FLAGS.charAt(bit));
      }
    }
    return text.toString();
  }
}
