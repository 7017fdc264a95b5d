package microps.sockets;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.device.Nic;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpSocket;
import org.jspecify.annotations.Nullable;

/// A TCP connection of a host as a [SocketChannel].
///
/// One thread reads and one writes at a time; each holds its own lock for the whole of a blocking
/// call. Everything that follows from the stack's state is decided under the driver's lock, where a
/// close is either wholly before or wholly after.
final class TcpChannel extends SocketChannel implements HostChannel {
  private static final long NEVER = TimerQueue.NEVER;

  private enum Phase {
    UNCONNECTED,
    PENDING,
    CONNECTED,
    CLOSED
  }

  private final Driver driver;
  private final TcpSocket tcp;
  private final Watcher watcher;
  private final TcpTransfer transfer;
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private @Nullable SocketAdaptor socket;

  // Changed with the driver's lock held.
  private volatile Phase phase;

  private TcpChannel(SelectorProvider provider, Driver driver, TcpSocket tcp, Phase phase) {
    super(provider);
    this.driver = driver;
    this.tcp = tcp;
    this.phase = phase;
    watcher = new Watcher(driver, tcp);
    transfer = new TcpTransfer(driver, tcp, watcher, this::isOpen);
  }

  /// A channel that is not connected.
  ///
  /// @throws IOException where the host is closed
  static TcpChannel open(SelectorProvider provider, Driver driver) throws IOException {
    driver.lock();
    try {
      TcpChannel channel =
          new TcpChannel(provider, driver, driver.stack.openTcp(), Phase.UNCONNECTED);
      driver.add(channel);
      return channel;
    } finally {
      driver.leave();
    }
  }

  /// A channel for an accepted connection. Called with the driver's lock held.
  static TcpChannel accepted(SelectorProvider provider, Driver driver, TcpSocket tcp)
      throws IOException {
    TcpChannel channel = new TcpChannel(provider, driver, tcp, Phase.CONNECTED);
    driver.add(channel);
    return channel;
  }

  /// The numbers of the connection. Called with the driver's lock held.
  @Nullable TcpInfo info(long now) {
    return tcp.info(now);
  }

  /// Does something with the driver's lock held.
  private <T extends @Nullable Object> T call(Driver.Call<T> action) throws IOException {
    try {
      return driver.call(action);
    } catch (SocketFailure e) {
      throw isConnected() ? Failures.ofStream(e) : Failures.of(e);
    }
  }

  /// As [#call], for what may wait: it is ended by a close and by an interrupt.
  ///
  /// @param action gives more than 0 where something was done, which then counts although the
  ///   channel was closed meanwhile
  private long waiting(boolean blocking, Driver.Call<Long> action) throws IOException {
    long n = 0;
    try {
      if (blocking) {
        begin();
      }
      n = call(action);
    } finally {
      if (blocking) {
        end(n > 0);
      }
    }
    return n;
  }

  // Bind and connect

  @Override
  public SocketChannel bind(@Nullable SocketAddress local) throws IOException {
    readLock.lock();
    writeLock.lock();
    try {
      return call(() -> {
        ensureOpen();
        if (phase == Phase.PENDING) {
          throw new ConnectionPendingException();
        }
        if (tcp.local() != null) {
          throw new AlreadyBoundException();
        }
        tcp.bind(Addresses.local(local));
        return this;
      });
    } finally {
      writeLock.unlock();
      readLock.unlock();
    }
  }

  @Override
  public boolean connect(SocketAddress remote) throws IOException {
    return establish(Addresses.remote(remote), isBlocking(), 0);
  }

  @Override
  public boolean finishConnect() throws IOException {
    return establish(null, isBlocking(), 0);
  }

