/// The only places where bytes are moved: [microps.core.bytes.Packet], a window on a `byte[]` with
/// room in front for headers; its pool; and the Internet checksum. Read `Packet` first;
/// `microps.core.device` comes next.
@NullMarked
package microps.core.bytes;

import org.jspecify.annotations.NullMarked;
