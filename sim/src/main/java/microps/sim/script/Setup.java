package microps.sim.script;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import microps.core.StackConfig;
import microps.core.address.Ipv4Address;
import microps.core.device.DeviceInfo;
import microps.core.ip.IpConfig;
import microps.core.tcp.EcnMode;
import microps.core.tcp.TcpConfig;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.sim.script.Parser.Option;
import org.jspecify.annotations.Nullable;

/// What the options of a script ask for.
final class Setup {
  private static final List<String> LINUX_KNOBS =
      List.of(
          "quickAcks=16",
          "rtoMargin=200ms",
          "maxReceiveBuffer=" + (15 << 20)); // a window scale of 8;

  private static final Pattern DURATION = Pattern.compile("([0-9]+)(ns|us|ms|s|min|h)");

  Ipv4Address local = Ipv4Address.parse("192.168.0.1");
  Ipv4Address remote = Ipv4Address.parse("192.0.2.1");
  int bindPort = 8080;
  int connectPort = 8080;
  int mtu = 1500;
  long tolerance = 4_000_000; // packetdrill's
  long timestampTick;
  boolean echoScaled;
  boolean linux;
  // Ours: packets that no line expects are failures, and echoed timestamps are looked at.
  boolean strict;
  // Without strict: whether a line of several segments stands for exactly one.
  boolean strictSegments;
  long seed = 1;
  @Nullable Integer isn;
  int sendBuffer;
  int receiveBuffer;
  private IpConfig ip = IpConfig.DEFAULT;
  // A script says when each segment leaves; and asks for ECN where it is about that.
  private TcpConfig tcp =
      TcpConfig.DEFAULT.with(c -> {
        c.pacing = false;
        c.ecn = EcnMode.ACCEPT;
      });

  Setup(Parser.Parsed script, Profile profile) {
    Profile chosen = profile;
    for (Option config : script.configs()) {
      if (config.name().equals("profile")) {
        chosen = profile(config);
      }
    }
    linux = chosen == Profile.LINUX;
    strict = !linux;
    if (linux) {
      for (String knob : LINUX_KNOBS) {
        int equals = knob.indexOf('=');
        config(new Option(1, knob.substring(0, equals), knob.substring(equals + 1)));
      }
    }
    for (Option option : script.options()) {
      option(option);
    }
    for (Option config : script.configs()) {
      config(config);
    }
  }

  private static Profile profile(Option o) {
    for (Profile profile : Profile.values()) {
      if (profile.name().toLowerCase(Locale.ROOT).equals(o.value())) {
        return profile;
      }
    }
    throw new Unreadable(o.line(), "there is no profile '" + o.value() + "'; linux or microps");
  }

  /// The configuration of the stack under test.
  StackConfig apply(StackConfig config) {
    return config.with(ip).with(tcp);
  }

  private void option(Option o) {
    switch (o.name()) {
      case "ip_version" -> {
        if (!o.value().equals("ipv4")) {
          throw Unreadable.unsupported(o.line(), "IPv6 (--ip_version=" + o.value() + ")");
        }
      }
      case "bind_port" -> bindPort = (int) number(o, 1, 0xffff);
      case "connect_port" -> connectPort = (int) number(o, 1, 0xffff);
      case "local_ip" -> local = address(o);
      case "remote_ip" -> remote = address(o);
      case "mtu" -> mtu = (int) number(o, DeviceInfo.MIN_MTU, DeviceInfo.MAX_MTU);
      case "tolerance_usecs" -> tolerance = 1000 * number(o, 0, 1_000_000_000);
      case "tcp_ts_tick_usecs" -> timestampTick = 1000 * number(o, 0, 1_000_000_000);
      case "tcp_ts_ecr_scaled" -> echoScaled = true;
      case "strict" -> strict = onOff(o);
      case "strict_segments" -> strictSegments = true;
      case "gateway_ip",
          "netmask_ip",
          "tolerance_percent",
          "speed",
          "mss",
          "define",
          "init_scripts",
          "wire_protocol",
          "so_filter",
          "code_command",
          "code_format",
          "code_sockopt",
          "send_omit_free" -> {
        // They say nothing about what happens here.
      }
      default -> throw new Unreadable(o.line(), "the option --" + o.name() + " is not supported");
    }
  }

