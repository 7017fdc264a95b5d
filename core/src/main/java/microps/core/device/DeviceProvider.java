package microps.core.device;

import java.io.IOException;
import java.util.List;

/// Opens devices of some kinds; found by `ServiceLoader`.
public interface DeviceProvider {

  /// Whether it opens devices of this scheme, the part before the colon in `tap:tap0`.
  boolean supports(String scheme);

  /// Opens a device.
  ///
  /// @param scheme the part before the colon
  /// @param name the part after it
  /// @throws IOException with one line that tells a person what to do: no such device, busy, no
  ///   permission
  Device open(String scheme, String name, DeviceOptions options) throws IOException;

  /// Opens a device with several queues, between which the kernel spreads what arrives; who sends
  /// on one mostly gets the answers there. Where the kernel or the device has fewer, there are
  /// fewer.
  ///
  /// @param queues how many are wanted
  /// @return one device for each queue, at least one
  /// @throws IOException as [#open]
  default List<Device> openQueues(String scheme, String name, DeviceOptions options, int queues)
      throws IOException {
    return List.of(open(scheme, name, options));
  }
}
