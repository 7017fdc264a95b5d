package microps.sim.script;

import java.util.Objects;
import java.util.Set;
import microps.core.basis.SocketError;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.TcpStatus;
import microps.sim.script.Calls.Returned;
import org.jspecify.annotations.Nullable;

/// `setsockopt` and `getsockopt` for the options that the stack has.
final class SocketOptions {
  private static final long SECOND = 1_000_000_000L;

  private final Arguments arguments;
  private final Descriptor descriptor;
  private final String name;
  private final Setup setup;

  SocketOptions(Arguments arguments, Descriptor descriptor, Setup setup) {
    this.setup = setup;
    this.arguments = arguments;
    this.descriptor = descriptor;
    this.name = arguments.words(2).getFirst();
  }

  private Unreadable unknown() {
    return arguments.unreadable("the socket option " + name + " is not supported");
  }

  private TcpSettings tcp() {
    TcpSettings settings = descriptor.settings();
    if (settings == null) {
      throw unknown();
    }
    return settings;
  }

  Returned set(long now) {
    Returned returned = set();
    if (descriptor.tcp != null) {
      descriptor.tcp.settingsChanged(now);
    }
    return returned;
  }

  /// What changes nothing that goes over the wire.
  private static final Set<String> SILENT =
      Set.of(
          "SO_ZEROCOPY",
          "TCP_INQ",
          "SO_PRIORITY",
          "SO_MARK",
          "SO_TIMESTAMP",
          "SO_RCVTIMEO",
          "IP_RECVERR",
          "IP_RECVTOS",
          "IP_MTU_DISCOVER",
          "SO_BUSY_POLL",
          "SO_REUSEPORT");

  private Returned set() {
    if (SILENT.contains(name)) {
      setup.note(arguments.line(), name);
      return Returned.value(0);
    }
    if (name.equals("SO_LINGER")) {
      if (!(arguments.get(3) instanceof Expression.Struct linger)) {
        throw arguments.unreadable("SO_LINGER takes {onoff=N, linger=N}");
      }
      long on = arguments.integer(Objects.requireNonNull(linger.field("onoff")));
      long seconds = arguments.integer(Objects.requireNonNull(linger.field("linger")));
      tcp().linger = on == 0 ? -1 : (int) seconds;
      return Returned.value(0);
    }
    if (name.equals("TCP_CONGESTION")) {
      tcp().congestion = Setup.algorithm(arguments.line(), arguments.text(3));
      return Returned.value(0);
    }
    long value = arguments.boxed(3);
    if (descriptor.udp != null) {
      setUdp(value);
      return Returned.value(0);
    }
    switch (name) {
      case "SO_REUSEADDR" -> tcp().reuseAddress = value != 0;
      case "SO_KEEPALIVE" -> tcp().keepAlive = value != 0;
      case "SO_SNDBUF" -> tcp().sendBuffer = (int) value;
      case "SO_RCVBUF" -> tcp().receiveBuffer = (int) value;
      case "SO_MAX_PACING_RATE" -> tcp().maxPacingRate = value;
      case "TCP_NODELAY" -> tcp().noDelay = value != 0;
      case "TCP_CORK" -> tcp().cork = value != 0;
      case "TCP_MAXSEG" -> tcp().maxSegment = (int) value;
      case "TCP_KEEPIDLE" -> tcp().keepAliveIdle = value * SECOND;
      case "TCP_KEEPINTVL" -> tcp().keepAliveInterval = value * SECOND;
      case "TCP_KEEPCNT" -> tcp().keepAliveCount = (int) value;
      case "TCP_USER_TIMEOUT" -> tcp().userTimeout = value * SECOND / 1000;
      case "TCP_FASTOPEN" -> tcp().fastOpenQueue = (int) value;
      case "TCP_FASTOPEN_CONNECT" -> tcp().fastOpenConnect = value != 0;
      case "IP_TOS" -> tcp().trafficClass = (int) value;
      case "IP_TTL" -> tcp().hopLimit = (int) value;
      default -> throw unknown();
    }
    return Returned.value(0);
  }

  private void setUdp(long value) {
    var settings = Objects.requireNonNull(descriptor.udp).settings();
    switch (name) {
      case "SO_REUSEADDR" -> settings.reuseAddress = value != 0;
      case "SO_BROADCAST" -> settings.broadcast = value != 0;
      case "SO_SNDBUF" -> settings.sendBuffer = (int) value;
      case "SO_RCVBUF" -> settings.receiveBuffer = (int) value;
      case "IP_TOS" -> settings.trafficClass = (int) value;
      case "IP_TTL" -> settings.hopLimit = (int) value;
      default -> throw unknown();
    }
  }

  Returned get() {
    if (name.equals("SO_ERROR")) {
      String errno = error();
      if (arguments.get(3) instanceof Expression.Array(var items)
          && items.size() == 1
          && items.getFirst() instanceof Expression.Word(String expected)) {
        if (!expected.equals(errno)) {
          throw new Mismatch("SO_ERROR gave " + errno + ", not " + expected);
        }
      } else if (arguments.boxed(3) != 0 || errno != null) {
        throw new Mismatch("SO_ERROR gave " + errno);
      }
      return Returned.value(0);
    }
    TcpSettings s = tcp();
    arguments.compare(
        3,
        switch (name) {
          case "SO_REUSEADDR" -> s.reuseAddress ? 1 : 0;
          case "SO_KEEPALIVE" -> s.keepAlive ? 1 : 0;
          // Linux counts its own overhead too, and tells the double.
          case "SO_SNDBUF" -> (setup.linux ? 2L : 1L) * sendBuffer(s);
          case "SO_RCVBUF" -> (setup.linux ? 2L : 1L) * receiveBuffer(s);
          case "TCP_NODELAY" -> s.noDelay ? 1 : 0;
          case "TCP_CORK" -> s.cork ? 1 : 0;
          case "TCP_KEEPIDLE" -> s.keepAliveIdle / SECOND;
          case "TCP_KEEPINTVL" -> s.keepAliveInterval / SECOND;
          case "TCP_KEEPCNT" -> s.keepAliveCount;
          case "TCP_USER_TIMEOUT" -> s.userTimeout * 1000 / SECOND;
          case "TCP_MAXSEG" -> maxSegment();
          case "IP_TOS" -> s.trafficClass;
          case "IP_TTL" -> s.hopLimit;
          default -> throw unknown();
        });
    return Returned.value(0);
  }

  private int sendBuffer(TcpSettings s) {
    return descriptor.tcp == null ? s.sendBuffer : descriptor.tcp.sendBuffer();
  }

  private int receiveBuffer(TcpSettings s) {
    return descriptor.tcp == null ? s.receiveBuffer : descriptor.tcp.receiveBuffer();
  }

  private int maxSegment() {
    TcpStatus status = descriptor.tcp == null ? null : descriptor.tcp.status();
    return status == null ? 536 : status.maxSegment(); // RFC 9293, 3.7.1: the default
  }

  /// The error that waits, by its name, or null.
  private @Nullable String error() {
    SocketError error = descriptor.tcp == null ? null : descriptor.tcp.error();
    return error == null ? null : error.errno();
  }
}
