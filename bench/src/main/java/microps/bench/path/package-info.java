/// Goodput over a path with a rate, a delay and losses, microps and the kernel in turns as sender
/// and as receiver: the kernel as witness.
///
/// Read first [microps.bench.path.PathSpec], then [microps.bench.path.Line], one direction of the
/// path in virtual time; [microps.bench.path.Relay] gives it a clock and two devices.
@NullMarked
package microps.bench.path;

import org.jspecify.annotations.NullMarked;
