package microps.core.view;

import microps.core.bytes.Packet;

/// Hex dumps in the form of `hexdump -C`.
public final class Hex {
  private Hex() {}

  /// The window of a packet, sixteen bytes a line, each line indented by `indent` spaces and ended
  /// by a line feed.
  public static String dump(Packet packet, int indent) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < packet.length(); row += 16) {
      text.repeat(' ', indent).append(String.format("%04x ", row));
      StringBuilder letters = new StringBuilder();
      for (int i = row; i < row + 16; i++) {
        if (i % 8 == 0) {
          text.append(' ');
        }
        if (i < packet.length()) {
          int octet = packet.get8(i);
          text.append(String.format("%02x ", octet));
          letters.append(octet >= 0x20 && octet < 0x7f ? (char) octet : '.');
        } else {
          text.append("   ");
        }
      }
      text.append(" |").append(letters).append("|\n");
    }
    return text.toString();
  }
}
