package microps.core.tcp;

import java.util.function.Consumer;
import microps.core.tcp.congestion.CongestionAlgorithm;

/// The knobs of TCP for a whole stack; times in nanoseconds. `TcpConfig.DEFAULT.with(c -> c.sack =
/// false)` is a changed copy.
///
/// @param initialRto the retransmission timeout before the first measurement (RFC 6298 (2.1): 1 s)
/// @param minRto the smallest retransmission timeout
/// @param rtoMargin by how much the retransmission timeout exceeds SRTT at least (G of RFC 6298;
///   Linux: 200 ms)
/// @param maxRto the largest (RFC 6298 (2.5): at least 60 s)
/// @param synTimeout how long an unanswered SYN is retransmitted (MUST-23: at least 3 minutes)
/// @param dataTimeout how long unacknowledged data is retransmitted (SHLD-11: at least 100 s)
/// @param finWait2Timeout how long a connection without a user waits in FIN-WAIT-2
/// @param timeWait 2 MSL
/// @param delayedAck how long an acknowledgement is delayed (MUST-40: less than 0.5 s)
/// @param maxSynQueue half-open connections of one listener
/// @param maxTimeWait connections in TIME-WAIT; the oldest goes when one more comes
/// @param maxConnections connections in all
/// @param timestamps whether RFC 7323 timestamps are offered
/// @param windowScale whether RFC 7323 window scaling is offered
/// @param sack whether SACK is offered (RFC 2018)
/// @param rack whether losses are found by time (RFC 8985), or by counting (RFC 6675)
/// @param quickAcks how many segments with text are acknowledged at once when a connection begins,
///   as long as the user does not answer; so that a peer in slow start is not held up
/// @param receiveBuffer the receive window of a new connection, where the user set no `SO_RCVBUF`
/// @param maxReceiveBuffer what it grows to, as the path needs it; the window scale that is offered
///   follows from it
/// @param sendBuffer how much a user may write ahead of a new connection, where it set no
///   `SO_SNDBUF`
/// @param maxSendBuffer what it grows to: twice the congestion window, but no more than this
/// @param bufferMemory octets that the buffers of all connections together may hold
/// @param congestion the congestion control of connections whose socket names none
/// @param ecn when connections use ECN (RFC 3168)
/// @param pacing whether what is sent is spread over the round trip, or leaves in bursts
/// @param synCookies when a listener answers a SYN without keeping anything (RFC 4987)
/// @param challengeInterval the least time between two answers of a connection to what it does not
///   accept and what holds no text (RFC 5961, section 7)
/// @param mtuProbing whether a path that swallows large segments without a word is found out, and
///   larger segments are tried later on (RFC 4821)
/// @param timeWaitReuse whether an active OPEN may take the place of a connection in TIME-WAIT
///   whose timestamps tell old segments from new ones (RFC 6191)
/// @param fastOpenClient whether sockets that want it may send text in a SYN (RFC 7413)
/// @param fastOpenServer whether listeners that want it take text in a SYN (RFC 7413)
/// @param userTimeoutOption whether peers tell each other how long they wait (RFC 5482)
/// @param minUserTimeout the least user timeout that a peer's option sets (RFC 5482: L_LIMIT)
/// @param maxUserTimeout the largest (RFC 5482: U_LIMIT)
public record TcpConfig(
    long initialRto,
    long minRto,
    long rtoMargin,
    long maxRto,
    long synTimeout,
    long dataTimeout,
    long finWait2Timeout,
    long timeWait,
    long delayedAck,
    int maxSynQueue,
    int maxTimeWait,
    int maxConnections,
    boolean timestamps,
    boolean windowScale,
    boolean sack,
    boolean rack,
    int quickAcks,
    int receiveBuffer,
    int maxReceiveBuffer,
    int sendBuffer,
    int maxSendBuffer,
    long bufferMemory,
    CongestionAlgorithm congestion,
    EcnMode ecn,
    boolean pacing,
    SynCookies synCookies,
    long challengeInterval,
    boolean mtuProbing,
    boolean timeWaitReuse,
    boolean fastOpenClient,
    boolean fastOpenServer,
    boolean userTimeoutOption,
    long minUserTimeout,
    long maxUserTimeout) {

  /// When a listener answers SYNs by cookies.
  public enum SynCookies {
    /// Never: what does not fit into the SYN queue is dropped.
    OFF,
    /// While the SYN queue is full.
    UNDER_PRESSURE,
    /// To every SYN.
    ALWAYS
  }

  /// The defaults.
  public static final TcpConfig DEFAULT = new Builder().build();

  /// A copy with changes.
  public TcpConfig with(Consumer<Builder> changes) {
    Builder builder = new Builder(this);
    changes.accept(builder);
    return builder.build();
  }

  /// The knobs as fields, for [TcpConfig#with]. Those of a new one are the values of the RFCs, but
  /// for the smallest RTO and the delayed ACK, which are those of Linux.
  public static final class Builder {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1000 * MS;

    public long initialRto = SECOND;
    // Deviation: RFC 6298 (2.4) says 1 s
    public long minRto = 200 * MS;
    public long rtoMargin = MS;
    public long maxRto = 120 * SECOND;
    public long synTimeout = 190 * SECOND;
    public long dataTimeout = 924 * SECOND;
    public long finWait2Timeout = 60 * SECOND;
    public long timeWait = 60 * SECOND;
    public long delayedAck = 40 * MS;
    public int maxSynQueue = 1024;
    public int maxTimeWait = 16_384;
    public int maxConnections = 1 << 20;
    public boolean timestamps = true;
    public boolean windowScale = true;
    public boolean sack = true;
    public boolean rack = true;
    public int quickAcks;
    public int receiveBuffer = 0xffff;
    public int maxReceiveBuffer = 6 << 20;
    public int sendBuffer = 1 << 18;
    public int maxSendBuffer = 4 << 20;
    public long bufferMemory = 256L << 20;
    public CongestionAlgorithm congestion = CongestionAlgorithm.BUILT_IN.getFirst();
    public EcnMode ecn = EcnMode.ON;
    public boolean pacing = true;
    public SynCookies synCookies = SynCookies.UNDER_PRESSURE;
    public long challengeInterval = 500 * MS;
    public boolean mtuProbing = true;
    public boolean timeWaitReuse = true;
    public boolean fastOpenClient = true;
    public boolean fastOpenServer = true;
    public boolean userTimeoutOption;
    public long minUserTimeout = 100 * SECOND;
    public long maxUserTimeout = 3600 * SECOND;

    private Builder() {}

    private Builder(TcpConfig c) {
      initialRto = c.initialRto;
      minRto = c.minRto;
      rtoMargin = c.rtoMargin;
      maxRto = c.maxRto;
      synTimeout = c.synTimeout;
      dataTimeout = c.dataTimeout;
      finWait2Timeout = c.finWait2Timeout;
      timeWait = c.timeWait;
      delayedAck = c.delayedAck;
      maxSynQueue = c.maxSynQueue;
      maxTimeWait = c.maxTimeWait;
      maxConnections = c.maxConnections;
      timestamps = c.timestamps;
      windowScale = c.windowScale;
      sack = c.sack;
      rack = c.rack;
      quickAcks = c.quickAcks;
      receiveBuffer = c.receiveBuffer;
      maxReceiveBuffer = c.maxReceiveBuffer;
      sendBuffer = c.sendBuffer;
      maxSendBuffer = c.maxSendBuffer;
      bufferMemory = c.bufferMemory;
      congestion = c.congestion;
      ecn = c.ecn;
      pacing = c.pacing;
      synCookies = c.synCookies;
      challengeInterval = c.challengeInterval;
      mtuProbing = c.mtuProbing;
      timeWaitReuse = c.timeWaitReuse;
      fastOpenClient = c.fastOpenClient;
      fastOpenServer = c.fastOpenServer;
      userTimeoutOption = c.userTimeoutOption;
      minUserTimeout = c.minUserTimeout;
      maxUserTimeout = c.maxUserTimeout;
    }

    private TcpConfig build() {
      return new TcpConfig(
          initialRto,
          minRto,
          rtoMargin,
          maxRto,
          synTimeout,
          dataTimeout,
          finWait2Timeout,
          timeWait,
          delayedAck,
          maxSynQueue,
          maxTimeWait,
          maxConnections,
          timestamps,
          windowScale,
          sack,
          rack,
          quickAcks,
          receiveBuffer,
          maxReceiveBuffer,
          sendBuffer,
          maxSendBuffer,
          bufferMemory,
          congestion,
          ecn,
          pacing,
          synCookies,
          challengeInterval,
          mtuProbing,
          timeWaitReuse,
          fastOpenClient,
          fastOpenServer,
          userTimeoutOption,
          minUserTimeout,
          maxUserTimeout);
    }
  }
}
