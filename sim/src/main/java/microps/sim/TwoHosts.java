package microps.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.device.Offloads;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.core.udp.UdpSocket;

/// Two hosts in one JVM, joined back to back, and as many connections between them as there shall
/// be. Everything is done on the calling thread; time passes when it is let.
public final class TwoHosts {
  private static final int PER_PORT = 10_000;
  private static final int BATCH = 200;
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final int MTU = 1500;
  private static final int READ = 256 << 10;
  private static final int FIRST_PORT = 10_000;
  private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

  private final Stack a = new Stack(StackConfig.of(new SplittableRandom(1)));
  private final Stack b = new Stack(StackConfig.of(new SplittableRandom(2)));
  private final Nic left;
  private final Nic right;
  private final Packet frame;
  private final List<TcpListener> listeners = new ArrayList<>();
  private final TcpSocket[] clients;
  private final TcpSocket[] servers;
  private int accepted;
  private long now = SECOND;

  /// Two hosts.
  ///
  /// @param most how many connections there will be at most
  /// @param offloads whether super-frames pass between them
  public TwoHosts(int most, Offloads offloads) {
    left = a.attach(DeviceInfo.ip("left", MTU).with(offloads));
    right = b.attach(DeviceInfo.ip("right", MTU).with(offloads));
    frame = new Packet(Math.max(2 * MTU, offloads.maxSegmentationBytes()));
    clients = new TcpSocket[most];
    servers = new TcpSocket[most];
    a.addAddress(left, Cidr.parse("192.0.2.1/24"), now);
    b.addAddress(right, Cidr.parse("192.0.2.2/24"), now);
  }

  /// Sets up connections, up to so many.
  public void connect(int count) throws SocketFailure {
    while (accepted < count) {
      int end = Math.min(count, accepted + BATCH);
      for (int i = accepted; i < end; i++) {
        clients[i] = a.openTcp();
        clients[i].connect(new Endpoint(SERVER, port(i)), now);
      }
      settle();
      for (TcpListener listener : listeners) {
        for (TcpSocket s = listener.accept(); s != null; s = listener.accept()) {
          servers[accepted++] = s;
        }
      }
      if (accepted < end) {
        throw new IllegalStateException("only " + accepted + " of " + end + " connections came");
      }
    }
  }

  private int port(int connection) throws SocketFailure {
    int n = connection / PER_PORT;
    if (n == listeners.size()) {
      TcpListener listener = b.openTcpListener();
      listener.bind(new Endpoint(SERVER, 80 + n));
      listener.listen(BATCH);
      listeners.add(listener);
    }
    return 80 + n;
  }

  /// Each client says something, and its server answers.
  public void talk(int octets) throws SocketFailure {
    ByteBuffer buffer = ByteBuffer.allocate(octets);
    for (int i = 0; i < accepted; i++) {
      carry(clients[i], servers[i], buffer);
      carry(servers[i], clients[i], buffer);
      if (i % BATCH == 0) {
        rest(); // what is delayed is not delayed for all at once
      }
    }
  }

  private void carry(TcpSocket from, TcpSocket to, ByteBuffer buffer) throws SocketFailure {
    ByteBuffer source = buffer.clear().duplicate();
    long end = now + MINUTE;
    while (buffer.hasRemaining()) {
      from.write(source, now);
      settle();
      if (to.read(buffer, now) == 0) {
        step(end);
      }
      if (now > end) {
        throw new IllegalStateException("nothing arrives any more at " + to);
      }
    }
  }

  /// Lets a minute pass: what was delayed is sent, timers that have nothing to do are gone.
  public void rest() {
    long end = now + MINUTE;
    while (deadline() <= end) {
      step(end);
    }
    now = end;
  }

  /// Lets time pass to the next timer, or beyond `end`.
  private void step(long end) {
    now = Math.max(now, Math.min(deadline(), end + 1));
    a.advance(now);
    b.advance(now);
    settle();
  }

  private long deadline() {
    return Math.min(a.nextDeadline(), b.nextDeadline());
  }

  private void settle() {
    while (pass(a, left, b, right) | pass(b, right, a, left)) {}
  }

  private boolean pass(Stack from, Nic out, Stack to, Nic in) {
    boolean any = false;
    while (from.transmit(out, frame, now)) {
      to.receive(in, frame, now);
      any = true;
    }
    return any;
  }

  /// The host that connects.
  public Stack client() {
    return a;
  }

  /// The host that listens.
  public Stack server() {
    return b;
  }

  /// Clients send, their servers read, each in its turn, and time passes as on a clock.
  ///
  /// @param active how many connections; of those that there are, they lie as far apart as can be
  /// @param chunk how much each writes in its turn
  /// @param nanos for how long
  /// @param clock in nanoseconds
  /// @return the bytes that were read
  public long bulk(int active, int chunk, long nanos, LongSupplier clock) throws SocketFailure {
    ByteBuffer source = ByteBuffer.allocate(chunk);
    ByteBuffer sink = ByteBuffer.allocate(Math.max(chunk, READ));
    int stride = accepted / active;
    long origin = now - clock.getAsLong();
    long end = now + nanos;
    long bytes = 0;
    for (int turn = 0; now < end; turn = turn + 1 < active ? turn + 1 : 0) {
      int i = turn * stride;
      clients[i].write(source.clear(), now);
      settle();
      bytes += servers[i].read(sink.clear(), now);
      settle();
      now = Math.max(now, origin + clock.getAsLong());
      a.advance(now);
      b.advance(now);
    }
    settle();
    return bytes;
  }

  /// A client sends datagrams to sockets of the server, each in its turn, and time passes as on a
  /// clock.
  ///
  /// @param sockets how many
  /// @param octets in each
  /// @param nanos for how long
  /// @param clock in nanoseconds
  /// @return how many arrived
  public long datagrams(int sockets, int octets, long nanos, LongSupplier clock)
      throws SocketFailure {
    UdpSocket[] receivers = new UdpSocket[sockets];
    Endpoint[] places = new Endpoint[sockets];
    for (int i = 0; i < sockets; i++) {
      receivers[i] = b.openUdp();
      places[i] = new Endpoint(SERVER, FIRST_PORT + i);
      receivers[i].bind(places[i]);
    }
    UdpSocket sender = a.openUdp();
    ByteBuffer text = ByteBuffer.allocate(octets);
    long origin = now - clock.getAsLong();
    long end = now + nanos;
    long count = 0;
    for (int i = 0; now < end; i = i + 1 < sockets ? i + 1 : 0) {
      sender.send(text.clear(), places[i], now);
      settle();
      count += receivers[i].receive(text.clear()) == null ? 0 : 1;
      now = Math.max(now, origin + clock.getAsLong());
      a.advance(now);
      b.advance(now);
    }
    sender.close();
    for (UdpSocket receiver : receivers) {
      receiver.close();
    }
    return count;
  }

  /// Gives the client more routes, more specific than the one that is used.
  ///
  /// @param count up to 65,536
  public void addRoutes(int count) {
    for (int i = 0; i < count; i++) {
      int third = i & 0xff;
      int second = i >> 8;
      a.addRoute(Cidr.parse("10." + second + "." + third + ".0/25"), null, left, 0);
    }
  }

  /// All clients watch their peers from now on: each has a timer that is armed.
  public void keepAlive() {
    for (int i = 0; i < accepted; i++) {
      clients[i].settings().keepAlive = true;
      clients[i].settingsChanged(now);
    }
  }
}
