/// A network in memory and in virtual time: hosts, links, faults.
@NullMarked
package microps.sim;

import org.jspecify.annotations.NullMarked;
