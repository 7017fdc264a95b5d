/// UDP (RFC 768), the smallest transport: read it before TCP. [microps.core.udp.UdpHeader], then
/// [microps.core.udp.Udp], which finds the socket; [microps.core.udp.UdpSocket] is what a user
/// holds. `microps.core.tcp` comes next.
@NullMarked
package microps.core.udp;

import org.jspecify.annotations.NullMarked;
