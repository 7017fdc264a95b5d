package microps.core.tcp;

import microps.core.address.Endpoint;

/// A connection in numbers, as of one moment: what Linux tells in `tcp_info` and `ss -ti` prints.
/// Sizes are octets, durations nanoseconds, rates octets in a second.
///
/// @param local our endpoint
/// @param remote the peer's
/// @param state its state
/// @param options what the two sides agreed on
/// @param roundTrip what is known of the path's round trip
/// @param congestion what the congestion control says
/// @param recovery what loss recovery knows of what is in flight
/// @param sending the sending half at present
/// @param receiving the receiving half at present
/// @param buffers the memory of the connection
/// @param counts what happened since its start
/// @param times when it happened last, and what took how long
public record TcpInfo(
    Endpoint local,
    Endpoint remote,
    TcpState state,
    Options options,
    RoundTrip roundTrip,
    Congestion congestion,
    Recovery recovery,
    Sending sending,
    Receiving receiving,
    Buffers buffers,
    Counts counts,
    Times times) {

  /// What the SYNs agreed on.
  ///
  /// @param timestamps RFC 7323
  /// @param sack RFC 2018
  /// @param windowScaling RFC 7323
  /// @param sendShift Snd.Wind.Shift: how far windows that the peer sends are shifted
  /// @param receiveShift Rcv.Wind.Shift: how far windows that we send are shifted
  /// @param ecn RFC 3168
  /// @param fastOpen whether data in the SYN was acknowledged (RFC 7413)
  public record Options(
      boolean timestamps,
      boolean sack,
      boolean windowScaling,
      int sendShift,
      int receiveShift,
      boolean ecn,
      boolean fastOpen) {}

  /// The round trip. 0: not measured yet.
  ///
  /// @param smoothed SRTT (RFC 6298)
  /// @param variation RTTVAR
  /// @param minimum the smallest of late
  /// @param timeout RTO, backed off
  /// @param backOffs how often the timer expired since something was last acknowledged
  public record RoundTrip(
      long smoothed, long variation, long minimum, long timeout, int backOffs) {}

  /// Congestion control.
  ///
  /// @param algorithm its name
  /// @param window cwnd
  /// @param threshold ssthresh; `Integer.MAX_VALUE` before the first loss
  /// @param pacingRate the rate at which segments leave; 0: they are not paced
  /// @param deliveryRate the latest measured rate at which the peer gets what is sent; 0: none
  /// @param applicationLimited whether the user, and not the path, limited that measurement
  public record Congestion(
      String algorithm,
      int window,
      int threshold,
      long pacingRate,
      long deliveryRate,
      boolean applicationLimited) {}

  /// What loss recovery is at, as Linux names it.
  public enum Phase {
    /// Nothing suspicious.
    OPEN,
    /// Something is missing; it may come out of order.
    DISORDER,
    /// The window was lowered for another reason than a loss: ECN.
    CWR,
    /// Fast recovery: what was lost is sent again.
    RECOVERY,
    /// The retransmission timer expired.
    LOSS
  }

  /// Loss recovery.
  ///
  /// @param phase what it is at
  /// @param pipe octets that are thought to be in the network (RFC 6675)
  /// @param sacked octets that the peer has selectively acknowledged
  /// @param lost octets that are taken for lost
  /// @param retransmitted octets sent again and not acknowledged yet
  /// @param reordering how many segments the highest that had arrived was ahead of one that came
  ///   late, at most; 3 (DupThresh) until it was more, and at most 300
  /// @param reorderings how many acknowledgments told of reordering
  /// @param reorderingWindow RACK.reo_wnd: how much later than what was sent after it something may
  ///   arrive before it is taken for lost (RFC 8985, section 6.2), in nanoseconds
  /// @param reorderingSteps RACK.reo_wnd_mult: of how many quarters of the smallest round trip it
  ///   is made; more after D-SACKs
  public record Recovery(
      Phase phase,
      int pipe,
      int sacked,
      int lost,
      int retransmitted,
      int reordering,
      int reorderings,
      long reorderingWindow,
      int reorderingSteps) {}

  /// The sending half.
  ///
  /// @param mss Eff.snd.MSS: octets of text in a full segment
  /// @param peerMss what the peer's MSS option said
  /// @param pathMtu the largest datagram that the path takes
  /// @param window SND.WND
  /// @param flight SND.NXT - SND.UNA: octets sent and not acknowledged
  /// @param unsent octets written by the user and never sent
  public record Sending(int mss, int peerMss, int pathMtu, int window, int flight, int unsent) {}

  /// The receiving half.
  ///
  /// @param mss the largest segment that came
  /// @param advertisedMss what our MSS option said
  /// @param window RCV.WND: what the peer may still send
  /// @param readable octets in order that the user has not read
  /// @param outOfOrder ranges of octets that wait for a gap to close
  /// @param roundTrip the round trip as the receiver sees it; 0: not measured
  /// @param space octets that the user reads in a round trip: what the window is made for
  public record Receiving(
      int mss,
      int advertisedMss,
      int window,
      int readable,
      int outOfOrder,
      long roundTrip,
      int space) {}

  /// The memory of a connection.
  ///
  /// @param send octets allocated for what the peer has not acknowledged
  /// @param sendLimit how much the user may write ahead of the acknowledgments at present
  /// @param receive octets allocated for what the user has not read
  /// @param receiveLimit the largest window that is offered at present
  public record Buffers(int send, int sendLimit, int receive, int receiveLimit) {}

  /// What happened since the connection began.
  ///
  /// @param bytesSent octets of text sent, those sent again too
  /// @param bytesRetransmitted octets of text sent again
  /// @param bytesAcked octets that the peer has acknowledged
  /// @param bytesReceived octets received in order
  /// @param delivered octets delivered: acknowledged, or selectively acknowledged
  /// @param deliveredMarked octets delivered whose acknowledgments carried ECN-Echo
  /// @param segmentsSent segments sent, as many as the wire carries of a super-segment; so are all
  ///   segments here counted
  /// @param segmentsReceived segments received
  /// @param dataSegmentsSent segments with text sent
  /// @param dataSegmentsReceived segments with text received
  /// @param retransmits segments sent again
  /// @param duplicateAcks duplicate acknowledgments received
  /// @param duplicateSacks D-SACKs received (RFC 2883): what we sent again needlessly
  /// @param timeouts how often the retransmission timer expired
  /// @param tailProbes tail loss probes sent (RFC 8985)
  /// @param outOfOrder segments received out of order
  public record Counts(
      long bytesSent,
      long bytesRetransmitted,
      long bytesAcked,
      long bytesReceived,
      long delivered,
      long deliveredMarked,
      long segmentsSent,
      long segmentsReceived,
      long dataSegmentsSent,
      long dataSegmentsReceived,
      long retransmits,
      long duplicateAcks,
      long duplicateSacks,
      long timeouts,
      long tailProbes,
      long outOfOrder) {}

  /// Durations. Those of "since" are counted from the moment of this record; -1: it never happened.
  ///
  /// @param sinceDataSent since a segment with text was sent
  /// @param sinceDataReceived since a segment with text was received
  /// @param sinceReceived since any segment was received
  public record Times(long sinceDataSent, long sinceDataReceived, long sinceReceived) {}
}
