/// Devices of Linux: TAP, TUN and PF_PACKET through java.lang.foreign; the only native access.
///
/// Read [microps.linux.LinuxDeviceProvider] first, which opens them by name; then `LinuxDevice`,
/// what they share: waiting, waking, closing; then `TunTapDevice` and `PacketSocketDevice`. Below
/// them are `KernelInterface` (addresses, MTU, up and down, by ioctl) and `Libc`, the calls
/// themselves. [microps.linux.NetworkNamespace] is for tests and tools. The driver of
/// `microps.sockets` uses the devices next.
@NullMarked
package microps.linux;

import org.jspecify.annotations.NullMarked;
