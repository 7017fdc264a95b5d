package microps.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;

/// What connections cost: two hosts in one JVM, joined back to back, and many connections between
/// them. `ConnectionMemory 100000` prints how long it took to set them up, and the bytes of heap of
/// each end, its socket included: as established, after a request and an answer, and after more.
public final class ConnectionMemory {
  private static final int PER_PORT = 10_000;
  private static final int BATCH = 200;
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final int MTU = 1500;
  private static final IpAddress SERVER = IpAddress.parse("192.0.2.2");

  private final Stack a = new Stack(StackConfig.of(new SplittableRandom(1)));
  private final Stack b = new Stack(StackConfig.of(new SplittableRandom(2)));
  private final Nic left = a.attach(DeviceInfo.ip("left", MTU));
  private final Nic right = b.attach(DeviceInfo.ip("right", MTU));
  private final Packet frame = new Packet(2 * MTU);
  private final List<TcpListener> listeners = new ArrayList<>();
  private final TcpSocket[] clients;
  private final TcpSocket[] servers;
  private int accepted;
  private long now = SECOND;

  /// Two hosts.
  ///
  /// @param most how many connections there will be at most
  public ConnectionMemory(int most) {
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

  /// Octets of heap in use after garbage collection.
  public static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }

  /// Octets of heap that were added for each end of so many connections.
  ///
  /// @param before [#heap()] before there were any
  public static long perEnd(long before, int connections) {
    return (heap() - before) / (2L * connections);
  }

  /// Measures and prints.
  ///
  /// @param args how many connections; 100,000 where nothing is said
  public static void main(String[] args) throws SocketFailure {
    int count = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
    ConnectionMemory hosts = new ConnectionMemory(count);
    hosts.connect(1);
    hosts.talk(100);
    long before = heap();
    long start = System.nanoTime();
    hosts.connect(count);
    long took = System.nanoTime() - start;
    hosts.rest();
    print("%,d connections between two hosts, set up in %.1f s", count, took / 1e9);
    print("%,d bytes of heap for each end, its socket included", perEnd(before, count));
    hosts.talk(100);
    hosts.rest();
    print("%,d after a request and an answer", perEnd(before, count));
    hosts.talk(60_000);
    hosts.rest();
    print("%,d a minute after 60,000 bytes each way", perEnd(before, count));
    for (int i = 0; i < 5; i++) {
      hosts.rest();
    }
    print("%,d five minutes later", perEnd(before, count));
  }

  private static void print(String format, Object... args) {
    System.out.println(String.format(Locale.ROOT, format, args));
  }
}
