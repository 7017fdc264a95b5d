/// Devices of Linux: TAP, TUN and PF_PACKET through java.lang.foreign; the only native access.
@NullMarked
package microps.linux;

import org.jspecify.annotations.NullMarked;
