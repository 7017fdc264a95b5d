/// The Internet layer. The way up: [microps.core.ip.Ipv4Header], [microps.core.ip.Ipv4],
/// `Reassembler`, `Forwarder`. The way down: [microps.core.ip.Routing], which finds a
/// [microps.core.ip.Path], and [microps.core.ip.Ipv4Output] with its `Fragmenter`. Beside them
/// [microps.core.ip.Icmp4] hears errors and echoes, and `IcmpErrors` sends errors.
///
/// `microps.core.udp` and `microps.core.tcp` build on it through [microps.core.ip.Transport] (up)
/// and [microps.core.ip.IpOutput] (down); `microps.core.udp` comes next.
@NullMarked
package microps.core.ip;

import org.jspecify.annotations.NullMarked;
