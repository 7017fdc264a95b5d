package microps.core.view;

import java.util.List;
import microps.core.view.FrameText.Layer;

/// ARP (RFC 826) in words.
final class ArpText {
  /// With Ethernet and IPv4 addresses.
  private static final int LENGTH = 28;

  private ArpText() {}

  static void decode(Span span, List<Layer> layers) {
    Fields f = new Fields(span);
    f.hex16("hrd", 0);
    f.hex16("pro", 2);
    f.u8("hln", 4);
    f.u8("pln", 5);
    if (!f.has(6, 2)) {
      layers.add(new Layer("arp", "cut off, len=" + span.length(), f.end(LENGTH)));
      return;
    }
    int op = span.u16(6);
    f.put("op", Fields.hex16(op) + " (" + name(op) + ")");
    boolean known = span.u16(0) == 1 && span.u16(2) == 0x0800 && span.u8(4) == 6 && span.u8(5) == 4;
    if (known) {
      f.mac("sha", 8);
      f.ipv4("spa", 14);
      f.mac("tha", 18);
      f.ipv4("tpa", 24);
    }
    if (known) {
      span = span.first(LENGTH); // what follows is padding
    }
    String title = name(op) + (known && span.has(0, LENGTH) ? meaning(op, span) : "");
    layers.add(new Layer("arp", title + ", len=" + span.length(), f.end(LENGTH)));
  }

  private static String meaning(int op, Span span) {
    String isAt = " " + span.ipv4(14) + " is-at " + span.mac(8);
    boolean isAnnouncement = span.i32(14) == span.i32(24); // RFC 5227, section 3
    return switch (op) {
      case 1 -> isAnnouncement ? isAt : " who-has " + span.ipv4(24) + " tell " + span.ipv4(14);
      case 2 -> isAt;
      default -> "";
    };
  }

  private static String name(int op) {
    return switch (op) {
      case 1 -> "Request";
      case 2 -> "Reply";
      default -> "Unknown";
    };
  }
}
