/// A host with its driver, and the channels of java.nio on it.
@NullMarked
package microps.sockets;

import org.jspecify.annotations.NullMarked;
