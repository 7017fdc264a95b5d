package microps.sockets;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import microps.core.udp.UdpSocket;
import org.jspecify.annotations.Nullable;

/// A UDP socket of a host as a [DatagramChannel]. See [TcpChannel] for how it locks.
final class UdpChannel extends DatagramChannel implements HostChannel {
  private static final int LARGEST = 65_507;

  private final Driver driver;
  private final UdpSocket udp;
  private final Attempts attempts;
  private final Sides sides = new Sides();

  private UdpChannel(SelectorProvider provider, Driver driver) {
    super(provider);
    this.driver = driver;
    udp = driver.stack.openUdp();
    attempts = new Attempts(driver, udp, this::isOpen);
  }

  /// A channel that is not bound.
  ///
  /// @throws IOException where the host is closed
  static UdpChannel open(SelectorProvider provider, Driver driver) throws IOException {
    return driver.call(() -> driver.add(new UdpChannel(provider, driver)));
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
    return sides.alone(() -> call(action));
  }

  /// As [#call], for what may wait: it is ended by a close and by an interrupt.
  private <T> @Nullable T waiting(boolean blocking, Driver.Call<@Nullable T> action)
      throws IOException {
    T done = null;
    try {
      if (blocking) {
        begin();
      }
      done = call(action);
    } finally {
      if (blocking) {
        end(done != null);
      }
    }
    return done;
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
  /// @throws java.net.SocketTimeoutException where none came in that time
  @Nullable Endpoint receive(ByteBuffer target, boolean blocking, long timeout, boolean connected)
      throws IOException {
    Buffers.requireWritable(target);
    sides.read.lock();
    try {
      requireReady(connected);
      return waiting(blocking, () -> receiveLocked(target, blocking, timeout));
    } finally {
      sides.read.unlock();
    }
  }

  private @Nullable Endpoint receiveLocked(ByteBuffer target, boolean blocking, long timeout)
      throws IOException {
    if (isOpen() && udp.local() == null) {
      udp.bind(Addresses.local(null));
    }
    return attempts.until(
        attempts.watcher.readable,
        blocking,
        attempts.deadline(timeout),
        "Receive timed out",
        () -> udp.receive(target));
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int before = target.position();
    return receive(target, isBlocking(), 0, true) == null ? 0 : target.position() - before;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    ByteBuffer[] those = Buffers.range(targets, offset, length);
    Buffers.requireWritable(those);
    ByteBuffer whole = ByteBuffer.allocate((int) Math.min(Buffers.remaining(those), LARGEST));
    int n = read(whole);
    Buffers.scatter(whole.flip(), those);
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
    sides.write.lock();
    try {
      requireReady(target == null);
      Integer sent = waiting(blocking, () -> sendLocked(source, target, blocking));
      return sent == null ? 0 : sent;
    } finally {
      sides.write.unlock();
    }
  }

  private @Nullable Integer sendLocked(
      ByteBuffer source, @Nullable Endpoint target, boolean blocking) throws IOException {
    int length = source.remaining();
    return attempts.until(
        attempts.watcher.writable,
        blocking,
        Attempts.NEVER,
        null,
        () -> udp.send(source, peer(target), driver.now()) ? (Integer) length : null);
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
    ByteBuffer[] those = Buffers.range(sources, offset, length);
    int n = write(Buffers.gather(LARGEST + 1, those));
    if (n > 0) {
      for (ByteBuffer source : those) {
        source.position(source.limit());
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
      attempts.watcher.wakeAll();
    } finally {
      driver.leave();
    }
  }

  @Override
  public void deviceGone(Nic nic) {
    attempts.failWith(nic, udp.local());
  }

  private void requireReady(boolean connected) throws ClosedChannelException {
    ensureOpen();
    if (connected && !isConnected()) {
      throw new NotYetConnectedException();
    }
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
