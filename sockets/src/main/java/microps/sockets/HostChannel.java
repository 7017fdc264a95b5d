package microps.sockets;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import microps.core.device.Nic;

/// A channel as the driver sees it.
interface HostChannel extends Channel {

  /// The host closes: ends the channel at once. Called without the lock.
  default void hostClosed() {
    try {
      close();
    } catch (IOException e) {
      throw new AssertionError(e); // nothing in there throws it
    }
  }

  /// A device is gone: fails what cannot go on without it. Called with the lock.
  void deviceGone(Nic nic);

  /// @throws ClosedChannelException where it is closed
  default void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }
}
