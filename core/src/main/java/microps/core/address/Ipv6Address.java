package microps.core.address;

import java.util.ArrayList;
import java.util.List;

/// An IPv6 address, its 128 bits as two `long`s.
public record Ipv6Address(long high, long low) implements IpAddress {

  /// `::`
  public static final Ipv6Address ANY = new Ipv6Address(0, 0);

  /// `::1`
  public static final Ipv6Address LOOPBACK = new Ipv6Address(0, 1);

  /// Parses the forms of RFC 4291, section 2.2: eight groups, `::` for a run of zeros, a dotted
  /// IPv4 address as the last two groups.
  ///
  /// @throws IllegalArgumentException where it is none
  public static Ipv6Address parse(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      throw bad(text);
    }
    List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0, text);
    List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true, text);
    int given = head.size() + tail.size();
    if (gap < 0 ? given != 8 : given > 7) {
      throw bad(text);
    }
    long[] halves = new long[2];
    for (int i = 0; i < 8; i++) {
      int fromEnd = i - (8 - tail.size());
      int group = i < head.size() ? head.get(i) : fromEnd >= 0 ? tail.get(fromEnd) : 0;
      halves[i / 4] = halves[i / 4] << 16 | group;
    }
    return new Ipv6Address(halves[0], halves[1]);
  }

  private static List<Integer> groups(String part, boolean isLast, String whole) {
    List<Integer> groups = new ArrayList<>();
    if (part.isEmpty()) {
      return groups;
    }
    String[] words = part.split(":", -1);
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (isLast && i == words.length - 1 && word.indexOf('.') >= 0) {
        int value = Ipv4Address.parse(word).value();
        groups.add(value >>> 16);
        groups.add(value & 0xffff);
      } else if (word.matches("[0-9a-fA-F]{1,4}")) {
        groups.add(Integer.parseInt(word, 16));
      } else {
        throw bad(whole);
      }
    }
    return groups;
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not an IPv6 address; write it as in 2001:db8::2");
  }

  @Override
  public int width() {
    return 128;
  }

  @Override
  public boolean isUnspecified() {
    return high == 0 && low == 0;
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  /// `fe80::/10`
  public boolean isLinkLocal() {
    return high >>> 54 == 0x3fa;
  }

  @Override
  public byte[] toBytes() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (high >>> 56 - 8 * i);
      bytes[8 + i] = (byte) (low >>> 56 - 8 * i);
    }
    return bytes;
  }

  private int group(int i) {
    return (int) ((i < 4 ? high : low) >>> 48 - 16 * (i & 3)) & 0xffff;
  }

  /// The canonical form of RFC 5952.
  @Override
  public String toString() {
    int bestStart = -1;
    int bestLength = 1;
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && group(j) == 0) {
        j++;
      }
      if (j - i > bestLength) {
        bestStart = i;
        bestLength = j - i;
      }
      i = Math.max(i, j - 1);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }
}
