/// How much TCP may have in flight (RFC 5681, section 3).
/// [microps.core.tcp.congestion.CongestionControl] is what an algorithm implements, ours and a
/// user's; [microps.core.tcp.congestion.CongestionAlgorithm] names those that are built in;
/// [microps.core.tcp.congestion.NewReno] is the one to read first,
/// [microps.core.tcp.congestion.Cubic] is the default. Next: [microps.core.tcp].
@NullMarked
package microps.core.tcp.congestion;

import org.jspecify.annotations.NullMarked;
