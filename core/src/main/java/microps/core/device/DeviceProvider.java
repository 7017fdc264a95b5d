package microps.core.device;

import java.io.IOException;

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
}
