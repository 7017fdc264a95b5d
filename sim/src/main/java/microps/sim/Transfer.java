package microps.sim;

import microps.core.address.Endpoint;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.sim.TcpEnd.Plan;
import org.jspecify.annotations.Nullable;

/// One TCP connection from open to close: a client on one host, a listener on another, a known
/// stream each way.
///
/// ```java
/// Transfer t = Transfer.start(a, b, 7, Plan.send(1_000_000), Plan.READ);
/// t.run(Network.seconds(60)).check();
/// ```
public final class Transfer {
  private final Network network;
  private final SimHost server;
  private final TcpListener listener;
  private final TcpEnd clientEnd;
  private final Plan serverPlan;
  private final ByteStream up;
  private final ByteStream down;
  private @Nullable TcpEnd serverEnd;

  private Transfer(SimHost client, SimHost server, int port, Plan clientPlan, Plan serverPlan) {
    this.network = client.network();
    this.server = server;
    this.serverPlan = serverPlan;
    up = new ByteStream(network.seed() ^ port);
    down = new ByteStream(~network.seed() ^ port);
    listener = server.stack().openTcpListener();
    listener.attach((SimApp) this::accept);
    server.act(() -> {
      listener.bind(new Endpoint(server.address(), port));
      listener.listen(1);
    });
    TcpSocket socket = client.stack().openTcp();
    clientEnd = new TcpEnd(client, socket, clientPlan, up, down);
    client.act(() -> socket.connect(new Endpoint(server.address(), port), client.now()));
  }

  /// Begins.
  public static Transfer start(
      SimHost client, SimHost server, int port, Plan clientPlan, Plan serverPlan) {
    return new Transfer(client, server, port, clientPlan, serverPlan);
  }

  private void accept(SimHost host, SocketHandle handle) {
    TcpSocket socket = listener.accept();
    if (socket != null) {
      listener.close(host.now());
      TcpEnd end = new TcpEnd(host, socket, serverPlan, down, up);
      serverEnd = end;
      end.ready(host, socket);
    }
  }

  /// The client's end.
  public TcpEnd client() {
    return clientEnd;
  }

  /// The server's end; null before the connection is accepted.
  public @Nullable TcpEnd server() {
    return serverEnd;
  }

  /// Whether both ends have closed, or given up.
  public boolean isOver() {
    TcpEnd other = serverEnd;
    return clientEnd.isOver() && (other == null ? clientEnd.failure() != null : other.isOver());
  }

  /// Lets time pass until it is over, and closes what is left.
  ///
  /// @param limit how many nanoseconds at most
  public Transfer run(long limit) {
    network.runUntil(this::isOver, limit);
    server.act(() -> listener.close(server.now()));
    return this;
  }

  /// Whether every byte arrived, both ways.
  public boolean isComplete() {
    TcpEnd other = serverEnd;
    return other != null
        && isComplete(clientEnd, other.sent())
        && isComplete(other, clientEnd.sent())
        && clientEnd.sent() == clientEnd.plan().bytes()
        && other.sent() == other.plan().bytes();
  }

  private static boolean isComplete(TcpEnd end, long expected) {
    return end.sawEnd() && end.received() == expected && end.wrong() == null;
  }

  /// Sees that every byte arrived once and in order.
  ///
  /// @throws AssertionError where not
  public Transfer check() {
    if (!isComplete()) {
      throw new AssertionError("the transfer is not complete: " + this);
    }
    return this;
  }

  /// Sees that every byte that arrived was the right one, and that both ends are over: complete, or
  /// failed for a reason.
  ///
  /// @throws AssertionError where not
  public Transfer checkOrFailed() {
    TcpEnd other = serverEnd;
    boolean wrong = clientEnd.wrong() != null || other != null && other.wrong() != null;
    boolean failed = clientEnd.failure() != null || other != null && other.failure() != null;
    if (wrong || !isOver() || !isComplete() && !failed) {
      throw new AssertionError("the transfer is neither complete nor failed: " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return clientEnd + "; " + (serverEnd == null ? "never accepted" : serverEnd.toString());
  }
}
