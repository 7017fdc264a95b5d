package microps.sockets;

import java.util.concurrent.locks.Condition;
import microps.core.basis.SocketHandle;

/// Those who wait for one socket of the stack. Attached to its handle; everything here is guarded
/// by the driver's lock.
class Watcher {
  final SocketHandle handle;
  final Condition readable;
  final Condition writable;

  /// How many threads wait here.
  int waiting;

  /// How often something changed, wrapping.
  int changes;

  /// Whether the driver has this watcher on its list already.
  boolean noted;

  Watcher(Driver driver, SocketHandle handle) {
    this.handle = handle;
    readable = driver.newCondition();
    writable = driver.newCondition();
    handle.attach(this);
  }

  /// The socket's readiness may have grown. Who is signalled here runs when the lock is free.
  void changed() {
    changes++;
    if (waiting > 0) {
      int ready = handle.readiness();
      if ((ready & (SocketHandle.READABLE | SocketHandle.FAILED)) != 0) {
        readable.signalAll();
      }
      if ((ready & (SocketHandle.WRITABLE | SocketHandle.FAILED)) != 0) {
        writable.signalAll();
      }
    }
  }

  /// Wakes all, whatever they wait for: the channel was closed or shut down.
  void wakeAll() {
    changes++;
    readable.signalAll();
    writable.signalAll();
  }
}
