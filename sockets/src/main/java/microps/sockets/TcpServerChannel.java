package microps.sockets;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// A TCP listener of a host as a [ServerSocketChannel]. See [TcpChannel] for how it locks.
final class TcpServerChannel extends ServerSocketChannel implements HostChannel {
  private static final int DEFAULT_BACKLOG = 50; // the JDK's

  private final Driver driver;
  private final TcpListener listener;
  private final Attempts attempts;
  private final ReentrantLock acceptLock = new ReentrantLock();

  // Changed with the driver's lock held.
  private volatile boolean bound;
  private @Nullable ServerSocketAdaptor socket;

  private TcpServerChannel(SelectorProvider provider, Driver driver) {
    super(provider);
    this.driver = driver;
    listener = driver.stack.openTcpListener();
    attempts = new Attempts(driver, listener, this::isOpen);
  }

  /// A channel that is not bound.
  ///
  /// @throws IOException where the host is closed
  static TcpServerChannel open(SelectorProvider provider, Driver driver) throws IOException {
    return driver.call(() -> driver.add(new TcpServerChannel(provider, driver)));
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
        accepted = driver.call(() -> acceptLocked(blocking, timeout));
      } finally {
        if (blocking) {
          end(accepted != null);
        }
      }
      return accepted;
    } finally {
      acceptLock.unlock();
    }
  }

  private @Nullable SocketChannel acceptLocked(boolean blocking, long timeout) throws IOException {
    return attempts.until(
        attempts.watcher.readable,
        blocking,
        attempts.deadline(timeout),
        "Accept timed out",
        () -> {
          TcpSocket tcp = listener.accept();
          return tcp == null ? null : TcpChannel.accepted(provider(), driver, tcp);
        });
  }

  @Override
  protected void implCloseSelectableChannel() {
    driver.lock();
    try {
      driver.remove(this);
      listener.close(driver.now());
      attempts.watcher.wakeAll();
    } finally {
      driver.leave();
    }
  }

  @Override
  public void deviceGone(Nic nic) {
    attempts.failWith(nic, listener.local());
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
