package microps.core.tcp.congestion;

/// How much may be in flight (RFC 5681, section 3): cwnd and ssthresh in octets. An algorithm is a
/// leaf: it gets numbers and keeps numbers, one object for each connection. What is lost, and when
/// it is sent again, is not its matter.
///
/// Times are nanoseconds of the stack's clock.
public interface CongestionControl {

  /// The connection is established: the initial window (RFC 6928), or one segment where the SYN was
  /// lost.
  void start(int mss, boolean synLost);

  /// The effective send MSS changed.
  void mss(int mss);

  /// Something was delivered. Called for each acknowledgment that brings news; the object is reused
  /// afterwards.
  void acknowledged(AckSample ack);

  /// A loss was seen by acknowledgments, once for each recovery: lowers ssthresh. The window is
  /// then set by recovery.
  ///
  /// @param flight octets sent and not acknowledged
  void lossDetected(int flight, long now);

  /// The network marked packets instead of dropping them (RFC 3168, section 6.1.2): once for each
  /// window of data, and with nothing lost. By default as after a loss, and at once.
  ///
  /// @param flight octets sent and not acknowledged
  default void congestionExperienced(int flight, long now) {
    lossDetected(flight, now);
    setWindow(threshold());
  }

  /// The retransmission timer expired.
  ///
  /// @param first whether it is the first time for this segment; ssthresh changes only then
  void timedOut(int flight, boolean first, long now);

  /// The last reduction was for nothing: nothing was lost. Takes it back.
  void undo();

  /// Nothing was sent for longer than an RTO (RFC 5681, section 4.1).
  void restartAfterIdle();

  /// Recovery, or window validation, sets the window.
  void setWindow(int octets);

  /// Window validation (RFC 7661) sets ssthresh.
  default void setThreshold(int octets) {}

  /// Whether the algorithm sets its window by itself in recovery too.
  default boolean controlsRecovery() {
    return false;
  }

  /// Octets in a second at which segments are to leave; 0: as cwnd and the round trip suggest.
  default long pacingRate() {
    return 0;
  }

  /// cwnd
  int window();

  /// ssthresh; `Integer.MAX_VALUE` before the first loss
  int threshold();
}
