package microps.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import microps.core.address.Endpoint;
import microps.core.ethernet.Neighbor;
import microps.core.ip.Route;
import microps.core.tcp.TcpState;
import microps.core.tcp.TcpStatus;
import microps.core.udp.UdpStatus;
import microps.core.view.TcpInfoText;
import microps.core.view.TextTable;
import microps.sockets.HostStatus;
import org.jspecify.annotations.Nullable;

/// The numbers of a host as aligned tables.
final class Stats {
  private Stats() {}

  /// All tables; those that are empty are left out.
  static String text(HostStatus status) {
    return section("Interfaces", interfaces(status))
        + section("Routes", routes(status))
        + section("Neighbours (ARP cache)", neighbors(status))
        + section("Sockets", sockets(status))
        + section("TCP connections", connections(status))
        + details(status)
        + section("Counters", counts("counter", status.counters()))
        + section("Drops", drops(status));
  }

  private static String section(String title, TextTable table) {
    return table.isEmpty() ? "" : title + "\n" + table.text(2);
  }

  private static TextTable interfaces(HostStatus status) {
    TextTable table =
        new TextTable(
            "device",
            "state",
            ">mtu",
            "mac",
            "addresses",
            ">frames in",
            ">bytes in",
            ">frames out",
            ">bytes out",
            ">drops");
    for (HostStatus.Interface i : status.interfaces()) {
      table.row(
          i.name(),
          i.up() ? "up" : "down",
          i.mtu(),
          i.mac() == null ? "-" : i.mac(),
          list(i.addresses()),
          i.framesIn(),
          i.bytesIn(),
          i.framesOut(),
          i.bytesOut(),
          i.drops().values().stream().mapToLong(Long::longValue).sum());
    }
    return table;
  }

  private static TextTable routes(HostStatus status) {
    TextTable table = new TextTable("network", "gateway", "device", ">metric");
    for (Route r : status.routes()) {
      boolean isDefault = r.network().prefix() == 0;
      table.row(
          isDefault ? "default" : r.network(),
          r.gateway() == null ? "-" : r.gateway(),
          r.nic().name(),
          r.metric());
    }
    return table;
  }

  private static TextTable neighbors(HostStatus status) {
    TextTable table = new TextTable("address", "mac", "state", "device");
    for (Neighbor n : status.neighbors()) {
      table.row(n.address(), n.mac() == null ? "-" : n.mac(), n.state(), n.device());
    }
    return table;
  }

  /// The socket table, as `netstat` and `ss` have it.
  static TextTable sockets(HostStatus status) {
    TextTable table = new TextTable("protocol", "state", ">recv-q", ">send-q", "local", "remote");
    for (TcpStatus t : status.tcp()) {
      table.row(
          "tcp",
          t.state().label(),
          t.receiveQueue(),
          t.sendQueue(),
          t.local(),
          endpoint(t.remote()));
    }
    for (UdpStatus u : status.udp()) {
      table.row("udp", "-", u.receiveQueue(), 0, u.local(), endpoint(u.remote()));
    }
    return table;
  }

  /// What TCP knows of each connection.
  static TextTable connections(HostStatus status) {
    TextTable table =
        new TextTable(
            "local",
            "remote",
            ">cwnd",
            ">ssthresh",
            ">snd.wnd",
            ">rcv.wnd",
            ">srtt ms",
            ">rto ms",
            ">mss",
            ">retransmits",
            ">bytes in",
            ">bytes out");
    for (TcpStatus t : status.tcp()) {
      if (t.state() == TcpState.LISTEN) {
        continue;
      }
      int ssthresh = t.slowStartThreshold();
      table.row(
          t.local(),
          endpoint(t.remote()),
          t.congestionWindow(),
          ssthresh == Integer.MAX_VALUE ? "-" : ssthresh,
          t.sendWindow(),
          t.receiveWindow(),
          t.smoothedRoundTrip() == 0 ? "-" : millis(t.smoothedRoundTrip()),
          millis(t.retransmissionTimeout()),
          t.maxSegment(),
          t.retransmits(),
          t.bytesIn(),
          t.bytesOut());
    }
    return table;
  }

  /// All that TCP knows of each connection, as `ss -ti`.
  private static String details(HostStatus status) {
    return status.connections().isEmpty()
        ? ""
        : status.connections().stream()
            .map(info -> TcpInfoText.lines(info, 2))
            .collect(Collectors.joining("", "TCP in detail\n", ""));
  }

  /// What happened at all, by name.
  static TextTable counts(String what, Map<String, Long> counts) {
    TextTable table = new TextTable(what, ">count");
    counts.forEach((name, count) -> {
      if (count > 0) {
        table.row(name, count);
      }
    });
    return table;
  }

  /// Why what was dropped was dropped, on which device; `-` for what no device has a part in.
  private static TextTable drops(HostStatus status) {
    TextTable table = new TextTable("reason", "device", ">count");
    status
        .drops()
        .forEach((reason, total) -> {
          long elsewhere = total;
          for (HostStatus.Interface i : status.interfaces()) {
            long here = i.drops().getOrDefault(reason, 0L);
            elsewhere -= here;
            if (here > 0) {
              table.row(reason, i.name(), here);
            }
          }
          if (elsewhere > 0) {
            table.row(reason, "-", elsewhere);
          }
        });
    return table;
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
  }

  private static String list(List<?> items) {
    return items.isEmpty()
        ? "-"
        : items.stream().map(Object::toString).collect(Collectors.joining(" "));
  }

  private static String endpoint(@Nullable Endpoint endpoint) {
    return endpoint == null ? "-" : endpoint.toString();
  }
}
