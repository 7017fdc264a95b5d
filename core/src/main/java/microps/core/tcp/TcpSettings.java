package microps.core.tcp;

import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;

/// What a user can set on one TCP socket; plain fields, each read when it is needed. A listener's
/// are inherited by the connections that it accepts. Durations are nanoseconds.
public final class TcpSettings {
  private static final long SECOND = 1_000_000_000L;

  /// `TCP_NODELAY`: switches Nagle's algorithm off (RFC 9293, MUST-17).
  public boolean noDelay;

  /// `TCP_CORK`: only full segments are sent, the rest when this is off again, or after an RTO.
  public boolean cork;

  /// `TCP_MAXSEG`: the largest segment, in both directions, of connections that begin from now on;
  /// 0: what the path takes.
  public int maxSegment;

  /// `SO_KEEPALIVE` (RFC 9293, section 3.8.4); off by default (MUST-25).
  public boolean keepAlive;

  /// Idle time before the first keep-alive probe; 2 hours (MUST-28).
  public long keepAliveIdle = 7200 * SECOND;

  /// Time between keep-alive probes.
  public long keepAliveInterval = 75 * SECOND;

  /// Unanswered keep-alive probes that end the connection.
  public int keepAliveCount = 9;

  /// How long sent data may remain unacknowledged (R2 of RFC 9293, section 3.8.3; RFC 5482); 0: the
  /// stack's default.
  public long userTimeout;

  /// `SO_LINGER` in seconds; -1: off. 0 makes `close` an abort.
  public int linger = -1;

  /// `SO_REUSEADDR`: bind although connections in TIME-WAIT use the port.
  public boolean reuseAddress = true;

  /// `SO_SNDBUF` in bytes: how much a writer may be ahead of the acknowledgements; 0: twice the
  /// congestion window, within the bounds of [TcpConfig].
  public int sendBuffer;

  /// `SO_RCVBUF` in bytes: the largest receive window; 0: sized to the path, within the bounds of
  /// [TcpConfig].
  public int receiveBuffer;

  /// `IP_TOS`: the octet of DSCP and ECN; the two ECN bits are the stack's own.
  public int trafficClass;

  /// `IP_TTL` (MUST-49).
  public int hopLimit = 64;

  /// `SO_MAX_PACING_RATE`: octets in a second at which segments leave at most; 0: no limit.
  public long maxPacingRate;

  /// `TCP_CONGESTION`: the congestion control of connections that begin from now on; null: the
  /// stack's.
  public @Nullable CongestionAlgorithm congestion;

  /// `TCP_FASTOPEN` of a listener: how many connections may have text before their handshake is
  /// through (RFC 7413, section 5.1); 0: none. Only for programs that bear to get a request twice
  /// (section 6).
  public int fastOpenQueue;

  /// `TCP_FASTOPEN_CONNECT`: where the server's cookie is known, connect does nothing, and the
  /// first write goes with the SYN (RFC 7413). Only for requests that may arrive twice.
  public boolean fastOpenConnect;

  /// Whether several sockets have this object: it changes no more.
  boolean shared;

  /// These, for one more socket: from here on they change no more.
  TcpSettings share() {
    shared = true;
    return this;
  }

  /// What one socket alone may change: these, or, where others have them too, a copy.
  TcpSettings own() {
    return shared ? copy() : this;
  }

  /// A copy, as a listener gives it to an accepted connection.
  public TcpSettings copy() {
    TcpSettings c = new TcpSettings();
    c.noDelay = noDelay;
    c.cork = cork;
    c.maxSegment = maxSegment;
    c.keepAlive = keepAlive;
    c.keepAliveIdle = keepAliveIdle;
    c.keepAliveInterval = keepAliveInterval;
    c.keepAliveCount = keepAliveCount;
    c.userTimeout = userTimeout;
    c.linger = linger;
    c.reuseAddress = reuseAddress;
    c.sendBuffer = sendBuffer;
    c.receiveBuffer = receiveBuffer;
    c.trafficClass = trafficClass;
    c.hopLimit = hopLimit;
    c.maxPacingRate = maxPacingRate;
    c.congestion = congestion;
    c.fastOpenQueue = fastOpenQueue;
    c.fastOpenConnect = fastOpenConnect;
    return c;
  }
}
