package microps.core.tcp.congestion;

/// What one arriving acknowledgment told: the numbers that algorithms ask for. One object is used
/// again and again; it is valid during the call only. Octets, and nanoseconds.
public final class AckSample {
  /// The time of arrival.
  public long now;

  /// Octets by which SND.UNA moved.
  public int acked;

  /// Octets newly delivered: acknowledged by SND.UNA or by SACK for the first time.
  public int delivered;

  /// Octets that this acknowledgment showed to be lost, or RACK's reordering timer since the one
  /// before (RFC 8985, section 6.3).
  public int lost;

  /// Octets in flight (RFC 6675's pipe) before this acknowledgment.
  public int inFlightBefore;

  /// Octets in flight after it.
  public int inFlight;

  /// The round trip of the newest segment that was delivered and had been sent once; 0: none.
  public long rtt;

  /// The smoothed round trip, this sample included; 0 before the first.
  public long smoothedRtt;

  /// The smallest round trip of this connection's last seconds; 0 before the first.
  public long minRtt;

  /// Whether the first octet was acknowledged that was sent after the round before began: a round
  /// trip has passed.
  public boolean roundStart;

  /// Octets in a second that were delivered over the last round trip; 0: unknown.
  public long deliveryRate;

  /// Whether the user, and not the network, limited [#deliveryRate].
  public boolean applicationLimited;

  /// Whether the congestion window, and not the user or the peer's window, limited the sender.
  public boolean limited;

  /// Whether loss recovery is under way: the window is recovery's then, unless the algorithm
  /// [controls it][CongestionControl#controlsRecovery()].
  public boolean recovering;

  /// Whether what is sent is spread over the round trip (pacing), so that a window that grows at
  /// once is no burst.
  public boolean paced;

  /// Whether the acknowledgment carried ECN-Echo (RFC 3168).
  public boolean ecnEcho;
}
