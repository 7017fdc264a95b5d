package microps.sockets;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.congestion.CongestionAlgorithm;
import microps.core.udp.UdpSettings;
import org.jspecify.annotations.Nullable;

/// The socket options of one kind of channel: one table for what is supported, read and set, so
/// that the three agree. `S` is where the stack keeps them.
final class Options<S> {
  private static final int MIN_BUFFER = 2048;
  private static final int MAX_BUFFER = 1 << 26;
  private static final int MIN_SEGMENT = 88;
  private static final int MAX_SEGMENT = 32_767;
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;

  /// Those of a connection.
  static final Options<TcpSettings> STREAM =
      new Options<TcpSettings>()
          .add(
              StandardSocketOptions.SO_SNDBUF,
              s -> s.sendBuffer,
              (s, v) -> s.sendBuffer = buffer(v))
          .add(
              StandardSocketOptions.SO_RCVBUF,
              s -> s.receiveBuffer,
              (s, v) -> s.receiveBuffer = buffer(v))
          .add(StandardSocketOptions.SO_KEEPALIVE, s -> s.keepAlive, (s, v) -> s.keepAlive = v)
          .add(
              StandardSocketOptions.SO_REUSEADDR, s -> s.reuseAddress, (s, v) -> s.reuseAddress = v)
          .add(
              StandardSocketOptions.SO_LINGER,
              s -> s.linger,
              (s, v) -> s.linger = Math.clamp(v, -1, 0xffff))
          .add(StandardSocketOptions.TCP_NODELAY, s -> s.noDelay, (s, v) -> s.noDelay = v)
          .add(
              StandardSocketOptions.IP_TOS,
              s -> s.trafficClass,
              (s, v) -> s.trafficClass = octet("IP_TOS", v))
          .add(TcpSocketOptions.TCP_CORK, s -> s.cork, (s, v) -> s.cork = v)
          .add(
              TcpSocketOptions.TCP_FASTOPEN_CONNECT,
              s -> s.fastOpenConnect,
              (s, v) -> s.fastOpenConnect = v)
          .addKeepAlive()
          .addSending();

  /// Those of a listener, inherited by the connections that it accepts.
  static final Options<TcpSettings> LISTENER =
      new Options<TcpSettings>()
          .add(
              StandardSocketOptions.SO_RCVBUF,
              s -> s.receiveBuffer,
              (s, v) -> s.receiveBuffer = buffer(v))
          .add(
              StandardSocketOptions.SO_REUSEADDR, s -> s.reuseAddress, (s, v) -> s.reuseAddress = v)
          .add(
              TcpSocketOptions.TCP_FASTOPEN,
              s -> s.fastOpenQueue,
              (s, v) -> s.fastOpenQueue = notNegative("TCP_FASTOPEN", v))
          .addKeepAlive()
          .addSending();

  /// Those of a datagram channel.
  static final Options<UdpSettings> DATAGRAM =
      new Options<UdpSettings>()
          .add(
              StandardSocketOptions.SO_SNDBUF,
              s -> s.sendBuffer,
              (s, v) -> s.sendBuffer = buffer(v))
          .add(
              StandardSocketOptions.SO_RCVBUF,
              s -> s.receiveBuffer,
              (s, v) -> s.receiveBuffer = buffer(v))
          .add(
              StandardSocketOptions.SO_REUSEADDR, s -> s.reuseAddress, (s, v) -> s.reuseAddress = v)
          .add(StandardSocketOptions.SO_BROADCAST, s -> s.broadcast, (s, v) -> s.broadcast = v)
          .add(
              StandardSocketOptions.IP_TOS,
              s -> s.trafficClass,
              (s, v) -> s.trafficClass = octet("IP_TOS", v))
          .add(
              StandardSocketOptions.IP_MULTICAST_TTL,
              s -> s.multicastHopLimit,
              (s, v) -> s.multicastHopLimit = octet("IP_MULTICAST_TTL", v))
          .add(
              ExtendedSocketOptions.IP_DONTFRAGMENT,
              s -> s.dontFragment,
              (s, v) -> s.dontFragment = v);

  private record Access<S>(Function<S, Object> get, BiConsumer<S, Object> set) {}

