/// Devices of Linux: TAP, TUN and PF_PACKET through java.lang.foreign; the only native access.
///
/// Devices are opened by name through [microps.core.device.DeviceProvider], found by
/// `ServiceLoader`. Exported are that provider, and network namespaces for tests and tools.
module microps.linux {
  requires static org.jspecify;
  requires transitive microps.core;

  exports microps.linux;

  provides microps.core.device.DeviceProvider with
      microps.linux.LinuxDeviceProvider;
}
