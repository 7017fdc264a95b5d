package microps.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import microps.core.Stack;
import microps.core.address.IpAddress;
import microps.core.device.Nic;
import microps.core.tcp.TcpInfo;

/// A TCP/IP host of our own, running: the one thing that a user makes.
///
/// ```java
/// try (Host host = Host.builder().device("tap:tap0").address("192.0.2.2/24").gateway("192.0.2.1").start();
///      ServerSocketChannel server = host.openServerSocketChannel().bind(new InetSocketAddress(7))) {
///   while (true) {
///     SocketChannel peer = server.accept();
///     Thread.startVirtualThread(() -> echo(peer));
///   }
/// }
/// ```
///
/// Its channels are those of `java.nio`, and behave like the JDK's own in blocking and non-blocking
/// mode; a selector comes later. All methods may be called by any thread.
public final class Host implements AutoCloseable {
  private final Driver driver;
  private final StackProvider provider;
  private final Duration closeGrace;
  private final List<CaptureFile> captures = new ArrayList<>(); // guarded by the driver's lock

  Host(Driver driver, Duration closeGrace) {
    this.driver = driver;
    this.closeGrace = closeGrace;
    provider = new StackProvider(driver);
  }

  /// The way to make one.
  public static HostBuilder builder() {
    return new HostBuilder();
  }

  // Sockets

  /// A channel for a TCP connection, not connected.
  ///
  /// @throws IOException where the host is closed
  public SocketChannel openSocketChannel() throws IOException {
    return provider.openSocketChannel();
  }

  /// A channel that listens for TCP connections, not bound.
  ///
  /// @throws IOException where the host is closed
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    return provider.openServerSocketChannel();
  }

  /// A channel for UDP, not bound.
  ///
  /// @throws IOException where the host is closed
  public DatagramChannel openDatagramChannel() throws IOException {
    return provider.openDatagramChannel();
  }

  /// What opens the channels of this host, for libraries that take it.
  public SelectorProvider provider() {
    return provider;
  }

  /// A client for any number of echo requests.
  ///
  /// @throws IOException where the host is closed
  public Pinger openPinger() throws IOException {
    return Pinger.open(driver);
  }

  /// Sends one echo request of 56 bytes and waits for the answer.
  ///
  /// @return empty where none came in that time
  /// @throws IOException where there is no route, or the host is closed
  public Optional<PingReply> ping(InetAddress destination, Duration timeout) throws IOException {
    return ping(Addresses.ip(destination), timeout);
  }

  /// Sends one echo request of 56 bytes and waits for the answer.
  ///
  /// @return empty where none came in that time
  /// @throws IOException where there is no route, or the host is closed
  public Optional<PingReply> ping(IpAddress destination, Duration timeout) throws IOException {
    try (Pinger pinger = openPinger()) {
      return Optional.ofNullable(pinger.ping(destination, 1, new byte[56], timeout));
    }
  }

  // Interfaces

  /// Switches an interface on or off.
  ///
  /// @throws NoSuchElementException where there is no device of this name
  public void setUp(String device, boolean up) {
    driver.lock();
    try {
      driver.stack.setUp(nic(device), up, driver.now());
    } finally {
      driver.leave();
    }
  }

  /// Writes the frames of an interface to a pcapng file, until the capture or the host is closed.
  ///
  /// @throws NoSuchElementException where there is no device of this name
  /// @throws IOException where the file cannot be written
  public CaptureFile capture(String device, Path file) throws IOException {
    CaptureFile capture = new CaptureFile(file, driver.now());
    driver.lock();
    try {
      Nic nic = nic(device);
      capture.describe(nic);
      nic.add(capture);
      captures.add(capture);
      capture.onClose(() -> release(capture, nic));
    } catch (NoSuchElementException e) {
      capture.close();
      throw e;
    } finally {
      driver.leave();
    }
    return capture;
  }

  private void release(CaptureFile capture, Nic nic) {
    driver.lock();
    try {
      nic.remove(capture);
      captures.remove(capture);
    } finally {
      driver.leave();
    }
  }

  /// Closes a capture with the host. Called before it starts.
  void keep(CaptureFile capture) {
    captures.add(capture);
  }

  private Nic nic(String device) {
    for (Nic nic : driver.stack.nics()) {
      if (nic.name().equals(device)) {
        return nic;
      }
    }
    throw new NoSuchElementException(
        "this host has no device " + device + "; it has " + driver.stack.nics());
  }

  // The stack

  /// Something to do with the stack itself.
  @FunctionalInterface
  public interface StackCall<T, X extends Exception> {
    /// @param now the time, to hand to the stack's methods
    T call(Stack stack, long now) throws X;
  }

  /// Does something with the stack itself, while nobody else does. It must be quick, and must not
  /// use the host.
  public <T, X extends Exception> T call(StackCall<T, X> action) throws X {
    driver.lock();
    try {
      return action.call(driver.stack, driver.now());
    } finally {
      driver.leave();
    }
  }

  /// The host in numbers.
  public HostStatus status() {
    return call(StatusReader::read);
  }

  /// The numbers of a connection, as `tcp_info` on Linux: `host.tcpInfo(channel)`, or
  /// `host.tcpInfo(socket.getChannel())`.
  ///
  /// @return empty where the channel was never connected
  /// @throws IllegalArgumentException where the channel is not one of this host's
  public Optional<TcpInfo> tcpInfo(SocketChannel channel) {
    if (channel instanceof TcpChannel ours && ours.provider() == provider) {
      return call((stack, now) -> Optional.ofNullable(ours.info(now)));
    }
    throw new IllegalArgumentException("the channel is not one of this host: " + channel);
  }

  // The end

  /// Ends everything, soon: channels are closed, their connections reset; threads that wait in them
  /// get an `AsynchronousCloseException`. Connections that were closed before have up to
  /// [HostBuilder#closeGrace] to deliver what was written. Then the devices are closed. Idempotent.
  @Override
  public synchronized void close() { // who comes second waits: captures end after the last frame
    driver.close(closeGrace.toNanos());
    driver.lock();
    List<CaptureFile> open;
    try {
      open = List.copyOf(captures);
      captures.clear();
    } finally {
      driver.unlock();
    }
    open.forEach(CaptureFile::close);
  }
}
