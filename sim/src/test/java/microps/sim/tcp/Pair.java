package microps.sim.tcp;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.UnaryOperator;
import microps.core.StackConfig;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.tcp.TcpStatus;
import microps.sim.Faults;
import microps.sim.Network;
import microps.sim.SimHost;
import microps.sim.Wire;

/// Two hosts on a wire of 100 Mb/s and 1 ms, and sockets that a test holds in its own hands.
final class Pair {
  static final int PORT = 7;

  final Network network;
  final SimHost a;
  final SimHost b;
  final Wire wire;
  final TcpListener listener;

  /// On a point-to-point wire.
  Pair() {
    this(UnaryOperator.identity());
  }

  /// On a point-to-point wire, with other knobs.
  Pair(UnaryOperator<StackConfig> tune) {
    this(new Network(1), tune, false);
  }

  /// On an Ethernet.
  static Pair ethernet() {
    return new Pair(new Network(1), UnaryOperator.identity(), true);
  }

  Pair(Network network, UnaryOperator<StackConfig> tune, boolean ethernet) {
    this.network = network;
    a = network.host("a", tune);
    b = network.host("b", tune);
    wire =
        ethernet
            ? network.wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
            : network.wire(a.pointToPoint("192.0.2.1/24"), b.pointToPoint("192.0.2.2/24"));
    wire.faults(Faults.NONE.rate(100_000_000).delay(Network.millis(1)));
    listener = b.stack().openTcpListener();
    b.act(() -> {
      listener.bind(new Endpoint(b.address(), PORT));
      listener.listen(128);
    });
  }

  /// Begins a connection from `a` to the listener.
  TcpSocket open() {
    TcpSocket socket = a.stack().openTcp();
    a.act(() -> socket.connect(new Endpoint(b.address(), PORT), a.now()));
    return socket;
  }

  /// What the listener has, after a second at most.
  TcpSocket accept() {
    network.runUntil(() -> listener.readiness() != 0, Network.seconds(1));
    return Objects.requireNonNull(listener.accept(), "nobody connected");
  }

  void seconds(double count) {
    network.runFor(Network.seconds(count));
  }

  /// Writes so many zeros.
  ///
  /// @return how many were taken
  static int write(SimHost host, TcpSocket socket, int count) {
    int[] taken = {0};
    host.act(() -> taken[0] = socket.write(ByteBuffer.allocate(count), host.now()));
    return taken[0];
  }

  /// Reads at most so many bytes.
  ///
  /// @return how many; -1: the end
  static int read(SimHost host, TcpSocket socket, int count) throws SocketFailure {
    int n = socket.read(ByteBuffer.allocate(count), host.now());
    host.settle();
    return n;
  }

  static void close(SimHost host, TcpSocket socket) {
    host.act(() -> socket.close(host.now()));
  }

  static TcpStatus status(TcpSocket socket) {
    return Objects.requireNonNull(socket.status());
  }
}