  private void config(Option o) {
    switch (o.name()) {
      case "profile" -> {
        // It came first.
      }
      case "strict" -> strict = onOff(o);
      case "seed" -> seed = number(o, Long.MIN_VALUE, Long.MAX_VALUE);
      case "isn" -> isn = (int) number(o, 0, 0xffff_ffffL);
      case "mtu", "tolerance_usecs", "tcp_ts_tick_usecs" -> option(o);
      case "sndbuf" -> sendBuffer = (int) number(o, 1, Integer.MAX_VALUE);
      case "rcvbuf" -> receiveBuffer = (int) number(o, 1, Integer.MAX_VALUE);
      default -> {
        if (has(TcpConfig.class, o.name())) {
          tcp = with(TcpConfig.class, tcp, o);
        } else if (has(IpConfig.class, o.name())) {
          ip = with(IpConfig.class, ip, o);
        } else {
          throw new Unreadable(o.line(), "there is no knob '" + o.name() + "'");
        }
      }
    }
  }

  /// What a player passes over.
  private final Set<String> notes = new LinkedHashSet<>();

  /// Notes that something was passed over.
  void note(int line, String what) {
    notes.add("line " + line + ": passed over: " + what);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /// Sets a knob.
  void knob(Option o) {
    config(o);
  }

  /// Whether a knob has this value already.
  boolean isSet(Option o) {
    int[] buffers = {sendBuffer, receiveBuffer};
    IpConfig ipBefore = ip;
    TcpConfig tcpBefore = tcp;
    config(o);
    boolean same =
        ip.equals(ipBefore)
            && tcp.equals(tcpBefore)
            && buffers[0] == sendBuffer
            && buffers[1] == receiveBuffer;
    ip = ipBefore;
    tcp = tcpBefore;
    sendBuffer = buffers[0];
    receiveBuffer = buffers[1];
    return same;
  }

  // Any component of the two records is a knob by its name.

  private static boolean has(Class<? extends Record> type, String name) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static <R extends Record> R with(Class<R> type, R before, Option o) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] =
            components[i].getName().equals(o.name())
                ? value(types[i], o)
                : components[i].getAccessor().invoke(before);
      }
      return type.getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new Unreadable(o.line(), o.name() + "=" + o.value() + ": " + e.getTargetException());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(Class<?> type, Option o) {
    if (type == boolean.class) {
      return onOff(o);
    }
    if (type == CongestionAlgorithm.class) {
      try {
        return CongestionAlgorithm.named(o.value());
      } catch (IllegalArgumentException e) {
        throw new Unreadable(o.line(), String.valueOf(e.getMessage()));
      }
    }
    Matcher duration = DURATION.matcher(o.value());
    if (type == long.class && duration.matches()) {
      long count = Long.parseLong(duration.group(1));
      return count
          * switch (duration.group(2)) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "min" -> 60_000_000_000L;
            default -> 3600_000_000_000L;
          };
    }
    if (type == CongestionAlgorithm.class) {
      return algorithm(o.line(), o.value());
    }
    for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
      if (constant.toString().toLowerCase(Locale.ROOT).equals(o.value())) {
        return constant;
      }
    }
    long number = number(o, Integer.MIN_VALUE, Integer.MAX_VALUE);
    if (type == long.class) {
      return number;
    }
    if (type == int.class) {
      return (int) number;
    }
    throw new Unreadable(o.line(), "the knob '" + o.name() + "' cannot be set by a script");
  }

  /// The algorithm that Linux, or this stack, calls so.
  static CongestionAlgorithm algorithm(int line, String name) {
    try {
      return CongestionAlgorithm.named(name.equals("reno") ? "newreno" : name);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(line, String.valueOf(e.getMessage()));
    }
  }

  private static boolean onOff(Option o) {
    return switch (o.value().toLowerCase(Locale.ROOT)) {
      case "on", "true", "1" -> true;
      case "off", "false", "0" -> false;
      default -> throw new Unreadable(o.line(), o.name() + " is on or off, not " + o.value());
    };
  }

  private static long number(Option o, long min, long max) {
    try {
      long value =
          o.value().startsWith("0x")
              ? Long.parseLong(o.value().substring(2), 16)
              : Long.parseLong(o.value());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new Unreadable(o.line(), o.name() + " is a number, not '" + o.value() + "'");
    }
    throw new Unreadable(o.line(), o.name() + " is " + min + " to " + max + ", not " + o.value());
  }

  private static Ipv4Address address(Option o) {
    try {
      String text = o.value();
      return Ipv4Address.parse(text.contains("/") ? text.substring(0, text.indexOf('/')) : text);
    } catch (IllegalArgumentException e) {
      throw new Unreadable(o.line(), String.valueOf(e.getMessage()));
    }
  }
}
