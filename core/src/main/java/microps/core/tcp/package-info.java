/// TCP (RFC 9293). The vocabulary first ([microps.core.tcp.TcpState], `Seq`, `Segment`), then
/// `TcpConnection`, `SegmentArrives` and `TcpOutput`; [microps.core.tcp.TcpSocket] and
/// [microps.core.tcp.TcpListener] are what a user holds.
@NullMarked
package microps.core.tcp;

import org.jspecify.annotations.NullMarked;
