package microps.core.view;

import java.util.ArrayList;
import java.util.List;
import microps.core.view.FrameText.Layer;

/// ICMP (RFC 792) in words; an error shows the titles of what it quotes.
final class IcmpText {
  private static final int HEADER = 8;

  private IcmpText() {}

  static void decode(Span span, Carrier carrier, List<Layer> layers, boolean mayQuote) {
    String route = carrier.source() + " => " + carrier.destination();
    Fields f = new Fields(span);
    if (!f.has(0, 2)) {
      layers.add(new Layer("icmp", route + ", cut off, len=" + span.length(), f.end(HEADER)));
      return;
    }
    int type = span.u8(0);
    int code = span.u8(1);
    String codeName = codeName(type, code);
    f.put("type", type + " (" + name(type) + ")");
    f.put("code", codeName.isEmpty() ? Integer.toString(code) : code + " (" + codeName + ")");
    if (f.has(2, 2)) {
      if (carrier.whole()) {
        f.checksum(2, span.sum());
      } else {
        f.hex16("sum", 2);
      }
    }
    String detail = codeName.isEmpty() ? "" : " (" + codeName + ")";
    switch (type) {
      case 0, 8, 13, 14 -> {
        f.u16("id", 4);
        f.u16("seq", 6);
        if (span.has(0, HEADER)) {
          detail += " id=" + span.u16(4) + " seq=" + span.u16(6);
        }
      }
      case 3, 11 -> {
        if (type == 3 && code == 4) {
          f.u16("mtu", 6);
        }
        quote(f, span, mayQuote);
      }
      case 5 -> {
        f.ipv4("gateway", 4);
        quote(f, span, mayQuote);
      }
      case 12 -> {
        f.u8("pointer", 4);
        quote(f, span, mayQuote);
      }
      default -> {
        // No more is known of it.
      }
    }
    String title = route + ", " + name(type) + detail + ", len=" + span.length();
    layers.add(new Layer("icmp", title, f.end(HEADER)));
  }

  private static void quote(Fields f, Span span, boolean mayQuote) {
    if (!f.has(0, HEADER) || !mayQuote) {
      return;
    }
    List<Layer> quoted = new ArrayList<>();
    Ipv4Text.decode(span.after(HEADER), quoted, false);
    for (Layer layer : quoted) {
      f.put("quote", layer.topic() + ": " + layer.title());
    }
  }

  private static String name(int type) {
    return switch (type) {
      case 0 -> "EchoReply";
      case 3 -> "DestinationUnreachable";
      case 4 -> "SourceQuench";
      case 5 -> "Redirect";
      case 8 -> "Echo";
      case 9 -> "RouterAdvertisement";
      case 10 -> "RouterSolicitation";
      case 11 -> "TimeExceeded";
      case 12 -> "ParameterProblem";
      case 13 -> "Timestamp";
      case 14 -> "TimestampReply";
      default -> "Unknown";
    };
  }

  private static String codeName(int type, int code) {
    return switch (type << 8 | code) {
      case 0x300 -> "network unreachable";
      case 0x301 -> "host unreachable";
      case 0x302 -> "protocol unreachable";
      case 0x303 -> "port unreachable";
      case 0x304 -> "fragmentation needed";
      case 0x305 -> "source route failed";
      case 0x309, 0x30a, 0x30d -> "prohibited";
      case 0xb00 -> "time to live";
      case 0xb01 -> "reassembly";
      default -> "";
    };
  }
}
