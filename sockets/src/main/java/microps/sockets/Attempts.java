package microps.sockets;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketHandle;
import microps.core.basis.TimerQueue;
import microps.core.device.Nic;
import org.jspecify.annotations.Nullable;

/// What a channel's callers want of one socket of the stack, tried until it is done. All is called
/// with the driver's lock held.
final class Attempts {
  static final long NEVER = TimerQueue.NEVER;

  final Watcher watcher;

  private final Driver driver;
  private final BooleanSupplier open;
  private @Nullable SocketError failed;

  /// @param open whether the channel is still open
  Attempts(Driver driver, SocketHandle handle, BooleanSupplier open) {
    this.driver = driver;
    this.open = open;
    watcher = new Watcher(driver, handle);
  }

  /// The end of a time that begins now.
  ///
  /// @param timeout in nanoseconds; 0: none
  long deadline(long timeout) {
    return timeout == 0 ? NEVER : driver.now() + timeout;
  }

  /// Tries once, and where it may wait, again whenever the socket changed.
  ///
  /// @param late what the exception says where the deadline has passed; null: there is none then
  /// @param attempt gives null where it cannot be done yet
  /// @return null where it was not done: it must not wait, or the channel was closed meanwhile
  /// @throws SocketTimeoutException where it was not done by the deadline
  /// @throws SocketException where the device is gone
  <T> @Nullable T until(
      Condition condition,
      boolean blocking,
      long deadline,
      @Nullable String late,
      Driver.Call<@Nullable T> attempt)
      throws IOException {
    boolean interrupted = false;
    try {
      while (open.getAsBoolean()) {
        requireDevice();
        T done = attempt.get();
        if (done != null || !blocking) {
          return done;
        }
        if (deadline != NEVER && driver.now() >= deadline) {
          if (late != null) {
            throw new SocketTimeoutException(late);
          }
          return null;
        }
        interrupted |= driver.await(watcher, condition, deadline);
      }
      return null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// A device is gone for good: nothing works any more where the socket's address was its.
  ///
  /// @return whether it was
  boolean failWith(Nic nic, @Nullable Endpoint local) {
    if (local == null || !nic.owns(local.address())) {
      return false;
    }
    failed = SocketError.NETWORK_DOWN;
    watcher.wakeAll();
    return true;
  }

  void requireDevice() throws SocketException {
    if (failed != null) {
      throw new SocketException(failed.text());
    }
  }
}
