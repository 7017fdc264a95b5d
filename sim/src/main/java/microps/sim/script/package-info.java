/// Conversations as text: a subset of the language of packetdrill (github.com/google/packetdrill),
/// played in virtual time against one stack.
///
/// Read [microps.sim.script.Script] first; then `Parser` (text to statements), `Player` (statements
/// against a stack), `Calls` (the socket calls), `Matcher` (expected and seen), `Codec` (packets).
@NullMarked
package microps.sim.script;

import org.jspecify.annotations.NullMarked;
