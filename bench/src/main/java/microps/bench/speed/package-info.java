/// Speed beside the kernel: what the kernel does with itself over veth, and microps with the kernel
/// over a TAP or a packet socket, in turns.
///
/// Read first [microps.bench.speed.SpeedFigures], the table of what is measured and what is wanted
/// of it. A [microps.bench.speed.Trial] measures once and gives a [microps.bench.speed.Sample];
/// most are held on a [microps.bench.speed.Bed], network namespaces with a
/// [microps.bench.speed.PeerProcess] for each side. [microps.bench.speed.Speed] runs them.
@NullMarked
package microps.bench.speed;

import org.jspecify.annotations.NullMarked;
