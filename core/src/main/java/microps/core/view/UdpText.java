package microps.core.view;

import java.util.List;
import microps.core.view.FrameText.Layer;

/// UDP (RFC 768) in words.
final class UdpText {
  private static final int HEADER = 8;

  private UdpText() {}

  static void decode(Span span, Carrier carrier, List<Layer> layers) {
    // What follows within the IP datagram is not of it.
    boolean isShorter = span.has(4, 2) && span.u16(4) >= HEADER && span.u16(4) < span.length();
    Fields f = new Fields(isShorter ? span.first(span.u16(4)) : span);
    f.u16("src", 0);
    f.u16("dst", 2);
    String title = carrier.endpoints(span);
    if (f.has(4, 2)) {
      int length = span.u16(4);
      boolean bad = length < HEADER || carrier.whole() && length > span.length();
      String parts = bad ? length + " (BAD)" : length + " (payload: " + (length - HEADER) + ")";
      f.put("len", parts);
      title += ", len=" + parts;
    }
    if (span.has(6, 2) && span.u16(6) == 0) {
      f.put("sum", "0x0000 (none)");
    } else {
      f.transportChecksum(6, carrier);
    }
    layers.add(new Layer("udp", title, f.end(HEADER)));
  }
}
