/// The command line.
@NullMarked
package microps.cli;

import org.jspecify.annotations.NullMarked;
