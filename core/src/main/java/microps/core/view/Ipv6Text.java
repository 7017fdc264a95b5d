package microps.core.view;

import java.util.List;
import microps.core.view.FrameText.Layer;

/// The fixed header of IPv6 (RFC 8200) in words.
final class Ipv6Text {
  private static final int HEADER = 40;

  private Ipv6Text() {}

  static void decode(Span span, List<Layer> layers) {
    Fields f = new Fields(span);
    if (f.has(0, 4)) {
      int word = span.i32(0);
      String parts = "v: " + (word >>> 28) + ", tc: " + Fields.hex8(word >>> 20 & 0xff);
      String flow = ", fl: 0x" + Integer.toHexString(word & 0xfffff);
      f.put("vcf", "0x" + Integer.toHexString(word) + " [" + parts + flow + "]");
    }
    f.u16("plen", 4);
    if (f.has(6, 1)) {
      f.put("next", span.u8(6) + " (" + Ipv4Text.name(span.u8(6)) + ")");
    }
    f.u8("hlim", 7);
    if (!f.has(8, 32)) {
      layers.add(new Layer("ip6", "cut off, len=" + span.length(), f.end(HEADER)));
      return;
    }
    f.put("src", span.ipv6(8).toString());
    f.put("dst", span.ipv6(24).toString());
    int length = span.u16(4);
    if (HEADER + length > span.length()) {
      f.put("cut off", span.length() + " of " + (HEADER + length) + " bytes");
    }
    int next = span.u8(6);
    String route = span.ipv6(8) + " => " + span.ipv6(24);
    String carried = ", protocol=" + Ipv4Text.name(next) + "(" + Fields.hex8(next) + ")";
    layers.add(new Layer("ip6", route + carried + ", len=" + (HEADER + length), f.end(HEADER)));
    Carrier carrier =
        new Carrier(span.ipv6(8), span.ipv6(24), next, HEADER + length <= span.length());
    if (next != microps.core.ip.Protocol.ICMP) { // which is not of this family
      FrameText.transport(span.first(HEADER + length).after(HEADER), carrier, layers, false);
    }
  }
}
