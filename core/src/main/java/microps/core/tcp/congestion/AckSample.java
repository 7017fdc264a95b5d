package microps.core.tcp.congestion;

/// What one arriving acknowledgment told: the numbers that algorithms ask for. One object is used
/// again and again; it is valid during the call only. Octets, and nanoseconds.
public final class AckSample {
  /// The time of arrival.
  public long now;

  /// Octets by which SND.UNA moved.
  public int acked;

  /// Whether the congestion window, and not the user or the peer's window, limited the sender.
  public boolean limited;

  /// Whether loss recovery is under way: the window is recovery's then, unless the algorithm
  /// [controls it][CongestionControl#controlsRecovery()].
  public boolean recovering;
}
