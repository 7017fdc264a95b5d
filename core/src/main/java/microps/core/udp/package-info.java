/// UDP (RFC 768), the smallest transport: read it before TCP. [microps.core.udp.UdpSocket] is what
/// a user holds.
@NullMarked
package microps.core.udp;

import org.jspecify.annotations.NullMarked;
