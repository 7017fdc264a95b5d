package microps.core.tcp;

/// How much may be in flight (RFC 5681, section 3): cwnd and ssthresh in octets. An algorithm is a
/// leaf: it gets numbers and keeps numbers. When to resend is [LossRecovery]'s.
sealed interface CongestionControl permits NewReno {

  /// The connection is established: the initial window (RFC 6928), or one segment where the SYN was
  /// lost.
  void start(int mss, boolean synLost);

  /// The effective send MSS changed.
  void mss(int mss);

  /// New data was acknowledged outside of recovery.
  ///
  /// @param octets how much
  /// @param limited whether the window was what limited the sender
  void acknowledged(int octets, boolean limited);

  /// A loss was seen by duplicate acknowledgments: lowers ssthresh; recovery sets the window.
  void lossDetected(int flight);

  /// The retransmission timer expired.
  ///
  /// @param first whether it is the first time for this segment; ssthresh changes only then
  void timedOut(int flight, boolean first);

  /// Nothing was sent for longer than an RTO (RFC 5681, section 4.1).
  void restartAfterIdle();

  /// Recovery inflates and deflates the window (RFC 6582).
  void setWindow(int octets);

  /// cwnd
  int window();

  /// ssthresh
  int threshold();
}
