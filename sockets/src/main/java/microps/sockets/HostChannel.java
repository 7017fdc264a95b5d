package microps.sockets;

import microps.core.device.Nic;

/// A channel as the driver sees it.
interface HostChannel {

  /// The host closes: ends the channel at once. Called without the lock.
  void hostClosed();

  /// A device is gone: fails what cannot go on without it. Called with the lock.
  void deviceGone(Nic nic);
}