  private final Map<SocketOption<?>, Access<S>> table = new LinkedHashMap<>();

  private Options() {}

  private <T> Options<S> add(SocketOption<T> option, Function<S, T> get, BiConsumer<S, T> set) {
    table.put(
        option,
        new Access<>(
            get::apply, (settings, value) -> set.accept(settings, option.type().cast(value))));
    return this;
  }

  private static int buffer(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("Invalid buffer size " + size);
    }
    return Math.clamp(size, MIN_BUFFER, MAX_BUFFER);
  }

  private static int octet(String name, int value) {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("Invalid " + name + " value " + value);
    }
    return value;
  }

  private static int positive(String name, int value, int most) {
    return between(name, value, 1, most);
  }

  private static int between(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "Invalid " + name + " value " + value + ": from " + least + " to " + most);
    }
    return value;
  }

  private static int notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException("Invalid " + name + " value " + value);
    }
    return value;
  }

  /// What the channels of this kind support.
  Set<SocketOption<?>> supported() {
    return Set.copyOf(table.keySet());
  }

  /// @throws UnsupportedOperationException where the option is not supported
  /// @throws IllegalArgumentException where the value is not one of the option
  <T> void set(S settings, SocketOption<T> option, @Nullable T value) {
    Access<S> access = access(option);
    if (value == null || !option.type().isInstance(value)) {
      throw new IllegalArgumentException("Invalid value '" + value + "' of " + option.name());
    }
    access.set.accept(settings, value);
  }

  /// @throws UnsupportedOperationException where the option is not supported
  <T> T get(S settings, SocketOption<T> option) {
    return option.type().cast(access(option).get.apply(settings));
  }

  /// @throws UnsupportedOperationException where the option is not supported
  void require(SocketOption<?> option) {
    access(option);
  }

  private Access<S> access(SocketOption<?> option) {
    Access<S> access = table.get(Objects.requireNonNull(option));
    if (access == null) {
      throw new UnsupportedOperationException("'" + option + "' not supported");
    }
    return access;
  }

  /// Called on the two tables of TCP only. What the stack chooses by default, the channel knows.
  @SuppressWarnings("unchecked")
  private Options<TcpSettings> addSending() {
    return ((Options<TcpSettings>) this)
        .add(
            TcpSocketOptions.TCP_MAXSEG,
            s -> s.maxSegment,
            (s, v) ->
                s.maxSegment = v == 0 ? 0 : between("TCP_MAXSEG", v, MIN_SEGMENT, MAX_SEGMENT))
        .add(
            TcpSocketOptions.TCP_CONGESTION,
            s -> s.congestion == null ? "" : s.congestion.name(),
            (s, v) -> s.congestion = CongestionAlgorithm.named(v))
        .add(
            TcpSocketOptions.SO_MAX_PACING_RATE,
            s -> s.maxPacingRate,
            (s, v) -> {
              if (v < 0) {
                throw new IllegalArgumentException("Invalid SO_MAX_PACING_RATE value " + v);
              }
              s.maxPacingRate = v;
            });
  }

  /// Called on the two tables of TCP only.
  @SuppressWarnings("unchecked")
  private Options<TcpSettings> addKeepAlive() {
    return ((Options<TcpSettings>) this)
        .add(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            s -> (int) (s.keepAliveIdle / SECOND),
            (s, v) -> s.keepAliveIdle = positive("TCP_KEEPIDLE", v, 32_767) * SECOND)
        .add(
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            s -> (int) (s.keepAliveInterval / SECOND),
            (s, v) -> s.keepAliveInterval = positive("TCP_KEEPINTERVAL", v, 32_767) * SECOND)
        .add(
            ExtendedSocketOptions.TCP_KEEPCOUNT,
            s -> s.keepAliveCount,
            (s, v) -> s.keepAliveCount = positive("TCP_KEEPCOUNT", v, 127))
        .add(
            TcpSocketOptions.TCP_USER_TIMEOUT,
            s -> (int) (s.userTimeout / MILLI),
            (s, v) -> s.userTimeout = notNegative("TCP_USER_TIMEOUT", v) * MILLI);
  }
}
