/// A TCP/IP host as a value. Read [microps.core.Stack] first: its constructor is the one place
/// where the layers meet. Then the packages in the order of the alphabet, bottom up: `address`,
/// `basis`, `bytes`, `device`, `ethernet`, `ip`, `tcp`, `udp` (read before `tcp`), `view`.
@NullMarked
package microps.core;

import org.jspecify.annotations.NullMarked;
