package microps.cli;

import java.util.Locale;

/// The numbers of a ping, and the lines that people know from iputils.
final class PingSummary {
  private int sent;
  private int received;
  private int duplicates;
  private int errors;
  private long min = Long.MAX_VALUE;
  private long max;
  private double sum;
  private double squares;

  /// A request was sent.
  void sent() {
    sent++;
  }

  /// An answer came, the first to its request.
  ///
  /// @param nanos its round-trip time
  void received(long nanos) {
    received++;
    min = Math.min(min, nanos);
    max = Math.max(max, nanos);
    sum += nanos;
    squares += (double) nanos * nanos;
  }

  /// One more answer to the same request.
  void duplicate() {
    duplicates++;
  }

  /// An ICMP error came instead.
  void error() {
    errors++;
  }

  int requests() {
    return sent;
  }

  int answers() {
    return received;
  }

  /// The longest round-trip time; 0 before the first.
  long longest() {
    return max;
  }

  /// The last lines: what was lost, and the round-trip times.
  ///
  /// @param millis how long it all took
  String text(String destination, long millis) {
    StringBuilder text = new StringBuilder("--- " + destination + " ping statistics ---\n");
    text.append(sent).append(" packets transmitted, ").append(received).append(" received");
    if (duplicates > 0) {
      text.append(", +").append(duplicates).append(" duplicates");
    }
    if (errors > 0) {
      text.append(", +").append(errors).append(" errors");
    }
    text.append(", ").append(loss()).append("% packet loss, time ").append(millis).append("ms\n");
    if (received > 0) {
      double mean = sum / received;
      double deviation = Math.sqrt(Math.max(0, squares / received - mean * mean));
      text.append(
          String.format(
              Locale.ROOT,
              "rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms%n",
              min / 1e6,
              mean / 1e6,
              max / 1e6,
              deviation / 1e6));
    }
    return text.toString();
  }

  /// The share of requests without an answer in percent: at most six digits, as `%g` gives.
  private String loss() {
    if (sent == 0) {
      return "0";
    }
    String text = String.format(Locale.ROOT, "%.4f", 100.0 * (sent - received) / sent);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("[.]$", "") : text;
  }

  /// A round-trip time in milliseconds, with three digits where it matters.
  static String millis(long nanos) {
    double ms = nanos / 1e6;
    String format = ms >= 99.95 ? "%.0f" : ms >= 9.995 ? "%.1f" : ms >= 0.9995 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, ms);
  }
}
