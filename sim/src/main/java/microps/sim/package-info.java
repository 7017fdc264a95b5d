/// A network in memory and in virtual time: hosts ([microps.sim.SimHost]), wires
/// ([microps.sim.Wire]) with faults ([microps.sim.Faults]), switches, programs
/// ([microps.sim.SimApp]). Read [microps.sim.Network] first.
@NullMarked
package microps.sim;

import org.jspecify.annotations.NullMarked;
