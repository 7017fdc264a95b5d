/// What people and tools see: frames decoded into text, pcapng blocks, tables. Nothing in the stack
/// depends on it.
@NullMarked
package microps.core.view;

import org.jspecify.annotations.NullMarked;
