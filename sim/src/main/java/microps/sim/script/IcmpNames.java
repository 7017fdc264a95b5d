package microps.sim.script;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names that scripts use for types and codes of ICMP.
final class IcmpNames {
  static final int UNREACHABLE = 3;

  private static final Map<String, Integer> TYPES =
      Map.ofEntries(
          Map.entry("echo_reply", 0),
          Map.entry("unreachable", UNREACHABLE),
          Map.entry("source_quench", 4),
          Map.entry("redirect", 5),
          Map.entry("echo_request", 8),
          Map.entry("time_exceeded", 11),
          Map.entry("parameter_problem", 12),
          Map.entry("timestamp_request", 13),
          Map.entry("timestamp_reply", 14),
          Map.entry("information_request", 15),
          Map.entry("information_reply", 16),
          Map.entry("address_mask_request", 17),
          Map.entry("address_mask_reply", 18));

  // In the order of their codes.
  private static final List<String> UNREACHABLE_CODES =
      List.of(
          "net_unreachable",
          "host_unreachable",
          "protocol_unreachable",
          "port_unreachable",
          "frag_needed",
          "source_route_failed",
          "net_unknown",
          "host_unknown",
          "source_host_isolated",
          "net_prohibited",
          "host_prohibited",
          "net_unreachable_for_tos",
          "host_unreachable_for_tos",
          "packet_filtered",
          "precedence_violation",
          "precedence_cutoff");

  private IcmpNames() {}

  /// The number of a type, or null.
  static @Nullable Integer typeOf(String name) {
    return name.matches("type_[0-9]{1,3}") ? Integer.valueOf(name.substring(5)) : TYPES.get(name);
  }

  /// The number of a code of a type, or null.
  static @Nullable Integer codeOf(int type, String name) {
    if (name.matches("code_[0-9]{1,3}")) {
      return Integer.valueOf(name.substring(5));
    }
    int code = type == UNREACHABLE ? UNREACHABLE_CODES.indexOf(name) : -1;
    return code < 0 ? null : code;
  }

  static String type(int type) {
    for (Map.Entry<String, Integer> entry : TYPES.entrySet()) {
      if (entry.getValue() == type) {
        return entry.getKey();
      }
    }
    return "type_" + type;
  }

  static String code(int type, int code) {
    return type == UNREACHABLE && code < UNREACHABLE_CODES.size()
        ? UNREACHABLE_CODES.get(code)
        : "code_" + code;
  }
}
