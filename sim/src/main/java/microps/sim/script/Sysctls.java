package microps.sim.script;

import java.util.List;
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
          "net.ipv4.tcp_sack", "sack",
          "net.inet.tcp.sack.enable", "sack"); // FreeBSD's name

  /// Durations, by the setting's name: the knob and the unit.
  private static final Map<String, String> TIMES =
      Map.of(
          "net.ipv4.tcp_fin_timeout", "finWait2Timeout s",
          "net.ipv4.tcp_rto_min_us", "minRto us",
          "net.ipv4.tcp_rto_max_ms", "maxRto ms");

  private Sysctls() {}

  /// Sets what a setting sets.
  static Fate set(Setup setup, int line, String name, String value, boolean atStart) {
    List<Option> options = options(line, name, value);
    if (options.isEmpty()) {
      return Fate.UNKNOWN;
    }
    if (atStart) {
      options.forEach(setup::knob);
      return Fate.SET;
    }
    return options.stream().allMatch(setup::isSet) ? Fate.SET : Fate.TOO_LATE;
  }

  /// Sets what the published scripts' `defaults.sh` sets beyond what is so anyway.
  static void defaults(Setup setup, int line) {
    if (setup.linux) {
      setup.knob(new Option(line, "ecn", "off"));
    }
  }

  private static List<Option> options(int line, String name, String value) {
    String knob = SWITCHES.get(name);
    if (knob != null) {
      return List.of(new Option(line, knob, value.equals("0") ? "off" : "on"));
    }
    String time = TIMES.get(name);
    if (time != null) {
      int space = time.indexOf(' ');
      return List.of(new Option(line, time.substring(0, space), value + time.substring(space + 1)));
    }
    return switch (name) {
      case "net.inet.tcp.rfc1323" -> {
        String on = value.equals("0") ? "off" : "on";
        yield List.of(new Option(line, "timestamps", on), new Option(line, "windowScale", on));
      }
      case "net.ipv4.tcp_ecn", "net.inet.tcp.ecn.enable" ->
          List.of(new Option(line, "ecn", ECN.getOrDefault(value, "accept")));
      case "net.ipv4.tcp_syncookies" ->
          List.of(new Option(line, "synCookies", COOKIES.getOrDefault(value, "under_pressure")));
      case "net.ipv4.tcp_congestion_control" -> List.of(new Option(line, "congestion", value));
      case "net.ipv4.tcp_rmem" -> buffers(line, "receiveBuffer", "maxReceiveBuffer", value);
      case "net.ipv4.tcp_wmem" -> buffers(line, "sendBuffer", "maxSendBuffer", value);
      default -> List.of();
    };
  }

  private static final Map<String, String> ECN = Map.of("0", "off", "1", "on");
  private static final Map<String, String> COOKIES = Map.of("0", "off", "2", "always");

  /// Least, at the start, most; the least has no knob.
  private static List<Option> buffers(int line, String start, String most, String value) {
    String[] three = value.split("\\s+");
    if (three.length != 3) {
      return List.of();
    }
    String first = product(three[1]);
    String last = product(three[2]);
    boolean numbers = first.matches("[0-9]{1,9}") && last.matches("[0-9]{1,9}");
    return numbers
        ? List.of(new Option(line, start, first), new Option(line, most, last))
        : List.of();
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
