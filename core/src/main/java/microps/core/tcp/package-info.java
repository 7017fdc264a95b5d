/// TCP (RFC 9293). What a user holds: [microps.core.tcp.TcpSocket], [microps.core.tcp.TcpListener],
/// their [microps.core.tcp.TcpSettings], and [microps.core.tcp.TcpInfo] to look at one;
/// [microps.core.tcp.TcpConfig] is for all of a stack.
///
/// To read, in this order: the vocabulary ([microps.core.tcp.TcpState], `Seq`, `TcpHeader`,
/// `Segment`); `TcpConnection` with its halves `Sender` and `Receiver`; `Handshake`,
/// `SegmentArrives` and `AckArrives` for what comes in, `UserCalls` and `Timeouts`, `TcpOutput` for
/// what goes out. Then `RttEstimator`, and what is lost: `LossRecovery`, `SentSegments`, `Rack`,
/// `Prr`. All else is a leaf that one of these asks; ARCHITECTURE.md, "TCP by concern", says which
/// for what. Next: [microps.core.tcp.congestion].
@NullMarked
package microps.core.tcp;

import org.jspecify.annotations.NullMarked;
