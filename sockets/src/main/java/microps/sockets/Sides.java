package microps.sockets;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The two sides of a channel: one thread at a time reads, one writes, and each holds its side for
/// the whole of a blocking call.
final class Sides {
  final ReentrantLock read = new ReentrantLock();
  final ReentrantLock write = new ReentrantLock();

  /// Does something while nobody reads or writes; waits for calls that are under way.
  <T extends @Nullable Object> T alone(Driver.Call<T> action) throws IOException {
    read.lock();
    write.lock();
    try {
      return action.get();
    } finally {
      write.unlock();
      read.unlock();
    }
  }
}
