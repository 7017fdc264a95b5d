package microps.core.view;

import java.util.List;
import microps.core.ethernet.EtherType;
import microps.core.view.FrameText.Layer;

/// Ethernet II in words.
final class EthernetText {
  private static final int HEADER = 14;

  private EthernetText() {}

  static void decode(Span span, List<Layer> layers) {
    Fields f = new Fields(span);
    f.mac("src", 6);
    f.mac("dst", 0);
    if (!f.has(12, 2)) {
      layers.add(new Layer("ethernet", "cut off, len=" + span.length(), f.end(HEADER)));
      return;
    }
    int type = span.u16(12);
    f.put("type", Fields.hex16(type) + " (" + name(type) + ")");
    String title = "type=" + name(type) + "(" + Fields.hex16(type) + "), len=" + span.length();
    layers.add(new Layer("ethernet", title, f.end(HEADER)));
    Span payload = span.after(HEADER);
    switch (type) {
      case EtherType.ARP -> ArpText.decode(payload, layers);
      case EtherType.IPV4 -> Ipv4Text.decode(payload, layers, true);
      case EtherType.IPV6 -> Ipv6Text.decode(payload, layers);
      default -> {
        // Not ours to read.
      }
    }
  }

  private static String name(int type) {
    return switch (type) {
      case EtherType.IPV4 -> "IP";
      case EtherType.ARP -> "ARP";
      case EtherType.IPV6 -> "IPV6";
      case 0x8100 -> "VLAN";
      case 0x88cc -> "LLDP";
      default -> type < 0x0600 ? "802.3 length" : "UNKNOWN";
    };
  }
}
