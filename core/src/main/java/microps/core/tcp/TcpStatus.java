package microps.core.tcp;

import microps.core.address.Endpoint;
import org.jspecify.annotations.Nullable;

/// A connection, or a listener, in numbers: a row of the socket table.
///
/// @param local our endpoint
/// @param remote the peer's; null for a listener
/// @param state its state
/// @param sendQueue bytes written and not acknowledged; for a listener the backlog
/// @param receiveQueue bytes to read; for a listener the connections that wait to be accepted
/// @param congestionWindow cwnd in bytes
/// @param slowStartThreshold ssthresh in bytes; `Integer.MAX_VALUE` before the first loss
/// @param sendWindow snd.wnd in bytes
/// @param receiveWindow rcv.wnd in bytes
/// @param smoothedRoundTrip SRTT in nanoseconds; 0 before the first measurement
/// @param retransmissionTimeout RTO in nanoseconds
/// @param maxSegment the effective send MSS in bytes
/// @param retransmits segments sent again since the start
/// @param bytesIn bytes received in order since the start
/// @param bytesOut bytes acknowledged by the peer since the start
public record TcpStatus(
    Endpoint local,
    @Nullable Endpoint remote,
    TcpState state,
    long sendQueue,
    long receiveQueue,
    int congestionWindow,
    int slowStartThreshold,
    int sendWindow,
    int receiveWindow,
    long smoothedRoundTrip,
    long retransmissionTimeout,
    int maxSegment,
    long retransmits,
    long bytesIn,
    long bytesOut) {}
