package microps.core.view;

import microps.core.bytes.Checksum;
import microps.core.bytes.Packet.ChecksumState;

/// The lines of one decoded header: labels right-aligned to one colon. A field that the frame is
/// too short for is left out, and [#end] says so.
final class Fields {
  private static final int LABEL_WIDTH = 11;

  private final Span span;
  private final StringBuilder text = new StringBuilder();
  private boolean cut;

  Fields(Span span) {
    this.span = span;
  }

  /// Whether a field is there; where not, the header counts as cut off.
  boolean has(int offset, int size) {
    boolean there = span.has(offset, size);
    cut |= !there;
    return there;
  }

  void put(String label, String value) {
    text.repeat(' ', Math.max(0, LABEL_WIDTH - label.length()));
    text.append(label).append(": ").append(value).append('\n');
  }

  void u8(String label, int offset) {
    if (has(offset, 1)) {
      put(label, Integer.toString(span.u8(offset)));
    }
  }

  void u16(String label, int offset) {
    if (has(offset, 2)) {
      put(label, Integer.toString(span.u16(offset)));
    }
  }

  void u32(String label, int offset) {
    if (has(offset, 4)) {
      put(label, Long.toString(span.u32(offset)));
    }
  }

  void hex8(String label, int offset) {
    if (has(offset, 1)) {
      put(label, hex8(span.u8(offset)));
    }
  }

  void hex16(String label, int offset) {
    if (has(offset, 2)) {
      put(label, hex16(span.u16(offset)));
    }
  }

  void mac(String label, int offset) {
    if (has(offset, 6)) {
      put(label, span.mac(offset).toString());
    }
  }

  void ipv4(String label, int offset) {
    if (has(offset, 4)) {
      put(label, span.ipv4(offset).toString());
    }
  }

  /// A checksum field, and in parentheses what it should be.
  ///
  /// @param sum the unfolded sum of all that it covers, itself included
  void checksum(int offset, long sum) {
    int field = span.u16(offset);
    if (Checksum.isRight(sum)) {
      put("sum", hex16(field) + " (" + hex16(field) + ")");
      return;
    }
    int right = Checksum.finish(sum + (~field & 0xffff));
    String verdict = span.packet().checksumState() == ChecksumState.NONE ? ", BAD" : "";
    put("sum", hex16(field) + " (" + hex16(right) + verdict + ")");
  }

  /// The same of a transport, where a device may have it still to do.
  void transportChecksum(int offset, Carrier carrier) {
    if (!has(offset, 2)) {
      return;
    }
    if (!carrier.whole()) {
      put("sum", hex16(span.u16(offset)) + " (covers more than is here)");
    } else if (span.packet().checksumState() == ChecksumState.PARTIAL) {
      put("sum", hex16(span.u16(offset)) + " (left to the device)");
    } else {
      checksum(offset, span.sum() + carrier.pseudoHeader(span.length()));
    }
  }

  /// The text, with a last line where the header of `length` bytes was cut off.
  String end(int length) {
    if (cut) {
      put("cut off", span.length() + " of " + length + " bytes");
    }
    return text.toString();
  }

  static String hex8(int value) {
    return "0x" + digits(value, 2);
  }

  static String hex16(int value) {
    return "0x" + digits(value, 4);
  }

  private static String digits(int value, int width) {
    String hex = Integer.toHexString(value);
    return "0".repeat(Math.max(0, width - hex.length())) + hex;
  }
}
