package microps.sim;

import java.util.function.Consumer;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSettings;
import microps.core.tcp.TcpSocket;
import microps.sim.TcpEnd.Plan;
import org.jspecify.annotations.Nullable;

/// One TCP connection from open to close: a client on one host, a listener on another, a known
/// stream each way.
///
/// ```java
/// Transfer.from(a).to(b, 7).client(Plan.send(1_000_000)).start().run(Network.seconds(60)).check();
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

  private Transfer(Builder b) {
    network = b.client.network();
    server = b.server;
    serverPlan = b.serverPlan;
    up = new ByteStream(network.seed() ^ b.port);
    down = new ByteStream(~network.seed() ^ b.port);
    listener = server.stack().openTcpListener();
    b.serverSettings.accept(listener.settings());
    listener.attach((SimApp) this::accept);
    server.act(() -> {
      listener.bind(new Endpoint(server.address(), b.port));
      listener.listen(1);
    });
    SimHost client = b.client;
    TcpSocket socket = client.stack().openTcp();
    b.clientSettings.accept(socket.settings());
    clientEnd = new TcpEnd(client, socket, b.clientPlan, up, down);
    client.act(() -> {
      if (b.clientPort != 0) {
        socket.bind(new Endpoint(Ipv4Address.ANY, b.clientPort));
      }
      socket.connect(new Endpoint(server.address(), b.port), client.now());
    });
  }

  /// What is to be done, before it is started.
  public static final class Builder {
    private final SimHost client;
    private SimHost server;
    private int port = 7;
    private int clientPort;
    private Plan clientPlan = Plan.READ;
    private Plan serverPlan = Plan.READ;
    private Consumer<TcpSettings> clientSettings = s -> {};
    private Consumer<TcpSettings> serverSettings = s -> {};

    private Builder(SimHost client) {
      this.client = client;
      this.server = client;
    }

    /// To this port of this host.
    public Builder to(SimHost host, int toPort) {
      server = host;
      port = toPort;
      return this;
    }

    /// From this port; otherwise from one that the stack chooses.
    public Builder fromPort(int fromPort) {
      clientPort = fromPort;
      return this;
    }

    /// What the client does.
    public Builder client(Plan plan) {
      clientPlan = plan;
      return this;
    }

    /// What the server does.
    public Builder server(Plan plan) {
      serverPlan = plan;
      return this;
    }

    /// Changes the settings of the client's socket.
    public Builder clientSettings(Consumer<TcpSettings> change) {
      clientSettings = change;
      return this;
    }

    /// Changes the settings of the server's sockets.
    public Builder serverSettings(Consumer<TcpSettings> change) {
      serverSettings = change;
      return this;
    }

    /// Begins.
    public Transfer start() {
      return new Transfer(this);
    }
  }

  /// A transfer from a host.
  public static Builder from(SimHost client) {
    return new Builder(client);
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
    return clientEnd.isOver() && (other == null || other.isOver());
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
    boolean failed =
        clientEnd.isAborted()
            || clientEnd.failure() != null
            || other != null && (other.isAborted() || other.failure() != null);
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
