package microps.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.device.Nic;
import microps.core.udp.UdpSocket;
import org.jspecify.annotations.Nullable;

/// A UDP socket of a host as a [DatagramChannel]. See [TcpChannel] for how it locks.
final class UdpChannel extends DatagramChannel implements HostChannel {
  private static final long NEVER = TimerQueue.NEVER;
  private static final int LARGEST = 65_507;

  private final Driver driver;
  private final UdpSocket udp;
  private final Watcher watcher;
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private @Nullable SocketError failed;

  private UdpChannel(SelectorProvider provider, Driver driver) {
    super(provider);
    this.driver = driver;
    udp = driver.stack.openUdp();
    watcher = new Watcher(driver, udp);
  }

  /// A channel that is not bound.
  ///
  /// @throws IOException where the host is closed
  static UdpChannel open(SelectorProvider provider, Driver driver) throws IOException {
    driver.lock();
    try {
      UdpChannel channel = new UdpChannel(provider, driver);
      driver.add(channel);
      return channel;
    } finally {
      driver.leave();
    }
  }

  /// Does something with the driver's lock held.
  private <T extends @Nullable Object> T call(Driver.Call<T> action) throws IOException {
    try {
      return driver.call(action);
    } catch (SocketFailure e) {
      throw Failures.ofDatagram(e);
    }
  }

  /// As [#call], while nobody sends or receives.
  private DatagramChannel alone(Driver.Call<DatagramChannel> action) throws IOException {
    readLock.lock();
    writeLock.lock();
    try {
      return call(action);
    } finally {
      writeLock.unlock();
      readLock.unlock();
    }
  }

  // Bind and connect

  @Override
  public DatagramChannel bind(@Nullable SocketAddress local) throws IOException {
    return alone(() -> {
      ensureOpen();
      if (udp.local() != null) {
        throw new AlreadyBoundException();
      }
      udp.bind(Addresses.local(local));
      return this;
    });
  }

  @Override
  public DatagramChannel connect(SocketAddress remote) throws IOException {
    Endpoint peer = Addresses.remote(remote);
    return alone(() -> {
      ensureOpen();
      if (udp.remote() != null) {
        throw new AlreadyConnectedException();
      }
      if (peer.port() == 0) {
        throw new SocketException("Can't connect to port 0");
      }
      udp.connect(peer);
      forgetReceived();
      return this;
    });
  }

  @Override
  public DatagramChannel disconnect() throws IOException {
    return alone(() -> {
      if (isOpen() && udp.remote() != null) {
        udp.disconnect();
      }
      return this;
    });
  }

  /// As the JDK's: what came before, from whomever, is not the peer's.
  private void forgetReceived() throws SocketFailure {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    Endpoint from;
    do {
      from = udp.receive(nothing);
    } while (from != null);
  }

  // Receive

