package microps.core.fuzz;

import java.util.ArrayList;
import java.util.List;

/// Which sequence numbers were ever sent: ranges on the circle of 2^32.
final class Spans {
  private record Span(int from, int length) {}

  private final List<Span> spans = new ArrayList<>();

  void add(int from, int length) {
    if (length > 0) {
      spans.add(new Span(from, length));
    }
  }

  /// Whether all of `[from, to)` was sent, in however many pieces.
  boolean cover(int from, int to) {
    int at = from;
    while (to - at > 0) {
      int furthest = at;
      for (Span s : spans) {
        if (at - s.from >= 0 && at - s.from < s.length) {
          int end = s.from + s.length;
          furthest = end - furthest > 0 ? end : furthest;
        }
      }
      if (furthest == at) {
        return false;
      }
      at = furthest;
    }
    return true;
  }
}
