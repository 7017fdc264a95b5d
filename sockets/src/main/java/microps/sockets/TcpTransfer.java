package microps.sockets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpSocket;

/// The bytes of a [TcpChannel] in both directions. All is done with the driver's lock held, but the
/// two questions at the end.
final class TcpTransfer {
  private final Driver driver;
  private final TcpSocket tcp;
  private final Attempts attempts;
  private final BooleanSupplier open;
  private volatile boolean inputClosed;
  private volatile boolean outputClosed;

  /// @param open whether the channel is still open
  TcpTransfer(Driver driver, TcpSocket tcp, Attempts attempts, BooleanSupplier open) {
    this.driver = driver;
    this.tcp = tcp;
    this.attempts = attempts;
    this.open = open;
  }

  /// Reads what there is, and waits for it where it may.
  ///
  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @return as a channel's read; 0 where nothing came and it must not wait, or where the channel
  ///   was closed meanwhile
  long read(boolean blocking, long timeout, ByteBuffer[] targets) throws IOException {
    Long n =
        attempts.until(
            attempts.watcher.readable,
            blocking,
            attempts.deadline(timeout),
            "Read timed out",
            () -> {
              long now = readNow(targets);
              return now != 0 || !Buffers.hasRemaining(targets) ? (Long) now : null;
            });
    return n == null ? 0 : n;
  }

  private long readNow(ByteBuffer[] targets) throws SocketFailure {
    if (inputClosed) {
      return -1;
    }
    long total = 0;
    long now = driver.now();
    for (ByteBuffer target : targets) {
      if (target.hasRemaining()) {
        int n = tcp.read(target, now);
        if (n <= 0) {
          return total > 0 ? total : n;
        }
        total += n;
        if (target.hasRemaining()) {
          break;
        }
      }
    }
    return total;
  }

  /// Bytes that can be read without waiting.
  int available() {
    return inputClosed ? 0 : tcp.available();
  }

  /// Writes all where it may wait, and what there is room for otherwise.
  ///
  /// @return how much; less than all where the channel, or its output, was closed meanwhile
  long write(boolean blocking, ByteBuffer[] sources) throws IOException {
    if (open.getAsBoolean() && outputClosed) {
      throw new ClosedChannelException();
    }
    long n = 0;
    while (open.getAsBoolean() && !outputClosed) {
      attempts.requireDevice();
      n += writeNow(sources);
      if (!blocking || !Buffers.hasRemaining(sources)) {
        break;
      }
      driver.await(attempts.watcher, attempts.watcher.writable, Attempts.NEVER);
    }
    return n;
  }

  private long writeNow(ByteBuffer[] sources) throws SocketFailure {
    long total = 0;
    long now = driver.now();
    for (ByteBuffer source : sources) {
      if (source.hasRemaining()) {
        total += tcp.write(source, now);
        if (source.hasRemaining()) {
          break;
        }
      }
    }
    return total;
  }

  void shutdownInput() throws SocketFailure {
    if (!inputClosed) {
      inputClosed = true;
      tcp.shutdownInput(driver.now());
      attempts.watcher.wakeAll();
    }
  }

  void shutdownOutput() throws SocketFailure {
    if (!outputClosed) {
      outputClosed = true;
      tcp.shutdownOutput(driver.now());
      attempts.watcher.wakeAll();
    }
  }

  boolean isInputClosed() {
    return inputClosed;
  }

  boolean isOutputClosed() {
    return outputClosed;
  }
}
