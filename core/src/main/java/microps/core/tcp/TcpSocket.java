package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpTimers.Kind;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;

/// A TCP connection as its user holds it (RFC 9293, section 3.9.1): non-blocking.
public final class TcpSocket extends SocketHandle {
  private final Tcp tcp;
  private TcpSettings settings;
  private Ports.@Nullable Binding binding;
  private @Nullable TcpConnection connection;
  private boolean inputShut;
  private boolean outputShut;
  private boolean closed;
  private boolean errorTold;

  TcpSocket(Tcp tcp, TcpSettings settings) {
    this.tcp = tcp;
    this.settings = settings;
  }

  /// The socket of an accepted connection.
  static TcpSocket of(TcpConnection c) {
    TcpSocket socket = new TcpSocket(c.tcp, c.settings);
    socket.connection = c;
    c.socket = socket;
    return socket;
  }

  /// What can be set on it; call [#settingsChanged] when something was, on a connection.
  public TcpSettings settings() {
    if (settings.shared) {
      settings = settings.own();
      if (connection != null) {
        connection.settings = settings;
      }
    }
    return settings;
  }

  /// Lets changed settings take effect on a connection: keep-alive starts or stops, what Nagle's
  /// algorithm held back is sent, the receive window grows.
  public void settingsChanged(long now) {
    TcpConnection c = connection;
    if (c == null) {
      return;
    }
    Patience.changed(c, now);
    c.owesUserTimeout = tcp.config().userTimeoutOption();
    if (!c.isSynchronized()) {
      return;
    }
    if (settings.keepAlive) {
      c.keepAlivesSent = 0;
      c.timers.start(Kind.KEEP_ALIVE, Math.max(now, c.heardAt + settings.keepAliveIdle));
    } else {
      c.timers.stop(Kind.KEEP_ALIVE);
    }
    BufferSizes.applyReceiveBuffer(c);
    tcp.schedule(c);
  }

