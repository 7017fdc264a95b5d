package microps.sim.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import microps.sim.script.Codec.Seen;
import microps.sim.script.PacketSpec.Icmp;
import microps.sim.script.PacketSpec.Ip;
import microps.sim.script.PacketSpec.Tcp;
import microps.sim.script.PacketSpec.Udp;
import org.jspecify.annotations.Nullable;

/// Compares a packet that a line expects with one that the stack sent.
final class Matcher {
  private final Setup setup;
  private final List<String> differences = new ArrayList<>();

  private Matcher(Setup setup) {
    this.setup = setup;
  }

  /// What differs, each in a few words; empty: it matches.
  ///
  /// @param seen as it was sent
  /// @param script the same in the script's numbers
  static List<String> differences(Setup setup, PacketSpec expected, Seen seen, PacketSpec script) {
    Matcher m = new Matcher(setup);
    if (seen.error() != null) {
      m.differences.add(seen.error());
    }
    switch (expected) {
      case Tcp wanted when script instanceof Tcp found -> m.tcp(wanted, found, seen);
      case Udp wanted when script instanceof Udp found -> m.udp(wanted, found, seen);
      case Icmp wanted when script instanceof Icmp found -> m.icmp(wanted, found, seen);
      default -> m.differences.add("protocol");
    }
    return m.differences;
  }

  private void check(String what, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      differences.add(what);
    }
  }

  private void ip(Ip wanted, Seen seen) {
    Integer tos = wanted.tos();
    if (tos != null) {
      check("tos " + seen.tos(), tos, seen.tos());
    }
    Integer ecn = wanted.ecn();
    int found = seen.tos() & 3;
    if (ecn != null && !(ecn == Ip.ECT01 ? found == 1 || found == 2 : found == ecn)) {
      differences.add("ECN bits " + found);
    }
    Integer ttl = wanted.ttl();
    if (ttl != null) {
      check("ttl " + seen.ttl(), ttl, seen.ttl());
    }
  }

  private void tcp(Tcp wanted, Tcp found, Seen seen) {
    ip(wanted.ip(), seen);
    boolean anyPush = setup.linux && wanted.length() > 0;
    check("flags", flags(wanted, anyPush), flags(found, anyPush));
    check("sequence number", wanted.sequence(), found.sequence());
    check("length", wanted.length(), found.length());
    check("ack", wanted.has('.') ? wanted.ack() : 0, found.has('.') ? found.ack() : 0);
    Integer window = wanted.window();
    if (window != null && setup.linux) {
      // How much Linux offers follows from how it counts memory; whether it offers any, does not.
      check("window", window == 0, Objects.equals(found.window(), 0));
    } else if (window != null) {
      check("window", window, found.window());
    }
    check("urgent pointer", wanted.urgent(), found.urgent());
    if (wanted.options() != null && found.options() != null) {
      options(wanted.options(), found.options());
    }
    int first = (int) found.sequence() - (found.has('S') ? 0 : 1);
    for (int i = 0; i < seen.payload().length; i++) {
      if (seen.payload()[i] != Codec.streamByte(first + i)) {
        differences.add("payload, from byte " + i);
        break;
      }
    }
  }

  /// Where PSH stands within what was written follows from how Linux keeps it in memory.
  private static String flags(Tcp segment, boolean anyPush) {
    return anyPush ? segment.flags().replace("P", "") : segment.flags();
  }

  private void options(List<TcpOption> wanted, List<TcpOption> found) {
    if (wanted.size() != found.size()) {
      differences.add("options");
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      TcpOption w = wanted.get(i);
      TcpOption f = found.get(i);
      if (w instanceof TcpOption.Timestamps wt && f instanceof TcpOption.Timestamps ft) {
        long apart = Math.abs((long) (wt.value() - ft.value())) * setup.timestampTick;
        if (setup.timestampTick > 0 && apart > setup.tolerance) {
          differences.add("TS val");
        }
        if (setup.strict && wt.echo() != ft.echo()) {
          differences.add("TS ecr");
        }
      } else if (w instanceof TcpOption.AnyTimestamps) {
        check("option " + f, true, f instanceof TcpOption.Timestamps);
      } else if (w instanceof TcpOption.FastOpen(String name) && name.equals(CookieProbe.NAME)) {
        check("option " + f, true, f instanceof TcpOption.FastOpen(String c) && !c.isEmpty());
      } else if (!w.equals(f)) {
        differences.add("option " + f);
      }
    }
  }

  private void udp(Udp wanted, Udp found, Seen seen) {
    ip(wanted.ip(), seen);
    check("length", wanted.length(), found.length());
    for (int i = 0; i < seen.payload().length; i++) {
      if (seen.payload()[i] != Codec.streamByte(i)) {
        differences.add("payload, from byte " + i);
        break;
      }
    }
  }

  private void icmp(Icmp wanted, Icmp found, Seen seen) {
    ip(wanted.ip(), seen);
    check("type", wanted.type(), found.type());
    check("code", wanted.code(), found.code());
    if (wanted.mtu() != 0) {
      check("mtu", wanted.mtu(), found.mtu());
    }
    if (wanted.id() != 0) {
      check("id", wanted.id(), found.id());
    }
  }
}
