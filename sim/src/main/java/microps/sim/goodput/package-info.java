/// How much a TCP connection gets out of a path: [microps.sim.goodput.Trial] says what path and
/// what connections, [microps.sim.goodput.Outcome] what came of it,
/// [microps.sim.goodput.Trajectory] how cwnd and round trips went on the way, and
/// [microps.sim.goodput.GoodputCommand] does one trial from a shell. The tables of docs/GOODPUT.md
/// are made of these.
@NullMarked
package microps.sim.goodput;

import org.jspecify.annotations.NullMarked;
