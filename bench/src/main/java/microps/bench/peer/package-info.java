/// What runs in the processes that are measured: servers and clients, the same on the sockets of
/// the kernel and on those of microps.
///
/// [microps.bench.peer.Peer] is such a process: it reads commands, one a line, and answers each.
/// [microps.bench.peer.Services] are its servers, [microps.bench.peer.Loads] and
/// [microps.bench.peer.Datagrams] what its clients do; a [microps.bench.peer.Mark] is what it has
/// done so far. [microps.bench.peer.Hosts] is another, with two microps hosts on one thread.
/// `microps.bench.speed` starts the processes next.
@NullMarked
package microps.bench.peer;

import org.jspecify.annotations.NullMarked;
