package microps.core.tcp;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.Counter;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.ip.Path;
import org.jspecify.annotations.Nullable;

/// What a user's calls do to a connection (RFC 9293, sections 3.10.1 to 3.10.6).
final class UserCalls {
  private final Tcp tcp;

  UserCalls(Tcp tcp) {
    this.tcp = tcp;
  }

  /// Active OPEN (3.10.1).
  ///
  /// @param bound what the socket is bound to, or null
  /// @param withText whether the user brings its first octets
  TcpConnection open(
      @Nullable Endpoint bound, Endpoint remote, TcpSettings settings, boolean withText, long now)
      throws SocketFailure {
    IpAddress address = remote.address();
    if (remote.port() == 0 || address.isMulticast() || tcp.ip().isBroadcast(address)) {
      // MUST-46
      throw new SocketFailure(SocketError.ADDRESS_NOT_AVAILABLE, remote.toString());
    }
    if (!tcp.hasRoom()) {
      throw new SocketFailure(SocketError.NO_PORTS_LEFT, "too many connections");
    }
    Path path = tcp.ip().route(bound == null ? null : bound.address(), address);
    int port = bound == null ? tcp.ephemeral(path.source(), remote, now) : bound.port();
    Endpoint local = new Endpoint(path.source(), port);
    int iss = tcp.initialSequence(local, remote, now);
    TcpConnection before = tcp.flows().find(local, remote);
    if (before != null) {
      if (!tcp.mayReuse(before, now)) {
        throw new SocketFailure(SocketError.ADDRESS_IN_USE, local + " to " + remote);
      }
      iss = TimeWait.initialSequence(iss, before.snd.nxt);
      tcp.env().counters().add(Counter.TCP_TIME_WAIT_REUSED);
      before.enter(TcpState.CLOSED, now);
    }
    TcpConnection c = new TcpConnection(tcp, settings, local, remote, path);
    c.snd.start(iss);
    c.recovery().start(c.snd.iss, false);
    tcp.fastOpens().open(c, withText, now);
    tcp.add(c);
    tcp.env().counters().add(Counter.TCP_ACTIVE_OPENS);
    c.enter(TcpState.SYN_SENT, now);
    tcp.schedule(c);
    return c;
  }

  /// SEND (3.10.2).
  int send(TcpConnection c, ByteBuffer source) {
    return switch (c.state()) {
      case ESTABLISHED, CLOSE_WAIT -> {
        int n = c.snd.buffer.write(source, BufferSizes.sendLimit(c));
        tcp.schedule(c);
        yield n;
      }
      case SYN_SENT, SYN_RECEIVED -> {
        int n = c.isUsable() ? c.snd.buffer.write(source, BufferSizes.sendLimit(c)) : 0;
        if (n > 0) {
          tcp.fastOpens().launch(c);
          tcp.schedule(c);
        }
        yield n;
      }
      case CLOSED, LISTEN, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT ->
          throw new AssertionError("the socket refuses a write in " + c.state());
    };
  }

  /// SEND with the URGENT flag (3.10.2): the last octet taken is the last urgent one.
  int sendUrgent(TcpConnection c, ByteBuffer source) {
    int n = send(c, source);
    if (n > 0) {
      c.snd.markUrgent();
      if (c.snd.wnd <= c.snd.flight()) {
        c.rcv.ackNow = true; // the window is closed to the octets, but not to the news
      }
    }
    return n;
  }

  /// RECEIVE (3.10.3).
  int receive(TcpConnection c, ByteBuffer target, long now) {
    int n = c.rcv.buffer.read(target);
    if (n > 0 && c.mayReceiveText()) {
      BufferSizes.tuneWindow(c, n, now);
      if (c.rcv.owesWindowUpdate()) {
        c.rcv.ackNow = true;
        tcp.schedule(c);
      }
    }
    return n;
  }

  /// CLOSE (3.10.4): a FIN after what was sent.
  void close(TcpConnection c, long now) {
    switch (c.state()) {
      case SYN_SENT -> {
        if (c.snd.buffer.size() == 0) {
          c.fail(SocketError.CONNECTION_ABORTED, now);
        }
        c.snd.finQueued = true; // what was written for Fast Open is sent first
      }
      // Deviation: 3.10.4 sends the FIN at once; FIN-WAIT-1 follows here when it is established
      case SYN_RECEIVED -> c.snd.finQueued = true;
      case ESTABLISHED -> {
        c.snd.finQueued = true;
        c.enter(TcpState.FIN_WAIT_1, now);
      }
      case CLOSE_WAIT -> {
        c.snd.finQueued = true;
        c.enter(TcpState.LAST_ACK, now);
      }
      case CLOSED, LISTEN, FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, TIME_WAIT -> {}
    }
    tcp.schedule(c);
  }

  /// The user goes: nobody reads any more; who lingers is still told when all is delivered.
  void abandon(TcpConnection c, boolean reset, long now) {
    if (reset) {
      c.orphaned = true;
      tcp.resets().abort(c, SocketError.CONNECTION_ABORTED, now);
      return;
    }
    close(c, now);
    c.orphaned = true;
    c.rcv.buffer.clear();
    c.startOrphanTimer(now);
    if (c.snd.flight() == 0) {
      c.progressAt = now;
    }
  }
}
