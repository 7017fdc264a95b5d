/// Where frames come from and go to: [microps.core.device.Device], implemented outside the core;
/// [microps.core.device.DeviceInfo], what it can do; and [microps.core.device.Nic], a device as the
/// stack knows it, with its addresses, output queue and numbers. `microps.core.ethernet` comes
/// next.
@NullMarked
package microps.core.device;

import org.jspecify.annotations.NullMarked;
