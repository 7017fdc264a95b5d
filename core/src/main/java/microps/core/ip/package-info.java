/// The Internet layer: IPv4, ICMP, routes, reassembly, path MTU. Read [microps.core.ip.Ipv4Header]
/// first, then `Ipv4`; `microps.core.udp` and `microps.core.tcp` build on it through
/// [microps.core.ip.Transport] and [microps.core.ip.IpOutput].
@NullMarked
package microps.core.ip;

import org.jspecify.annotations.NullMarked;
