package microps.sim.script;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.Stack;
import microps.core.address.Endpoint;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.TcpSocket;
import microps.core.udp.UdpSocket;
import org.jspecify.annotations.Nullable;

/// What stands behind a file descriptor of a script: one socket, which becomes a listener or a
/// connection by what is called on it.
final class Descriptor {
  private final Stack stack;
  @Nullable TcpSocket tcp;
  @Nullable TcpListener listener;
  @Nullable UdpSocket udp;
  boolean nonBlocking;
  boolean connectReported;
  private boolean moreFollows;
  private boolean corkedBefore;
  private int readPlace;
  private int writtenPlace;

  private Descriptor(Stack stack) {
    this.stack = stack;
  }

  static Descriptor stream(Stack stack) {
    Descriptor d = new Descriptor(stack);
    d.tcp = stack.openTcp();
    return d;
  }

  static Descriptor datagram(Stack stack) {
    Descriptor d = new Descriptor(stack);
    d.udp = stack.openUdp();
    return d;
  }

  static Descriptor accepted(Stack stack, TcpSocket socket) {
    Descriptor d = new Descriptor(stack);
    d.tcp = socket;
    return d;
  }

  SocketHandle handle() {
    SocketHandle handle = tcp != null ? tcp : listener != null ? listener : udp;
    if (handle == null) {
      throw new Mismatch("the descriptor is closed");
    }
    return handle;
  }

  /// The settings of a TCP socket or listener, or null.
  @Nullable TcpSettings settings() {
    return tcp != null ? tcp.settings() : listener != null ? listener.settings() : null;
  }

  /// Turns a socket into a listener on the port that it was bound to.
  void listen(int backlog, long now) throws SocketFailure {
    TcpSocket socket = tcp;
    if (listener == null && socket != null) {
      TcpListener fresh = stack.openTcpListener();
      TcpSettings from = socket.settings();
      TcpSettings to = fresh.settings();
      to.noDelay = from.noDelay;
      to.cork = from.cork;
      to.maxSegment = from.maxSegment;
      to.maxPacingRate = from.maxPacingRate;
      to.congestion = from.congestion;
      to.keepAlive = from.keepAlive;
      to.keepAliveIdle = from.keepAliveIdle;
      to.keepAliveInterval = from.keepAliveInterval;
      to.keepAliveCount = from.keepAliveCount;
      to.userTimeout = from.userTimeout;
      to.linger = from.linger;
      to.reuseAddress = from.reuseAddress;
      to.sendBuffer = from.sendBuffer;
      to.receiveBuffer = from.receiveBuffer;
      to.trafficClass = from.trafficClass;
      to.hopLimit = from.hopLimit;
      to.fastOpenQueue = from.fastOpenQueue;
      Endpoint local = socket.local();
      socket.close(now);
      tcp = null;
      listener = fresh;
      if (local != null) {
        fresh.bind(local);
      }
    }
    if (listener == null) {
      throw new Mismatch("listen is for stream sockets");
    }
    listener.listen(backlog);
  }

  /// Reads up to so many bytes of the stream and looks whether they are the right ones.
  int read(int count, long now) throws SocketFailure {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    int got;
    if (udp != null) {
      if (udp.receive(buffer) == null) {
        return 0;
      }
      readPlace = 0;
      got = buffer.position();
    } else if (tcp != null) {
      got = tcp.read(buffer, now);
    } else {
      throw new SocketFailure(SocketError.NOT_CONNECTED);
    }
    for (int i = 0; i < got; i++) {
      if (buffer.get(i) != Codec.streamByte(readPlace++)) {
        throw new Mismatch(
            "the byte at " + (readPlace - 1) + " of the stream is not the one that was sent");
      }
    }
    return got;
  }

  /// Writes so many bytes of the stream.
  ///
  /// @param urgent whether it is urgent
  int write(int count, @Nullable Endpoint to, boolean urgent, long now) throws SocketFailure {
    int place = udp != null ? 0 : writtenPlace;
    ByteBuffer buffer = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      buffer.put(Codec.streamByte(place + i));
    }
    buffer.flip();
    if (udp != null) {
      return udp.send(buffer, to, now) ? count : 0;
    }
    if (tcp == null) {
      throw new SocketFailure(SocketError.BROKEN_PIPE);
    }
    int taken = urgent ? tcp.writeUrgent(buffer, now) : tcp.write(buffer, now);
    writtenPlace += taken;
    return taken;
  }

  /// Connects, and writes so many bytes of the stream.
  int connect(int count, Endpoint to, long now) throws SocketFailure {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      buffer.put(Codec.streamByte(i));
    }
    writtenPlace = Objects.requireNonNull(tcp).connect(to, buffer.flip(), now);
    return writtenPlace;
  }

  /// Whether reading gives the end of the stream, or the peer has ended it behind what waits.
  boolean isAtEnd() {
    return tcp != null
        && switch (tcp.state()) {
          case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED -> true;
          case LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 -> false;
        };
  }

  /// `MSG_MORE`: as if corked until the next write without it.
  void cork(boolean more) {
    if (tcp != null && more != moreFollows) {
      moreFollows = more;
      corkedBefore = more ? tcp.settings().cork : corkedBefore;
      tcp.settings().cork = more || corkedBefore;
    }
  }

  void close(long now) {
    if (tcp != null) {
      tcp.close(now);
    }
    if (listener != null) {
      listener.close(now);
    }
    if (udp != null) {
      udp.close();
    }
  }
}