  @Override
  public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
    return Addresses.inet(receive(target, isBlocking(), 0, false));
  }

  /// @param timeout in nanoseconds, for a blocking call; 0: none
  /// @param connected whether it must have a peer
  /// @return who sent it; null: none now
  /// @throws SocketTimeoutException where none came in that time
  @Nullable Endpoint receive(ByteBuffer target, boolean blocking, long timeout, boolean connected)
      throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    boolean interrupted = false;
    readLock.lock();
    try {
      requireReady(connected);
      Endpoint from = null;
      try {
        if (blocking) {
          begin();
        }
        driver.lock();
        try {
          if (isOpen() && udp.local() == null) {
            udp.bind(Addresses.local(null));
          }
          long deadline = timeout == 0 ? NEVER : driver.now() + timeout;
          while (isOpen()) {
            requireDevice();
            from = udp.receive(target);
            if (from != null || !blocking) {
              break;
            }
            if (deadline != NEVER && driver.now() >= deadline) {
              throw new SocketTimeoutException("Receive timed out");
            }
            interrupted |= driver.await(watcher, watcher.readable, deadline);
          }
        } catch (SocketFailure e) {
          throw Failures.ofDatagram(e);
        } finally {
          driver.leave();
        }
      } finally {
        if (blocking) {
          end(from != null);
        }
      }
      return from;
    } finally {
      readLock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int before = target.position();
    return receive(target, isBlocking(), 0, true) == null ? 0 : target.position() - before;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    ByteBuffer[] those = Arrays.copyOfRange(targets, offset, offset + length);
    long room = 0;
    for (ByteBuffer target : those) {
      if (target.isReadOnly()) {
        throw new IllegalArgumentException("Read-only buffer");
      }
      room += target.remaining();
    }
    ByteBuffer whole = ByteBuffer.allocate((int) Math.min(room, LARGEST));
    int n = read(whole);
    whole.flip();
    for (ByteBuffer target : those) {
      int part = Math.min(target.remaining(), whole.remaining());
      target.put(whole.slice(whole.position(), part));
      whole.position(whole.position() + part);
    }
    return n;
  }

  // Send

  @Override
  public int send(ByteBuffer source, SocketAddress target) throws IOException {
    Objects.requireNonNull(source);
    return send(source, Addresses.remote(target), isBlocking());
  }

  /// @param target null: the connected peer, which there must be
  int send(ByteBuffer source, @Nullable Endpoint target, boolean blocking) throws IOException {
    writeLock.lock();
    try {
      requireReady(target == null);
      int length = source.remaining();
      boolean sent = false;
      try {
        if (blocking) {
          begin();
        }
        driver.lock();
        try {
          while (isOpen() && !sent) {
            requireDevice();
            sent = udp.send(source, peer(target), driver.now());
            if (!sent) {
              if (!blocking) {
                break;
              }
              driver.await(watcher, watcher.writable, NEVER);
            }
          }
        } catch (SocketFailure e) {
          throw Failures.ofDatagram(e);
        } finally {
          driver.leave();
        }
      } finally {
        if (blocking) {
          end(sent);
        }
      }
      return sent ? length : 0;
    } finally {
      writeLock.unlock();
    }
  }

  /// The target as the stack wants it: null where the channel is connected.
  private @Nullable Endpoint peer(@Nullable Endpoint target) throws SocketException {
    if (target == null) {
      return null;
    }
    Endpoint remote = udp.remote();
    if (remote != null) {
      if (!remote.equals(target)) {
        throw new AlreadyConnectedException();
      }
      return null;
    }
    if (target.port() == 0) {
      throw new SocketException("Can't send to port 0");
    }
    return target;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return send(source, null, isBlocking());
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    long size = 0;
    for (int i = offset; i < offset + length; i++) {
      size += sources[i].remaining();
    }
    ByteBuffer whole = ByteBuffer.allocate((int) Math.min(size, LARGEST + 1));
    for (int i = offset; i < offset + length; i++) {
      ByteBuffer part = sources[i].duplicate();
      part.limit(part.position() + Math.min(part.remaining(), whole.remaining()));
      whole.put(part);
    }
    int n = write(whole.flip());
    if (n > 0) {
      for (int i = offset; i < offset + length; i++) {
        sources[i].position(sources[i].limit());
      }
    }
    return n;
  }

  // Close

  @Override
  protected void implCloseSelectableChannel() {
    driver.lock();
    try {
      driver.remove(this);
      udp.close();
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
    Endpoint local = udp.local();
    if (local != null && nic.owns(local.address())) {
      failed = SocketError.NETWORK_DOWN;
      watcher.wakeAll();
    }
  }

  private void requireDevice() throws SocketException {
    if (failed != null) {
      throw new SocketException(failed.text());
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void requireReady(boolean connected) throws ClosedChannelException {
    ensureOpen();
    if (connected && !isConnected()) {
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
    driver.lock();
    try {
      return isOpen() && udp.remote() != null;
    } finally {
      driver.leave();
    }
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() throws IOException {
    return call(() -> {
      ensureOpen();
      return Addresses.inet(udp.local());
    });
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() throws IOException {
    return call(() -> {
      ensureOpen();
      return Addresses.inet(udp.remote());
    });
  }

  @Override
  public <T> DatagramChannel setOption(SocketOption<T> name, @Nullable T value) throws IOException {
    Options.DATAGRAM.require(name);
    return call(() -> {
      ensureOpen();
      Options.DATAGRAM.set(udp.settings(), name, value);
      return this;
    });
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    Options.DATAGRAM.require(name);
    return call(() -> {
      ensureOpen();
      return Options.DATAGRAM.get(udp.settings(), name);
    });
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Options.DATAGRAM.supported();
  }

  @Override
  public MembershipKey join(InetAddress group, NetworkInterface nic) {
    throw new UnsupportedOperationException("multicast groups are not supported yet");
  }

  @Override
  public MembershipKey join(InetAddress group, NetworkInterface nic, InetAddress source) {
    return join(group, nic);
  }

  @Override
  public DatagramSocket socket() {
    throw new UnsupportedOperationException(
        "a datagram channel of a microps host has no DatagramSocket yet; use the channel");
  }

  @Override
  public String toString() {
    return "DatagramChannel[" + (isOpen() ? udp.local() + " -> " + udp.remote() : "closed") + "]";
  }
}
