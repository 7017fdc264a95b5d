package microps.cli;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.tcp.TcpListener;
import microps.core.tcp.TcpSocket;
import microps.sim.Faults;
import microps.sim.Loss;
import microps.sim.Network;
import microps.sim.SimApp;
import microps.sim.SimHost;
import microps.sim.SimNic;
import microps.sim.Wire;
import microps.sim.WireTap.Fate;
import org.jspecify.annotations.Nullable;

/// Bytes from one host to another over a wire that loses frames, in virtual time: seconds on the
/// wire take what the computing takes. The same seed gives the same run, to the nanosecond.
final class LossyTransfer {
  private static final int PORT = 9000;
  private static final int CHUNK = 1 << 16;

  /// @param bytes how many are sent
  /// @param loss the share of frames that are lost, in each direction
  /// @param delay how long a frame is under way, in nanoseconds
  record Plan(long seed, long bytes, double loss, long delay) {}

  /// @param sent the SHA-256 of what was sent
  /// @param received the SHA-256 of what arrived
  /// @param bytes how many arrived
  /// @param virtualNanos how long it took on the virtual clock
  /// @param realNanos how long it took to compute
  /// @param frames how many frames went onto the wire
  /// @param lost how many of these the wire lost
  /// @param retransmits how many segments TCP sent again
  /// @param failure what broke the connection, or null
  record Result(
      String sent,
      String received,
      long bytes,
      long virtualNanos,
      long realNanos,
      long frames,
      long lost,
      long retransmits,
      @Nullable String failure) {

    boolean isIntact(Plan plan) {
      return failure == null && bytes == plan.bytes() && sent.equals(received);
    }

    /// Bits of the user's data a second, on the virtual clock.
    double goodput() {
      return virtualNanos == 0 ? 0 : bytes * 8e9 / virtualNanos;
    }
  }

  private final Plan plan;
  private final Sender sender;
  private final Receiver receiver = new Receiver();
  private @Nullable String failure;

  private LossyTransfer(Plan plan) {
    this.plan = plan;
    sender = new Sender(new SplittableRandom(plan.seed()));
  }

  /// Runs it.
  ///
  /// @param stop asked now and then: whether the user wants it to end
  static Result run(Plan plan, BooleanSupplier stop) {
    return new LossyTransfer(plan).run(stop);
  }

  private Result run(BooleanSupplier stop) {
    long start = System.nanoTime();
    Network network = new Network(plan.seed());
    SimHost alice = network.host("alice");
    SimHost bob = network.host("bob");
    SimNic one = alice.ethernet("192.0.2.1/24");
    SimNic other = bob.ethernet("192.0.2.2/24");
    Wire wire =
        network
            .wire(one, other)
            .faults(Faults.NONE.delay(plan.delay()).loss(Loss.random(plan.loss())));
    bob.act(() -> receiver.listen(bob));
    alice.act(() -> sender.connect(alice, new Endpoint(bob.address(), PORT)));
    long begin = network.now();
    long limit = Network.seconds(100_000);
    boolean done =
        network.runUntil(() -> receiver.isOver || failure != null || stop.getAsBoolean(), limit);
    if (!done && failure == null) {
      failure = "it stands still";
    }
    return new Result(
        hex(sender.hash),
        hex(receiver.hash),
        receiver.count,
        network.now() - begin,
        System.nanoTime() - start,
        wire.count(one, Fate.SENT) + wire.count(other, Fate.SENT),
        wire.count(one, Fate.LOST) + wire.count(other, Fate.LOST),
        alice.stack().counters().of(Counter.TCP_RETRANSMITS)
            + bob.stack().counters().of(Counter.TCP_RETRANSMITS),
        failure);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Sends random bytes, then closes.
  private final class Sender implements SimApp {
    final MessageDigest hash = sha256();
    private final SplittableRandom random;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
    private long left = plan.bytes();

    Sender(SplittableRandom random) {
      this.random = random;
    }

    void connect(SimHost host, Endpoint peer) throws SocketFailure {
      TcpSocket socket = host.stack().openTcp();
      socket.attach(this);
      socket.connect(peer, host.now());
    }

    @Override
    public void ready(SimHost host, SocketHandle handle) {
      TcpSocket socket = (TcpSocket) handle;
      if ((socket.readiness() & (SocketHandle.WRITABLE | SocketHandle.FAILED)) == 0) {
        return;
      }
      try {
        while (chunk.hasRemaining() || fill()) {
          if (socket.write(chunk, host.now()) == 0) {
            return;
          }
        }
        socket.close(host.now());
        socket.attach(null);
      } catch (SocketFailure e) {
        failure = "sender: " + e.getMessage();
      }
    }

    private boolean fill() {
      int n = (int) Math.min(left, CHUNK);
      random.nextBytes(chunk.array());
      chunk.position(0).limit(n);
      hash.update(chunk.array(), 0, n);
      left -= n;
      return n > 0;
    }
  }

  /// Takes one connection and all that comes on it.
  private final class Receiver implements SimApp {
    final MessageDigest hash = sha256();
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    long count;
    boolean isOver;

    void listen(SimHost host) throws SocketFailure {
      TcpListener listener = host.stack().openTcpListener();
      listener.attach(this);
      listener.bind(new Endpoint(Ipv4Address.ANY, PORT));
      listener.listen(1);
    }

    @Override
    public void ready(SimHost host, SocketHandle handle) {
      if (handle instanceof TcpListener listener) {
        TcpSocket accepted = listener.accept();
        if (accepted != null) {
          accepted.attach(this);
          listener.close(host.now());
          listener.attach(null);
          ready(host, accepted);
        }
      } else if (handle instanceof TcpSocket socket) {
        read(host, socket);
      }
    }

    private void read(SimHost host, TcpSocket socket) {
      try {
        int n;
        while ((n = socket.read(chunk.clear(), host.now())) > 0) {
          hash.update(chunk.array(), 0, n);
          count += n;
        }
        if (n < 0) {
          socket.close(host.now());
          socket.attach(null);
          isOver = true;
        }
      } catch (SocketFailure e) {
        failure = "receiver: " + e.getMessage();
      }
    }
  }
}
