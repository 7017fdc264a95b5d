package microps.sockets;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.device.Nic;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// A TCP listener of a host as a [ServerSocketChannel]. See [TcpChannel] for how it locks.
final class TcpServerChannel extends ServerSocketChannel implements HostChannel {
  private static final long NEVER = TimerQueue.NEVER;
  private static final int DEFAULT_BACKLOG = 50; // the JDK's

  private final Driver driver;
  private final TcpListener listener;
  private final Watcher watcher;
  private final ReentrantLock acceptLock = new ReentrantLock();

  // Changed with the driver's lock held.
  private volatile boolean bound;
  private @Nullable ServerSocketAdaptor socket;
  private @Nullable SocketError failed;

  private TcpServerChannel(SelectorProvider provider, Driver driver) {
    super(provider);
    this.driver = driver;
    listener = driver.stack.openTcpListener();
    watcher = new Watcher(driver, listener);
  }

  /// A channel that is not bound.
  ///
  /// @throws IOException where the host is closed
  static TcpServerChannel open(SelectorProvider provider, Driver driver) throws IOException {
    driver.lock();
    try {
      TcpServerChannel channel = new TcpServerChannel(provider, driver);
      driver.add(channel);
      return channel;
    } finally {
      driver.leave();
    }
  }

  @Override
  public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
    try {
      return driver.call(() -> {
        ensureOpen();
        if (bound) {
          throw new AlreadyBoundException();
        }
        if (listener.local() == null) {
          listener.bind(Addresses.local(local));
        }
        listener.listen(backlog < 1 ? DEFAULT_BACKLOG : backlog);
        bound = true;
        return this;
      });
    } catch (SocketFailure e) {
      throw Failures.of(e);
    }
  }

  @Override
  public @Nullable SocketChannel accept() throws IOException {
    return accept(isBlocking(), 0);
  }

  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @return null where it must not wait and there is none
  /// @throws SocketTimeoutException where none came in that time
  @Nullable SocketChannel accept(boolean blocking, long timeout) throws IOException {
    boolean interrupted = false;
    acceptLock.lock();
    try {
      ensureOpen();
      if (!bound) {
        throw new NotYetBoundException();
      }
      SocketChannel accepted = null;
      try {
        if (blocking) {
          begin();
        }
        driver.lock();
        try {
          long deadline = timeout == 0 ? NEVER : driver.now() + timeout;
          while (isOpen()) {
            if (failed != null) {
              throw new SocketException(failed.text());
            }
            TcpSocket tcp = listener.accept();
            if (tcp != null) {
              accepted = TcpChannel.accepted(provider(), driver, tcp);
              break;
            }
            if (!blocking) {
              break;
            }
            if (deadline != NEVER && driver.now() >= deadline) {
              throw new SocketTimeoutException("Accept timed out");
            }
            interrupted |= driver.await(watcher, watcher.readable, deadline);
          }
        } finally {
          driver.leave();
        }
      } finally {
        if (blocking) {
          end(accepted != null);
        }
      }
      return accepted;
    } finally {
      acceptLock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  protected void implCloseSelectableChannel() {
    driver.lock();
    try {
      driver.remove(this);
      listener.close(driver.now());
      watcher.wakeAll();
    } finally {
      driver.leave();
    }
  }

  @Override
  public void hostClosed() {
    try {
      close();
    } catch (IOException e) {
      throw new AssertionError(e); // nothing in there throws it
    }
  }

  @Override
  public void deviceGone(Nic nic) {
    Endpoint local = listener.local();
    if (local != null && nic.owns(local.address())) {
      failed = SocketError.NETWORK_DOWN;
      watcher.wakeAll();
    }
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    acceptLock.lock(); // waits for a call under way, as the JDK's does
    try {
      ensureOpen();
    } finally {
      acceptLock.unlock();
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  boolean isBound() {
    return bound;
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() throws IOException {
    return driver.call(() -> {
      ensureOpen();
      return Addresses.inet(listener.local());
    });
  }

  @Override
  public <T> ServerSocketChannel setOption(SocketOption<T> name, @Nullable T value)
      throws IOException {
    Options.LISTENER.require(name);
    return driver.call(() -> {
      ensureOpen();
      Options.LISTENER.set(listener.settings(), name, value);
      return this;
    });
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Options.LISTENER.require(name);
    return driver.call(() -> {
      ensureOpen();
      if (name.equals(StandardSocketOptions.SO_RCVBUF)) { // also where the stack sizes it
        return name.type().cast(listener.receiveBuffer());
      }
      if (name.equals(TcpSocketOptions.TCP_CONGESTION)) {
        return name.type().cast(listener.congestion());
      }
      return Options.LISTENER.get(listener.settings(), name);
    });
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Options.LISTENER.supported();
  }

  @Override
  public ServerSocket socket() {
    driver.lock();
    try {
      ServerSocketAdaptor adaptor = socket;
      if (adaptor == null) {
        adaptor = new ServerSocketAdaptor(this);
        socket = adaptor;
      }
      return adaptor;
    } finally {
      driver.leave();
    }
  }

  @Override
  public String toString() {
    return "ServerSocketChannel[" + (isOpen() ? String.valueOf(listener.local()) : "closed") + "]";
  }
}
