/// How much TCP may have in flight (RFC 5681, section 3).
/// [microps.core.tcp.congestion.CongestionControl] is what an algorithm implements, ours and a
/// user's, and [microps.core.tcp.congestion.AckSample] what it learns;
/// [microps.core.tcp.congestion.CongestionAlgorithm] names those that are built in. To read:
/// [microps.core.tcp.congestion.NewReno] with `SlowStart`, then
/// [microps.core.tcp.congestion.Cubic], the default, with `HyStartPlusPlus`, then
/// [microps.core.tcp.congestion.Bbr] with its `BbrModel`. What stands between them and the output
/// is in [microps.core.tcp]: `GuardedCongestion` and `Pacer`.
@NullMarked
package microps.core.tcp.congestion;

import org.jspecify.annotations.NullMarked;
