package microps.sim;

import java.nio.ByteBuffer;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;

/// A program that sends back what it reads on each connection, with a bounded buffer: it reads no
/// more while the peer does not take what it has.
public final class EchoServer implements SimApp {
  private final TcpListener listener;
  private final int bufferSize;
  private int accepted;
  private int open;

  private EchoServer(SimHost host, int port, int bufferSize) {
    this.bufferSize = bufferSize;
    listener = host.stack().openTcpListener();
    listener.attach(this);
    host.act(() -> {
      listener.bind(new Endpoint(Ipv4Address.ANY, port));
      listener.listen(128);
    });
  }

  /// Begins to serve a port.
  public static EchoServer start(SimHost host, int port) {
    return new EchoServer(host, port, 1 << 16);
  }

  /// How many connections were accepted.
  public int accepted() {
    return accepted;
  }

  /// How many of them are not closed.
  public int open() {
    return open;
  }

  /// Stops to listen; connections go on.
  public void close(SimHost host) {
    host.act(() -> listener.close(host.now()));
  }

  @Override
  public void ready(SimHost host, SocketHandle handle) {
    TcpSocket socket;
    while ((socket = listener.accept()) != null) {
      accepted++;
      open++;
      Connection connection = new Connection(socket);
      socket.attach(connection);
      connection.ready(host, socket);
    }
  }

  private final class Connection implements SimApp {
    private final TcpSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocate(bufferSize); // filled, not flipped
    private boolean endSeen;
    private boolean closed;

    Connection(TcpSocket socket) {
      this.socket = socket;
    }

    @Override
    public void ready(SimHost host, SocketHandle handle) {
      if (closed) {
        return;
      }
      try {
        boolean moved = true;
        while (moved) {
          moved = false;
          if (!endSeen && buffer.hasRemaining()) {
            int n = socket.read(buffer, host.now());
            endSeen = n < 0;
            moved = n > 0;
          }
          buffer.flip();
          if (buffer.hasRemaining()) {
            moved |= socket.write(buffer, host.now()) > 0;
          }
          buffer.compact();
        }
        if (endSeen && buffer.position() == 0) {
          close(host);
        }
      } catch (SocketFailure e) {
        close(host); // the peer aborted: there is nobody to echo to
      }
    }

    private void close(SimHost host) {
      closed = true;
      open--;
      socket.close(host.now());
    }
  }
}
