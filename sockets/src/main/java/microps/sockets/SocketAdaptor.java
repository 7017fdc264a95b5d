package microps.sockets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A connection's channel as a [Socket]: what `SocketChannel.socket()` gives. It keeps nothing but
/// the timeout of its reads; all else is the channel's.
final class SocketAdaptor extends Socket {
  private static final long MILLISECOND = 1_000_000L;

  private final TcpChannel channel;
  private final Input input = new Input();
  private final Output output = new Output();
  private volatile int timeout;

  private SocketAdaptor(TcpChannel channel) throws SocketException {
    super(new NoSocketImpl());
    this.channel = channel;
  }

  static SocketAdaptor of(TcpChannel channel) {
    try {
      return new SocketAdaptor(channel);
    } catch (SocketException e) {
      throw new AssertionError(e); // declared, never thrown
    }
  }

  private interface Call<T> {
    T get() throws IOException;
  }

  /// What a Socket throws where its channel is closed.
  private static <T> T orSocketException(Call<T> call) throws SocketException {
    try {
      return call.get();
    } catch (ClosedChannelException e) {
      throw new SocketException("Socket is closed", e);
    } catch (SocketException e) {
      throw e;
    } catch (IOException e) {
      throw new SocketException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void connect(SocketAddress remote) throws IOException {
    connect(remote, 0);
  }

  @Override
  public void connect(SocketAddress remote, int millis) throws IOException {
    if (millis < 0) {
      throw new IllegalArgumentException("connect: timeout can't be negative");
    }
    requireBlocking();
    if (remote instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new java.net.UnknownHostException(inet.getHostName());
    }
    try {
      channel.establish(Addresses.remote(remote), true, millis * MILLISECOND);
    } catch (AlreadyConnectedException e) {
      throw new SocketException("Already connected", e);
    } catch (ClosedChannelException e) {
      throw new SocketException("Socket is closed", e);
    }
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    orSocketException(() -> channel.bind(local));
  }

  @Override
  public SocketChannel getChannel() {
    return channel;
  }

  private @Nullable InetSocketAddress local() {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      return null; // closed
    }
  }

  private @Nullable InetSocketAddress remote() {
    try {
      return channel.isConnected() ? (InetSocketAddress) channel.getRemoteAddress() : null;
    } catch (IOException e) {
      return null; // closed
    }
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    InetSocketAddress remote = remote();
    return remote == null ? null : remote.getAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    InetSocketAddress local = local();
    return local == null ? new InetSocketAddress(0).getAddress() : local.getAddress();
  }

  @Override
  public int getPort() {
    InetSocketAddress remote = remote();
    return remote == null ? 0 : remote.getPort();
  }

  @Override
  public int getLocalPort() {
    InetSocketAddress local = local();
    return local == null ? -1 : local.getPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return remote();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return local();
  }

  // Streams

  private void requireBlocking() {
    if (!channel.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
  }

  private void requireConnected() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (!isConnected()) {
      throw new SocketException("Socket is not connected");
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    requireConnected();
    if (isInputShutdown()) {
      throw new SocketException("Socket input is shutdown");
    }
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireConnected();
    if (isOutputShutdown()) {
      throw new SocketException("Socket output is shutdown");
    }
    return output;
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      requireBlocking();
      if (length == 0) {
        return 0;
      }
      return (int)
          channel.read(true, timeout * MILLISECOND, ByteBuffer.wrap(target, offset, length));
    }

    @Override
    public int available() throws IOException {
      return orSocketException(channel::available);
    }

    @Override
    public void close() throws IOException {
      SocketAdaptor.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      requireBlocking();
      ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
      channel.write(true, buffer);
      if (buffer.hasRemaining()) { // another thread ended it midway
        throw new AsynchronousCloseException();
      }
    }

    @Override
    public void close() throws IOException {
      SocketAdaptor.this.close();
    }
  }

  // Options

  private <T> void set(SocketOption<T> option, T value) throws SocketException {
    orSocketException(() -> channel.setOption(option, value));
  }

  private <T> T get(SocketOption<T> option) throws SocketException {
    return orSocketException(() -> channel.getOption(option));
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    set(StandardSocketOptions.TCP_NODELAY, on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return get(StandardSocketOptions.TCP_NODELAY);
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    if (on && seconds < 0) {
      throw new IllegalArgumentException("invalid value for SO_LINGER");
    }
    set(StandardSocketOptions.SO_LINGER, on ? seconds : -1);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return get(StandardSocketOptions.SO_LINGER);
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    if (channel.writeUrgent(data) == 0) {
      throw new IOException("Socket buffer full");
    }
  }

  /// Urgent data is always in the stream (RFC 6093).
  @Override
  public void setOOBInline(boolean on) throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (!on) {
      throw new SocketException(
          "SO_OOBINLINE cannot be switched off: urgent data is in the stream");
    }
  }

  @Override
  public boolean getOOBInline() {
    return true;
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    if (millis < 0) {
      throw new IllegalArgumentException("timeout can't be negative");
    }
    timeout = millis;
  }

  @Override
  public int getSoTimeout() throws SocketException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return timeout;
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    if (size <= 0) {
      throw new IllegalArgumentException("invalid send size");
    }
    set(StandardSocketOptions.SO_SNDBUF, size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_SNDBUF);
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    if (size <= 0) {
      throw new IllegalArgumentException("invalid receive size");
    }
    set(StandardSocketOptions.SO_RCVBUF, size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_KEEPALIVE, on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return get(StandardSocketOptions.SO_KEEPALIVE);
  }

  @Override
  public void setTrafficClass(int octet) throws SocketException {
    set(StandardSocketOptions.IP_TOS, octet);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return get(StandardSocketOptions.IP_TOS);
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    set(StandardSocketOptions.SO_REUSEADDR, on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return get(StandardSocketOptions.SO_REUSEADDR);
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    orSocketException(() -> channel.setOption(name, value));
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return get(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return channel.supportedOptions();
  }

  // The end

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    half(channel::shutdownInput);
  }

  @Override
  public void shutdownOutput() throws IOException {
    half(channel::shutdownOutput);
  }

  private static void half(Call<?> call) throws SocketException {
    try {
      orSocketException(call);
    } catch (NotYetConnectedException e) {
      throw new SocketException("Socket is not connected", e);
    }
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isBound() {
    return local() != null;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isInputShutdown() {
    return channel.isInputClosed();
  }

  @Override
  public boolean isOutputShutdown() {
    return channel.isOutputClosed();
  }

  @Override
  public String toString() {
    return "Socket[" + channel + "]";
  }
}
