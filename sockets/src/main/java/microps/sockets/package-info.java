/// A running host, and the channels of `java.nio` on it. Read [microps.sockets.Host] first, then
/// `Driver`, which owns the lock and the threads, and `TcpChannel` with its parts: `TcpConnect`,
/// `TcpTransfer`, and `Attempts`, in which the callers of all channels wait. Around them:
/// [microps.sockets.MemoryWire], a cable inside one JVM, [microps.sockets.CaptureFile] and
/// [microps.sockets.LogTrace] to look on. What comes next is the command line, `microps.cli`.
@NullMarked
package microps.sockets;

import org.jspecify.annotations.NullMarked;
