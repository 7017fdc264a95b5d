package microps.sockets;

import java.net.SocketOption;

/// Options of TCP channels that the JDK has no names for.
public final class TcpSocketOptions {
  /// Of a server channel: how many connections may have bytes to read before their handshake is
  /// through (RFC 7413); 0, as from the beginning: none, and no bytes are taken with a SYN. Only
  /// for programs that bear to get a request twice.
  public static final SocketOption<Integer> TCP_FASTOPEN =
      new Option<>("TCP_FASTOPEN", Integer.class);

  /// Of a channel: where the server is known to take bytes with the SYN, connect returns at once,
  /// and the first write goes with the SYN (RFC 7413). Only for requests that may arrive twice.
  public static final SocketOption<Boolean> TCP_FASTOPEN_CONNECT =
      new Option<>("TCP_FASTOPEN_CONNECT", Boolean.class);

  /// How long written bytes may remain unacknowledged before the connection fails, in milliseconds;
  /// 0: as long as the host says.
  public static final SocketOption<Integer> TCP_USER_TIMEOUT =
      new Option<>("TCP_USER_TIMEOUT", Integer.class);

  /// The most octets of text in a segment, in both directions, of connections that begin afterwards
  /// (RFC 9293, section 3.7.1); of a server channel, of those that it accepts. From 88 to 32,767;
  /// 0, as from the beginning: what the path takes.
  public static final SocketOption<Integer> TCP_MAXSEG = new Option<>("TCP_MAXSEG", Integer.class);

  /// Of a channel: whether only full segments are sent; the rest when it is set to false, when the
  /// channel's output is shut down, or when it has waited for a retransmission timeout.
  public static final SocketOption<Boolean> TCP_CORK = new Option<>("TCP_CORK", Boolean.class);

  /// The congestion control, by its name, of connections that begin afterwards; of a server
  /// channel, of those that it accepts. One of
  /// [BUILT_IN][microps.core.tcp.congestion.CongestionAlgorithm#BUILT_IN].
  public static final SocketOption<String> TCP_CONGESTION =
      new Option<>("TCP_CONGESTION", String.class);

  /// Octets in a second at which segments leave at most; 0: no limit.
  public static final SocketOption<Long> SO_MAX_PACING_RATE =
      new Option<>("SO_MAX_PACING_RATE", Long.class);

  private TcpSocketOptions() {}

  private record Option<T>(String name, Class<T> type) implements SocketOption<T> {
    @Override
    public String toString() {
      return name;
    }
  }
}