  /// Connects, or goes on with it.
  ///
  /// @param remote the peer; null: the one to which it is being connected
  /// @param timeout in nanoseconds, for a blocking call; 0: none
  boolean establish(@Nullable Endpoint remote, boolean blocking, long timeout) throws IOException {
    readLock.lock();
    writeLock.lock();
    try {
      ensureOpen(); // before the call begins: afterwards it would be an asynchronous close
      if (remote == null && phase == Phase.CONNECTED) {
        return true;
      }
      return waiting(
              blocking,
              () -> {
                ensureOpen();
                if (remote == null) {
                  requirePending();
                } else {
                  requireUnconnected();
                  tcp.connect(remote, driver.now());
                  phase = Phase.PENDING;
                }
                return awaitConnected(blocking, timeout) ? 1L : 0L;
              })
          > 0;
    } catch (IOException e) {
      close(); // as the JDK's: a channel whose connect failed is of no use
      throw e;
    } finally {
      writeLock.unlock();
      readLock.unlock();
    }
  }

  private void requireUnconnected() {
    switch (phase) {
      case CONNECTED -> throw new AlreadyConnectedException();
      case PENDING -> throw new ConnectionPendingException();
      case UNCONNECTED, CLOSED -> {}
    }
  }

  private void requirePending() {
    if (phase != Phase.PENDING) {
      throw new NoConnectionPendingException();
    }
  }

