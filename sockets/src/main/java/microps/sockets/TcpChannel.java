package microps.sockets;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpSocket;
import microps.sockets.TcpConnect.Phase;
import org.jspecify.annotations.Nullable;

/// A TCP connection of a host as a [SocketChannel].
///
/// One thread reads and one writes at a time; each holds its own lock for the whole of a blocking
/// call. Everything that follows from the stack's state is decided under the driver's lock, where a
/// close is either wholly before or wholly after.
final class TcpChannel extends SocketChannel implements HostChannel {
  private final Driver driver;
  private final TcpSocket tcp;
  private final Attempts attempts;
  private final TcpConnect connect;
  private final TcpTransfer transfer;
  private final Sides sides = new Sides();
  private @Nullable SocketAdaptor socket;

  private TcpChannel(SelectorProvider provider, Driver driver, TcpSocket tcp, Phase phase) {
    super(provider);
    this.driver = driver;
    this.tcp = tcp;
    attempts = new Attempts(driver, tcp, this::isOpen);
    connect = new TcpConnect(driver, tcp, attempts, phase);
    transfer = new TcpTransfer(driver, tcp, attempts, this::isOpen);
  }

  /// A channel that is not connected.
  ///
  /// @throws IOException where the host is closed
  static TcpChannel open(SelectorProvider provider, Driver driver) throws IOException {
    return driver.call(() ->
        driver.add(new TcpChannel(provider, driver, driver.stack.openTcp(), Phase.UNCONNECTED)));
  }

  /// A channel for an accepted connection. Called with the driver's lock held.
  static TcpChannel accepted(SelectorProvider provider, Driver driver, TcpSocket tcp)
      throws IOException {
    return driver.add(new TcpChannel(provider, driver, tcp, Phase.CONNECTED));
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
    return sides.alone(() ->
        call(() -> {
          ensureOpen();
          connect.bind(Addresses.local(local));
          return this;
        }));
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
    return sides.alone(() -> {
      try {
        ensureOpen(); // before the call begins: afterwards it would be an asynchronous close
        if (remote == null && isConnected()) {
          return true;
        }
        return waiting(
                blocking,
                () -> {
                  ensureOpen();
                  return connect.establish(remote, blocking, timeout) ? 1L : 0L;
                })
            > 0;
      } catch (IOException e) {
        close(); // as the JDK's: a channel whose connect failed is of no use
        throw e;
      }
    });
  }

  // Read

  @Override
  public int read(ByteBuffer target) throws IOException {
    Buffers.requireWritable(target);
    return (int) read(isBlocking(), 0, target);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    ByteBuffer[] those = Buffers.range(targets, offset, length);
    Buffers.requireWritable(those);
    return read(isBlocking(), 0, those);
  }

  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @throws java.net.SocketTimeoutException where nothing came in that time
  long read(boolean blocking, long timeout, ByteBuffer... targets) throws IOException {
    sides.read.lock();
    try {
      requireConnected();
      return waiting(blocking, () -> transfer.read(blocking, timeout, targets));
    } finally {
      sides.read.unlock();
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
    return write(isBlocking(), Buffers.range(sources, offset, length));
  }

  /// Writes all where it may wait, and what there is room for otherwise.
  long write(boolean blocking, ByteBuffer... sources) throws IOException {
    sides.write.lock();
    try {
      requireConnected();
      long n = waiting(blocking, () -> transfer.write(blocking, sources));
      if (n == 0 && transfer.isOutputClosed() && Buffers.hasRemaining(sources)) {
        throw new AsynchronousCloseException(); // another thread shut the output down
      }
      return n;
    } finally {
      sides.write.unlock();
    }
  }

  /// Writes an octet as urgent data, without waiting.
  ///
  /// @return 0 where there is no room for it
  int writeUrgent(int octet) throws IOException {
    sides.write.lock();
    try {
      requireConnected();
      ByteBuffer one = ByteBuffer.wrap(new byte[] {(byte) octet});
      return call(() -> tcp.writeUrgent(one, driver.now()));
    } finally {
      sides.write.unlock();
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
    Watcher watcher = attempts.watcher;
    driver.lock();
    try {
      boolean wasConnected = isConnected();
      boolean alone = watcher.waiting == 0;
      connect.close();
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
      interrupted = driver.await(attempts.watcher, attempts.watcher.writable, deadline);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void deviceGone(Nic nic) {
    if (attempts.failWith(nic, tcp.local())) {
      tcp.abort(driver.now());
    }
  }

  private void requireConnected() throws ClosedChannelException {
    ensureOpen();
    connect.requireConnected();
  }

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {
    sides.alone(() -> { // waits for calls under way, as the JDK's does
      ensureOpen();
      return null;
    });
  }

  // What it is

  @Override
  public boolean isConnected() {
    return connect.phase() == Phase.CONNECTED;
  }

  @Override
  public boolean isConnectionPending() {
    return connect.phase() == Phase.PENDING;
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
    String state = connect.phase().name().toLowerCase(Locale.ROOT);
    return "SocketChannel[" + state + " " + tcp.local() + " -> " + tcp.remote() + "]";
  }
}
