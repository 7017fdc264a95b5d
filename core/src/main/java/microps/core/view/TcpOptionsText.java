package microps.core.view;

import java.util.HexFormat;

/// The options of a TCP header by name, with their values.
final class TcpOptionsText {
  private TcpOptionsText() {}

  static String decode(Span span) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < span.length()) {
      text.append(text.isEmpty() ? "" : ", ");
      int kind = span.u8(at);
      if (kind == 0) {
        text.append("EOL");
        break;
      }
      if (kind == 1) {
        text.append("NOP");
        at++;
        continue;
      }
      int length = span.has(at, 2) ? span.u8(at + 1) : 0;
      if (length < 2 || !span.has(at, length)) {
        text.append(name(kind)).append(" (length ").append(length).append(", BAD)");
        break;
      }
      text.append(option(kind, span.after(at).first(length)));
      at += length;
    }
    return text.toString();
  }

  private static String option(int kind, Span o) {
    boolean asExpected =
        switch (kind) {
          case 2, 28 -> o.length() == 4;
          case 3 -> o.length() == 3;
          case 4 -> o.length() == 2;
          case 5 -> o.length() > 2 && (o.length() - 2) % 8 == 0;
          case 8 -> o.length() == 10;
          default -> false;
        };
    String name = name(kind);
    if (!asExpected) {
      return name + raw(o);
    }
    return switch (kind) {
      case 2 -> name + " " + o.u16(2);
      case 3 -> name + " " + o.u8(2) + (o.u8(2) > 14 ? " (BAD)" : " (x" + (1 << o.u8(2)) + ")");
      case 5 -> name + blocks(o);
      case 8 -> name + " val=" + o.u32(2) + " ecr=" + o.u32(6);
      case 28 -> name + " " + (o.u16(2) & 0x7fff) + (o.u16(2) >> 15 != 0 ? " min" : " s");
      default -> name;
    };
  }

  private static String blocks(Span o) {
    StringBuilder text = new StringBuilder();
    for (int i = 2; i < o.length(); i += 8) {
      text.append(' ').append(o.u32(i)).append('-').append(o.u32(i + 4));
    }
    return text.toString();
  }

  private static String raw(Span o) {
    StringBuilder text = new StringBuilder();
    for (int i = 2; i < o.length(); i++) {
      text.append(i == 2 ? " " : "").append(HexFormat.of().toHexDigits((byte) o.u8(i)));
    }
    return text.toString();
  }

  private static String name(int kind) {
    return switch (kind) {
      case 2 -> "MSS";
      case 3 -> "Window-Scale";
      case 4 -> "SACK-Permitted";
      case 5 -> "SACK";
      case 8 -> "Timestamps";
      case 19 -> "MD5";
      case 28 -> "User-Timeout";
      case 29 -> "TCP-AO";
      case 30 -> "MPTCP";
      case 34 -> "Fast-Open";
      default -> "Option-" + kind;
    };
  }
}
