package microps.core.ethernet;

import microps.core.bytes.Packet;
import microps.core.device.Nic;

/// The layer above a link, as the link sees it: IP.
public interface LinkUser {

  /// A packet of this layer's type has arrived; the window begins at its header, and may be longer
  /// than it (padding).
  void receive(Nic nic, Packet packet, long now);

  /// A packet that waited for its neighbour's address is given up: nobody answers. The window
  /// begins at its header; it is valid during the call only.
  void unreachable(Nic nic, Packet packet, long now);
}
