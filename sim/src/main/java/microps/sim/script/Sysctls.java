package microps.sim.script;

import java.util.Map;
import microps.sim.script.Parser.Option;

/// Settings of Linux that the stack has a knob for.
final class Sysctls {
  /// What became of a setting.
  enum Fate {
    /// The stack is set so.
    SET,
    /// The stack has no such knob.
    UNKNOWN,
    /// It would have to change while the script runs.
    TOO_LATE
  }

  /// The knobs that are on or off, by the setting's name; 0 is off.
  private static final Map<String, String> SWITCHES =
      Map.of(
          "net.ipv4.tcp_timestamps", "timestamps",
          "net.ipv4.tcp_window_scaling", "windowScale",
          "net.ipv4.tcp_sack", "sack");

  /// Durations, by the setting's name: the knob and the unit.
  private static final Map<String, String> TIMES =
      Map.of(
          "net.ipv4.tcp_fin_timeout", "finWait2Timeout s",
          "net.ipv4.tcp_rto_min_us", "minRto us",
          "net.ipv4.tcp_rto_max_ms", "maxRto ms");

  private Sysctls() {}

  /// Sets what a setting sets.
  static Fate set(Setup setup, int line, String name, String value, boolean atStart) {
    Option option = option(line, name, value);
    if (option == null || !setup.hasKnob(option.name())) {
      return Fate.UNKNOWN;
    }
    if (atStart) {
      setup.knob(option);
      return Fate.SET;
    }
    return setup.isSet(option) ? Fate.SET : Fate.TOO_LATE;
  }

  private static @org.jspecify.annotations.Nullable Option option(
      int line, String name, String value) {
    String knob = SWITCHES.get(name);
    if (knob != null) {
      return new Option(line, knob, value.equals("0") ? "off" : "on");
    }
    String time = TIMES.get(name);
    if (time != null) {
      int space = time.indexOf(' ');
      return new Option(line, time.substring(0, space), value + time.substring(space + 1));
    }
    if (name.equals("net.ipv4.tcp_ecn")) {
      String mode = value.equals("0") ? "off" : value.equals("1") ? "on" : "accept";
      return new Option(line, "ecn", mode);
    }
    if (name.equals("net.ipv4.tcp_congestion_control")) {
      return new Option(line, "congestion", value);
    }
    if (name.equals("net.ipv4.tcp_rmem") || name.equals("net.ipv4.tcp_wmem")) {
      String[] three = value.split("\\s+");
      String most = product(three[three.length - 1]);
      return most.matches("[0-9]{1,9}")
          ? new Option(line, name.endsWith("rmem") ? "rcvbuf" : "sndbuf", most)
          : null;
    }
    return null;
  }

  /// `$((15*1024*1024))` as a number; anything else as it is.
  private static String product(String text) {
    if (!text.matches("\\$\\(\\([0-9]{1,9}(\\*[0-9]{1,9})*\\)\\)")) {
      return text;
    }
    long value = 1;
    for (String factor : text.substring(3, text.length() - 2).split("\\*")) {
      value =
          Math.multiplyHigh(value, Long.parseLong(factor)) == 0
              ? value * Long.parseLong(factor)
              : Long.MAX_VALUE;
    }
    return Long.toString(value);
  }
}
