/// A running host, and the channels of `java.nio` on it. Read [microps.sockets.Host] first, then
/// `Driver`, which owns the lock and the threads, and `TcpChannel`, the longest of the channels.
/// Around them: [microps.sockets.MemoryWire], a cable inside one JVM, [microps.sockets.CaptureFile]
/// and [microps.sockets.LogTrace] to look on. What comes next is the command line, `microps.cli`.
@NullMarked
package microps.sockets;

import org.jspecify.annotations.NullMarked;
