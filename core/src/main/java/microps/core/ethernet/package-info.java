/// Ethernet II, ARP and the neighbour table. Read [microps.core.ethernet.EthernetHeader] and
/// [microps.core.ethernet.Ethernet] first, then `Arp`, and [microps.core.ethernet.NeighborTable]
/// for what happens when nobody answers. `microps.core.ip`, which is its
/// [microps.core.ethernet.LinkUser], comes next.
@NullMarked
package microps.core.ethernet;

import org.jspecify.annotations.NullMarked;