  /// Chooses the local address (unspecified: any) and port (0: a free one).
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`, `INVALID_ARGUMENT` where it
  ///   is bound already
  public void bind(Endpoint local) throws SocketFailure {
    if (binding != null || connection != null) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, "already bound");
    }
    binding = tcp.ports().bind(local, settings());
  }

  /// Begins the active OPEN; the socket becomes writable when the connection is established, and
  /// fails otherwise.
  ///
  /// @throws SocketFailure at once where there is no route, no free port, the remote is a broadcast
  ///   or multicast address (MUST-46), or the connection exists already
  public void connect(Endpoint remote, long now) throws SocketFailure {
    open(remote, false, now);
  }

  /// As [#connect(Endpoint, long)], and writes: the first octets go with the SYN where the server
  /// is known to take them (RFC 7413), else when the connection is established. The socket can be
  /// used at once. Only for requests that may arrive twice (section 6).
  ///
  /// @return the bytes taken
  /// @throws SocketFailure as connect
  public int connect(Endpoint remote, ByteBuffer first, long now) throws SocketFailure {
    TcpConnection c = open(remote, true, now);
    return tcp.userCalls().send(c, first);
  }

  private TcpConnection open(Endpoint remote, boolean withText, long now) throws SocketFailure {
    if (connection != null) {
      throw new SocketFailure(SocketError.ALREADY_CONNECTED);
    }
    Endpoint bound = binding == null ? null : binding.local();
    TcpConnection c = tcp.userCalls().open(bound, remote, settings, withText, now);
    c.socket = this;
    connection = c;
    return c;
  }

  /// Whether an OPEN is under way, and the socket cannot be used before it is through.
  public boolean isConnecting() {
    TcpConnection c = connection;
    return c != null
        && !c.isUsable()
        && (c.state() == TcpState.SYN_SENT || c.state() == TcpState.SYN_RECEIVED);
  }

  /// Whether it was established, or can be used before that ([Fast
  /// Open][TcpSettings#fastOpenConnect]); stays true after that.
  public boolean isConnected() {
    TcpConnection c = connection;
    return c != null && c.isUsable();
  }

  private TcpConnection connected() throws SocketFailure {
    TcpConnection c = connection;
    if (c == null || closed) {
      throw new SocketFailure(SocketError.NOT_CONNECTED);
    }
    return c;
  }

  /// Why the connection failed, or null; what a connecting user asks when [#isConnecting] has
  /// become false.
  public @Nullable SocketError error() {
    TcpConnection c = connection;
    return c == null ? null : c.error;
  }

  /// What stands in the way at present although the connection goes on (MUST-47): the last ICMP
  /// error since something was acknowledged (SHLD-25), or `CONNECTION_TIMED_OUT` when a segment was
  /// sent again three times in vain (SHLD-9); null: nothing. [SocketEvents] tells when it changes;
  /// who does not want to know does not ask (SHLD-20).
  public @Nullable SocketError softError() {
    TcpConnection c = connection;
    return c == null ? null : c.softError;
  }

  /// Reads what has arrived in order.
  ///
  /// @return the bytes put into the buffer; 0: nothing now; -1: the peer has closed, or our side
  ///   was shut down for input
  /// @throws SocketFailure `CONNECTION_RESET`, `CONNECTION_TIMED_OUT`, ... when what arrived before
  ///   it has been read; `CONNECTION_REFUSED` after a failed OPEN; `NOT_CONNECTED`
  public int read(ByteBuffer target, long now) throws SocketFailure {
    TcpConnection c = connected();
    if (inputShut) {
      return -1;
    }
    if (!target.hasRemaining()) {
      return 0;
    }
    tcp.fastOpens().launch(c); // who waits for an answer has nothing to send with the SYN
    int n = tcp.userCalls().receive(c, target, now);
    if (n > 0) {
      return n;
    }
    SocketError error = c.error;
    if (error != null) {
      errorTold = true;
      throw new SocketFailure(error);
    }
    return c.rcv.finReceived || c.state() == TcpState.CLOSED ? -1 : 0;
  }

  /// Writes as much as there is buffer for.
  ///
  /// @return the bytes taken; 0: no room now
  /// @throws SocketFailure the connection's error, once; then, and after `shutdownOutput`,
  ///   `BROKEN_PIPE`; `NOT_CONNECTED`
  public int write(ByteBuffer source, long now) throws SocketFailure {
    return tcp.userCalls().send(writable(), source);
  }

  private TcpConnection writable() throws SocketFailure {
    TcpConnection c = connected();
    SocketError error = c.error;
    if (error != null && !errorTold) {
      errorTold = true;
      throw new SocketFailure(error);
    }
    if (error != null || outputShut || c.state() == TcpState.CLOSED) {
      throw new SocketFailure(SocketError.BROKEN_PIPE);
    }
    return c;
  }

  /// Writes as [#write] does, and tells the peer that what was written up to here is urgent
  /// (MUST-30). New programs should not (SHLD-13, RFC 6093).
  ///
  /// @return the bytes taken; 0: no room now, and nothing is urgent
  /// @throws SocketFailure as [#write]
  public int writeUrgent(ByteBuffer source, long now) throws SocketFailure {
    return tcp.userCalls().sendUrgent(writable(), source);
  }

  /// How many bytes there are to read up to the end of what the peer said is urgent (MUST-33),
  /// arrived or not; 0: nothing is. [SocketEvents] tells when more becomes urgent (MUST-32). Urgent
  /// bytes are read like all others (RFC 6093, section 3.1).
  public int urgent() {
    TcpConnection c = connection;
    if (c == null || inputShut) {
      return 0;
    }
    UrgentMark mark = c.rcv.urgent;
    return mark == null ? 0 : mark.remaining(c.rcv.readNext());
  }

  /// The name of the congestion control of connections that begin now.
  public String congestion() {
    CongestionAlgorithm chosen = settings.congestion;
    return (chosen != null ? chosen : tcp.config().congestion()).name();
  }

  /// `SO_RCVBUF` as it is at present: what was set, or what the stack made of the path.
  public int receiveBuffer() {
    if (settings.receiveBuffer > 0) {
      return settings.receiveBuffer;
    }
    TcpConnection c = connection;
    return c != null ? c.rcv.capacity : tcp.config().receiveBuffer();
  }

  /// `SO_SNDBUF` as it is at present: what was set, or what the stack made of the path.
  public int sendBuffer() {
    if (settings.sendBuffer > 0) {
      return settings.sendBuffer;
    }
    TcpConnection c = connection;
    return c != null ? BufferSizes.sendLimit(c) : tcp.config().sendBuffer();
  }

  /// How many bytes can be read without waiting.
  public int available() {
    TcpConnection c = connection;
    return c == null || inputShut ? 0 : c.rcv.buffer.readable();
  }

  /// Whether a writer that waits is worth waking: a quarter of the buffer is free.
  boolean hasRoomToWrite() {
    TcpConnection c = connection;
    if (c == null) {
      return false;
    }
    int limit = BufferSizes.sendLimit(c);
    return c.snd.buffer.size() <= limit - Math.max(1, limit / 4) && c.snd.buffer.hasRoom();
  }

  /// Sends a FIN after what was written (half-close). Nothing happens the second time.
  ///
  /// @throws SocketFailure `NOT_CONNECTED`
  public void shutdownOutput(long now) throws SocketFailure {
    TcpConnection c = connected();
    if (!c.isUsable()) {
      throw new SocketFailure(SocketError.NOT_CONNECTED);
    }
    tcp.fastOpens().launch(c);
    if (!outputShut) {
      outputShut = true;
      tcp.userCalls().close(c, now);
    }
  }

  /// Reads give -1 from here on; what arrives is acknowledged and thrown away, as Linux does.
  ///
  /// @throws SocketFailure `NOT_CONNECTED`
  public void shutdownInput(long now) throws SocketFailure {
    TcpConnection c = connected();
    if (!c.isUsable()) {
      throw new SocketFailure(SocketError.NOT_CONNECTED);
    }
    inputShut = true;
    c.rcv.discarding = true;
    c.rcv.buffer.discardReadable();
    if (c.mayReceiveText() && c.rcv.owesWindowUpdate()) {
      c.rcv.ackNow = true;
    }
    tcp.schedule(c);
    c.signal();
  }

  /// Closes: FIN after what was written; RST where data was left unread (RFC 2525, section 2.17) or
  /// `linger` is 0. The connection goes on without its user. Idempotent.
  public void close(long now) {
    if (closed) {
      return;
    }
    TcpConnection c = connection;
    boolean unread = c != null && c.rcv.buffer.readable() > 0;
    end(settings.linger == 0 || unread && !inputShut, now);
  }

  /// ABORT: RST, and everything is forgotten; also after [#close], while that is not through.
  /// Idempotent.
  public void abort(long now) {
    if (!closed || state() != TcpState.CLOSED) {
      end(true, now);
    }
  }

  private void end(boolean reset, long now) {
    closed = true;
    if (binding != null) {
      tcp.ports().release(binding);
      binding = null;
    }
    TcpConnection c = connection;
    if (c != null) {
      tcp.userCalls().abandon(c, reset && c.state() != TcpState.TIME_WAIT, now);
    }
  }

  /// Whether, after [#close], all data and the FIN are acknowledged, or the connection is gone:
  /// what a lingering close waits for.
  public boolean isDrained() {
    TcpConnection c = connection;
    return c == null || c.snd.finAcked || c.state() == TcpState.CLOSED;
  }

  /// The local endpoint; null before bind and connect.
  public @Nullable Endpoint local() {
    TcpConnection c = connection;
    if (c != null) {
      return c.local;
    }
    return binding == null ? null : binding.local();
  }

  /// The remote endpoint; null before connect.
  public @Nullable Endpoint remote() {
    TcpConnection c = connection;
    return c == null ? null : c.remote;
  }

  /// The state of the connection.
  public TcpState state() {
    TcpConnection c = connection;
    return c == null ? TcpState.CLOSED : c.state();
  }

  /// The numbers of the connection; null before connect.
  public @Nullable TcpStatus status() {
    TcpConnection c = connection;
    return c == null ? null : Introspection.status(c);
  }

  /// All numbers of the connection, as `tcp_info` on Linux; null before connect.
  public @Nullable TcpInfo info(long now) {
    TcpConnection c = connection;
    return c == null ? null : Introspection.of(c, now);
  }

  @Override
  public int readiness() {
    TcpConnection c = connection;
    if (c == null) {
      return 0;
    }
    int ready = 0;
    boolean over = c.error != null || c.state() == TcpState.CLOSED;
    if (inputShut || over || c.rcv.finReceived || c.rcv.buffer.readable() > 0) {
      ready |= READABLE;
    }
    if (outputShut || over || c.isUsable() && hasRoomToWrite()) {
      ready |= WRITABLE;
    }
    return over ? ready | FAILED : ready;
  }
}
