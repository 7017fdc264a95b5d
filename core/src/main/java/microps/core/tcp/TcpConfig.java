package microps.core.tcp;

/// The knobs of TCP for a whole stack; times in nanoseconds.
///
/// @param initialRto the retransmission timeout before the first measurement (RFC 6298 (2.1): 1 s)
/// @param minRto the smallest retransmission timeout
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
public record TcpConfig(
    long initialRto,
    long minRto,
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
    boolean sack) {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1000 * MS;

  /// RFC values; the smallest RTO and the delayed ACK as Linux has them.
  // Deviation: RFC 6298 (2.4) says 1 s for the smallest RTO; 200 ms as Linux.
  public static final TcpConfig DEFAULT =
      new TcpConfig(
          SECOND,
          200 * MS,
          120 * SECOND,
          190 * SECOND,
          924 * SECOND,
          60 * SECOND,
          60 * SECOND,
          40 * MS,
          1024,
          16_384,
          1 << 20,
          true,
          true,
          true);
}
