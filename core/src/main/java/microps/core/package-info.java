/// The protocols of a TCP/IP host: frames and time go in, frames and a deadline come out.
@NullMarked
package microps.core;

import org.jspecify.annotations.NullMarked;
