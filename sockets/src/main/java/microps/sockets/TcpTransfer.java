package microps.sockets;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// The bytes of a [TcpChannel] in both directions. All is done with the driver's lock held, but the
/// two questions at the end.
final class TcpTransfer {
  private static final long NEVER = TimerQueue.NEVER;

  private final Driver driver;
  private final TcpSocket tcp;
  private final Watcher watcher;
  private final BooleanSupplier open;
  private volatile boolean inputClosed;
  private volatile boolean outputClosed;
  private @Nullable SocketError failed;

  /// @param open whether the channel is still open
  TcpTransfer(Driver driver, TcpSocket tcp, Watcher watcher, BooleanSupplier open) {
    this.driver = driver;
    this.tcp = tcp;
    this.watcher = watcher;
    this.open = open;
  }

  /// Reads what there is, and waits for it where it may.
  ///
  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @return as a channel's read; 0 where the channel was closed meanwhile
  long read(boolean blocking, long timeout, ByteBuffer[] targets) throws IOException {
    long deadline = timeout == 0 ? NEVER : driver.now() + timeout;
    boolean interrupted = false;
    try {
      while (open.getAsBoolean()) {
        requireDevice();
        long n = readNow(targets);
        if (n != 0 || !blocking || !hasRemaining(targets)) {
          return n;
        }
        if (deadline != NEVER && driver.now() >= deadline) {
          throw new SocketTimeoutException("Read timed out");
        }
        interrupted |= driver.await(watcher, watcher.readable, deadline);
      }
      return 0;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
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
      requireDevice();
      n += writeNow(sources);
      if (!blocking || !hasRemaining(sources)) {
        break;
      }
      driver.await(watcher, watcher.writable, NEVER);
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

  static boolean hasRemaining(ByteBuffer[] buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  void shutdownInput() throws SocketFailure {
    if (!inputClosed) {
      inputClosed = true;
      tcp.shutdownInput(driver.now());
      watcher.wakeAll();
    }
  }

  void shutdownOutput() throws SocketFailure {
    if (!outputClosed) {
      outputClosed = true;
      tcp.shutdownOutput(driver.now());
      watcher.wakeAll();
    }
  }

  /// What it went over is gone for good.
  void fail(SocketError reason) {
    failed = reason;
    tcp.abort(driver.now());
    watcher.wakeAll();
  }

  void requireDevice() throws SocketException {
    if (failed != null) {
      throw new SocketException(failed.text());
    }
  }

  boolean isInputClosed() {
    return inputClosed;
  }

  boolean isOutputClosed() {
    return outputClosed;
  }
}