  private boolean awaitConnected(boolean blocking, long timeout) throws IOException {
    long deadline = timeout == 0 ? NEVER : driver.now() + timeout;
    boolean interrupted = false;
    try {
      while (isOpen()) {
        transfer.requireDevice();
        if (tcp.isConnected()) {
          phase = Phase.CONNECTED;
          return true;
        }
        if (!tcp.isConnecting()) {
          SocketError error = tcp.error();
          throw new SocketFailure(error == null ? SocketError.CONNECTION_ABORTED : error);
        }
        if (!blocking) {
          return false;
        }
        if (deadline != NEVER && driver.now() >= deadline) {
          throw new SocketTimeoutException("Connect timed out");
        }
        interrupted |= driver.await(watcher, watcher.writable, deadline);
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  // Read

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    return (int) read(isBlocking(), 0, target);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    ByteBuffer[] those = Arrays.copyOfRange(targets, offset, offset + length);
    for (ByteBuffer target : those) {
      if (target.isReadOnly()) {
        throw new IllegalArgumentException("Read-only buffer");
      }
    }
    return read(isBlocking(), 0, those);
  }

  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @throws SocketTimeoutException where nothing came in that time
  long read(boolean blocking, long timeout, ByteBuffer... targets) throws IOException {
    readLock.lock();
    try {
      requireConnected();
      return waiting(blocking, () -> transfer.read(blocking, timeout, targets));
    } finally {
      readLock.unlock();
    }
  }

  /// Bytes that can be read without waiting.
  int available() throws IOException {
    requireConnected();
    return call(transfer::available);
  }

  // Write

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(isBlocking(), source);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    return write(isBlocking(), Arrays.copyOfRange(sources, offset, offset + length));
  }

  /// Writes all where it may wait, and what there is room for otherwise.
  long write(boolean blocking, ByteBuffer... sources) throws IOException {
    writeLock.lock();
    try {
      requireConnected();
      long n = waiting(blocking, () -> transfer.write(blocking, sources));
      if (n == 0 && transfer.isOutputClosed() && TcpTransfer.hasRemaining(sources)) {
        throw new AsynchronousCloseException(); // another thread shut the output down
      }
      return n;
    } finally {
      writeLock.unlock();
    }
  }

  /// Writes an octet as urgent data, without waiting.
  ///
  /// @return 0 where there is no room for it
  int writeUrgent(int octet) throws IOException {
    writeLock.lock();
    try {
      requireConnected();
      ByteBuffer one = ByteBuffer.wrap(new byte[] {(byte) octet});
      return call(() -> tcp.writeUrgent(one, driver.now()));
    } finally {
      writeLock.unlock();
    }
  }

  // Half-close and close

  @Override
  public SocketChannel shutdownInput() throws IOException {
    return call(() -> {
      requireConnected();
      transfer.shutdownInput();
      return this;
    });
  }

  @Override
  public SocketChannel shutdownOutput() throws IOException {
    return call(() -> {
      requireConnected();
      transfer.shutdownOutput();
      return this;
    });
  }

  @Override
  protected void implCloseSelectableChannel() {
    driver.lock();
    try {
      boolean wasConnected = phase == Phase.CONNECTED;
      boolean alone = watcher.waiting == 0;
      phase = Phase.CLOSED;
      driver.remove(this);
      watcher.wakeAll();
      if (driver.isClosing()) {
        tcp.abort(driver.now());
        return;
      }
      int linger = tcp.settings().linger;
      tcp.close(driver.now());
      driver.adopt(watcher);
      if (wasConnected && linger > 0 && alone) {
        linger(linger * 1_000_000_000L);
      }
    } finally {
      driver.leave();
    }
  }

  /// Waits until the peer has acknowledged everything. Not where another thread was in a call on
  /// this channel: that one, and an interrupt, want an end now.
  private void linger(long nanos) {
    long deadline = driver.now() + nanos;
    boolean interrupted = false;
    while (!tcp.isDrained() && driver.now() < deadline && !interrupted && !driver.isClosing()) {
      interrupted = driver.await(watcher, watcher.writable, deadline);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
    Endpoint local = tcp.local();
    if (local != null && nic.owns(local.address())) {
      transfer.fail(SocketError.NETWORK_DOWN);
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void requireConnected() throws ClosedChannelException {
    ensureOpen();
    if (phase == Phase.UNCONNECTED || phase == Phase.PENDING) {
      throw new NotYetConnectedException();
    }
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    readLock.lock(); // waits for calls under way, as the JDK's does
    writeLock.lock();
    try {
      ensureOpen();
    } finally {
      writeLock.unlock();
      readLock.unlock();
    }
  }

  // What it is

  @Override
  public boolean isConnected() {
    return phase == Phase.CONNECTED;
  }

  @Override
  public boolean isConnectionPending() {
    return phase == Phase.PENDING;
  }

  boolean isInputClosed() {
    return transfer.isInputClosed();
  }

  boolean isOutputClosed() {
    return transfer.isOutputClosed();
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() throws IOException {
    return call(() -> {
      ensureOpen();
      return Addresses.inet(tcp.local());
    });
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() throws IOException {
    return call(() -> {
      ensureOpen();
      return Addresses.inet(tcp.remote());
    });
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, @Nullable T value) throws IOException {
    Options.STREAM.require(name);
    return call(() -> {
      ensureOpen();
      Options.STREAM.set(tcp.settings(), name, value);
      tcp.settingsChanged(driver.now());
      return this;
    });
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Options.STREAM.require(name);
    return call(() -> {
      ensureOpen();
      if (name.equals(StandardSocketOptions.SO_RCVBUF)) { // also where the stack sizes it
        return name.type().cast(tcp.receiveBuffer());
      }
      if (name.equals(StandardSocketOptions.SO_SNDBUF)) {
        return name.type().cast(tcp.sendBuffer());
      }
      if (name.equals(TcpSocketOptions.TCP_CONGESTION)) {
        return name.type().cast(tcp.congestion());
      }
      return Options.STREAM.get(tcp.settings(), name);
    });
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Options.STREAM.supported();
  }

  @Override
  public Socket socket() {
    driver.lock();
    try {
      SocketAdaptor adaptor = socket;
      if (adaptor == null) {
        adaptor = SocketAdaptor.of(this);
        socket = adaptor;
      }
      return adaptor;
    } finally {
      driver.leave();
    }
  }

  @Override
  public String toString() {
    String state = phase.name().toLowerCase(Locale.ROOT);
    return "SocketChannel[" + state + " " + tcp.local() + " -> " + tcp.remote() + "]";
  }
}
