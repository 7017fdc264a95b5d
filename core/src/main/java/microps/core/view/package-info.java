/// What people and tools see: frames decoded into text ([microps.core.view.FrameText]), hex dumps,
/// aligned tables. Nothing in the stack depends on it.
@NullMarked
package microps.core.view;

import org.jspecify.annotations.NullMarked;
