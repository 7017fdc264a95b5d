/// Ethernet II, ARP and the neighbour table. `microps.core.ip` comes next.
@NullMarked
package microps.core.ethernet;

import org.jspecify.annotations.NullMarked;
