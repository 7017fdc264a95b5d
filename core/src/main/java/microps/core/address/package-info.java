/// Addresses as records: what a MAC address, an IP address, a prefix and an endpoint are and how
/// they are written. Read [microps.core.address.IpAddress] first; `microps.core.basis` comes next.
@NullMarked
package microps.core.address;

import org.jspecify.annotations.NullMarked;
