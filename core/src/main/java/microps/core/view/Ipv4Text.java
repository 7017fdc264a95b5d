package microps.core.view;

import java.util.HexFormat;
import java.util.List;
import microps.core.ip.Protocol;
import microps.core.view.FrameText.Layer;

/// IPv4 (RFC 791) and its options in words.
final class Ipv4Text {
  private static final int HEADER = 20;

  private Ipv4Text() {}

  /// @param whole false where the span is a quotation in an ICMP error: most of it may be missing
  static void decode(Span span, List<Layer> layers, boolean whole) {
    Fields f = new Fields(span);
    if (!f.has(0, HEADER)) {
      fixedFields(f, span);
      layers.add(new Layer("ip", "cut off, len=" + span.length(), f.end(HEADER)));
      return;
    }
    int headerLength = (span.u8(0) & 0xf) * 4;
    int total = span.u16(2);
    int fragment = span.u16(6);
    int protocol = span.u8(9);
    boolean sound = span.u8(0) >> 4 == 4 && headerLength >= HEADER && total >= headerLength;
    fixedFields(f, span);
    if (sound && headerLength > HEADER && f.has(0, headerLength)) {
      f.put("opt", options(span.first(headerLength).after(HEADER)));
    }
    if (total > span.length() && whole) {
      f.put("cut off", span.length() + " of " + total + " bytes");
    }
    String route = span.ipv4(12) + " => " + span.ipv4(16);
    String carried = ", protocol=" + name(protocol) + "(" + Fields.hex8(protocol) + ")";
    String title = route + carried + fragmentTitle(fragment, span.u16(4)) + ", len=" + total;
    layers.add(new Layer("ip", title, f.end(headerLength)));
    if (sound && (fragment & 0x1fff) == 0 && span.has(0, headerLength)) {
      boolean allHere = whole && total <= span.length() && (fragment & 0x2000) == 0;
      Span payload = span.first(total).after(headerLength);
      Carrier carrier = new Carrier(span.ipv4(12), span.ipv4(16), protocol, allHere);
      FrameText.transport(payload, carrier, layers, whole);
    }
  }

  private static void fixedFields(Fields f, Span span) {
    if (f.has(0, 1)) {
      int words = span.u8(0) & 0xf;
      String bad = words < 5 ? ", BAD" : "";
      String parts = " [v: " + (span.u8(0) >> 4) + ", hl: " + words + " (" + 4 * words + bad + ")]";
      f.put("vhl", Fields.hex8(span.u8(0)) + parts);
    }
    f.hex8("tos", 1);
    if (f.has(2, 2)) {
      int payload = span.u16(2) - (span.u8(0) & 0xf) * 4;
      f.put("total", span.u16(2) + (payload < 0 ? " (BAD)" : " (payload: " + payload + ")"));
    }
    f.u16("id", 4);
    if (f.has(6, 2)) {
      f.put("offset", Fields.hex16(span.u16(6)) + fragmentParts(span.u16(6)));
    }
    f.u8("ttl", 8);
    if (f.has(9, 1)) {
      f.put("protocol", span.u8(9) + " (" + name(span.u8(9)) + ")");
    }
    if (f.has(10, 2)) {
      int headerLength = Math.max(HEADER, (span.u8(0) & 0xf) * 4);
      if (span.has(0, headerLength)) {
        f.checksum(10, span.first(headerLength).sum());
      } else {
        f.hex16("sum", 10);
      }
    }
    f.ipv4("src", 12);
    f.ipv4("dst", 16);
  }

  private static String fragmentParts(int field) {
    String flags =
        ((field & 0x8000) != 0 ? " reserved" : "")
            + ((field & 0x4000) != 0 ? " DF" : "")
            + ((field & 0x2000) != 0 ? " MF" : "");
    String named = flags.isEmpty() ? "" : " (" + flags.substring(1) + ")";
    int units = field & 0x1fff;
    String octets = units == 0 ? "" : " (" + 8 * units + ")";
    return " [flags=" + (field >> 13) + named + ", offset=" + units + octets + "]";
  }

  private static String fragmentTitle(int field, int id) {
    boolean isFragment = (field & 0x3fff) != 0;
    return isFragment ? ", fragment of " + id + " at " + 8 * (field & 0x1fff) : "";
  }

  private static String options(Span span) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < span.length()) {
      int kind = span.u8(at);
      text.append(text.isEmpty() ? "" : ", ").append(optionName(kind));
      if (kind == 0) {
        break;
      }
      if (kind == 1) {
        at++;
        continue;
      }
      int length = span.has(at, 2) ? span.u8(at + 1) : 0;
      if (length < 2 || !span.has(at, length)) {
        text.append(" (length ").append(length).append(", BAD)");
        break;
      }
      for (int i = at + 2; i < at + length; i++) {
        text.append(i == at + 2 ? " " : "").append(HexFormat.of().toHexDigits((byte) span.u8(i)));
      }
      at += length;
    }
    return text.toString();
  }

  private static String optionName(int kind) {
    return switch (kind) {
      case 0 -> "EOL";
      case 1 -> "NOP";
      case 7 -> "Record-Route";
      case 68 -> "Timestamp";
      case 130 -> "Security";
      case 131 -> "Loose-Source-Route";
      case 136 -> "Stream-Identifier";
      case 137 -> "Strict-Source-Route";
      case 148 -> "Router-Alert";
      default -> "Option-" + kind;
    };
  }

  /// The name of a protocol number, for both families.
  static String name(int protocol) {
    return switch (protocol) {
      case Protocol.ICMP -> "ICMP";
      case Protocol.TCP -> "TCP";
      case Protocol.UDP -> "UDP";
      case 0 -> "HOPOPT";
      case 2 -> "IGMP";
      case 41 -> "IPV6";
      case 43 -> "IPV6-Route";
      case 44 -> "IPV6-Fragment";
      case 58 -> "ICMPV6";
      case 59 -> "IPV6-NoNext";
      case 60 -> "IPV6-Options";
      case 132 -> "SCTP";
      default -> "UNKNOWN";
    };
  }
}
