package microps.core.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.congestion.CongestionAlgorithm;
import org.jspecify.annotations.Nullable;

/// A passive OPEN: a port with a SYN queue and an accept queue. Readable when `accept` would give a
/// connection.
public final class TcpListener extends SocketHandle {
  private static final int DEFAULT_BACKLOG = 128;

  private final Tcp tcp;
  private TcpSettings settings = new TcpSettings();
  private final Set<TcpConnection> synQueue = new LinkedHashSet<>();
  private final ArrayDeque<TcpConnection> acceptQueue = new ArrayDeque<>();
  private Ports.@Nullable Binding binding;
  private @Nullable Endpoint lastLocal;
  private final FastOpenQueue fastOpens = new FastOpenQueue();
  private int backlog;
  private long cookieSentAt;
  private boolean cookiesSent;

  TcpListener(Tcp tcp) {
    this.tcp = tcp;
  }

  /// What can be set on it, and is inherited by what it accepts. Ask again for the next change:
  /// connections that came since keep what they have.
  public TcpSettings settings() {
    settings = settings.own();
    return settings;
  }

  /// For one more connection, or to look at.
  TcpSettings inherited() {
    return settings.share();
  }

  /// Chooses the local address (unspecified: any) and port (0: a free one).
  ///
  /// @throws SocketFailure `ADDRESS_IN_USE`, `ADDRESS_NOT_AVAILABLE`, `INVALID_ARGUMENT` where it
  ///   is bound already
  public void bind(Endpoint local) throws SocketFailure {
    if (binding != null) {
      throw new SocketFailure(SocketError.INVALID_ARGUMENT, "already bound");
    }
    binding = tcp.ports().bind(local, settings);
  }

  /// Begins to listen; binds to a free port first where it is not bound.
  ///
  /// @param backlog how many established connections may wait for `accept`; less than 1: 128
  /// @throws SocketFailure `ADDRESS_IN_USE` (MUST-41)
  public void listen(int backlog) throws SocketFailure {
    if (binding == null) {
      bind(new Endpoint(Ipv4Address.ANY, 0));
    }
    Ports.Binding bound = binding;
    if (bound != null) {
      tcp.ports().listen(bound, this);
    }
    this.backlog = backlog < 1 ? DEFAULT_BACKLOG : backlog;
  }

  /// Takes the next established connection, or null where none waits.
  public @Nullable TcpSocket accept() {
    TcpConnection c = acceptQueue.pollFirst();
    if (c == null) {
      return null;
    }
    c.listener = null;
    if (c.established) {
      BufferSizes.applyReceiveBuffer(c);
    }
    return TcpSocket.of(c);
  }

  /// Stops to listen; connections that nobody accepted are reset. Idempotent.
  public void close(long now) {
    if (binding != null) {
      tcp.ports().release(binding);
      binding = null;
    }
    for (TcpConnection c : new ArrayList<>(synQueue)) {
      c.fail(SocketError.CONNECTION_ABORTED, now);
    }
    for (TcpConnection c = acceptQueue.pollFirst(); c != null; c = acceptQueue.pollFirst()) {
      c.orphaned = true;
      tcp.resets().abort(c, SocketError.CONNECTION_ABORTED, now);
    }
  }

  /// The local endpoint; null before bind.
  public @Nullable Endpoint local() {
    return binding == null ? null : binding.local();
  }

  /// The name of the congestion control of connections that begin now.
  public String congestion() {
    CongestionAlgorithm chosen = settings.congestion;
    return (chosen != null ? chosen : tcp.config().congestion()).name();
  }

  /// `SO_RCVBUF` of the connections that it accepts, at their start.
  public int receiveBuffer() {
    return settings.receiveBuffer > 0 ? settings.receiveBuffer : tcp.config().receiveBuffer();
  }

  @Override
  public int readiness() {
    return acceptQueue.isEmpty() ? 0 : READABLE;
  }

  // What the handshake asks and tells

  /// Whether one more connection may wait for `accept`. As on Linux the queue takes one more than
  /// the backlog.
  boolean hasRoom() {
    return acceptQueue.size() <= backlog;
  }

  /// Whether one more SYN may wait for its acknowledgment.
  boolean hasRoomForSyn() {
    return synQueue.size() < tcp.config().maxSynQueue();
  }

  /// A SYN was answered, and nothing kept of it.
  void cookieSent(long now) {
    cookiesSent = true;
    cookieSentAt = now;
  }

  /// Whether an acknowledgment may bring a cookie back.
  boolean expectsCookies(long now) {
    return cookiesSent && now - cookieSentAt < SynCookie.PERIODS * SynCookie.PERIOD;
  }

  /// The local endpoint of a connection: one object for all that have the same.
  Endpoint at(IpAddress address, int port) {
    Endpoint known = lastLocal;
    if (known == null || known.port() != port || !known.address().equals(address)) {
      known = new Endpoint(address, port);
      lastLocal = known;
    }
    return known;
  }

  void synReceived(TcpConnection c) {
    synQueue.add(c);
  }

  void established(TcpConnection c) {
    synQueue.remove(c);
    acceptQueue.addLast(c);
    tcp.env().events().changed(this);
  }

  FastOpenQueue fastOpenQueue() {
    return fastOpens;
  }

  /// A half-open connection is gone. An established one that failed stays: its user learns of it
  /// after `accept`.
  void forget(TcpConnection c) {
    synQueue.remove(c);
  }

  /// Its row in the socket table.
  TcpStatus status() {
    Endpoint local = binding == null ? new Endpoint(Ipv4Address.ANY, 0) : binding.local();
    return new TcpStatus(
        local,
        null,
        TcpState.LISTEN,
        backlog,
        acceptQueue.size(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        synQueue.size(),
        0,
        0);
  }
}
