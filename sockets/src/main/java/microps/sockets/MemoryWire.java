package microps.sockets;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.Offloads;
import org.jspecify.annotations.Nullable;

/// A cable between two hosts in one JVM: two devices, each of which receives what the other sends.
///
/// ```java
/// MemoryWire wire = MemoryWire.ethernet().delay(Duration.ofMillis(10)).loss(0.01, 42).create();
/// Host a = Host.builder().device(wire.left()).address("192.0.2.1/24").start();
/// Host b = Host.builder().device(wire.right()).address("192.0.2.2/24").start();
/// ```
///
/// Each direction holds a bounded number of frames; when it is full, the sender waits (no frame is
/// dropped for want of room). Loss is decided by a seeded generator, delay by the wall clock. A
/// frame to a device that is closed is gone, as on a cable that was pulled.
///
/// TCP super-segments go along as they are, and checksums are not computed, since nothing changes
/// on the way; save on a wire with loss, where each segment is to be lost for itself, and where
/// [Builder#offloads] or [Builder#ends] say otherwise.
public final class MemoryWire {

  /// How a wire is made.
  public static final class Builder {
    private DeviceInfo left;
    private DeviceInfo right;
    private long delay;
    private double loss;
    private long seed;
    private int frames = 1024;
    private @Nullable Offloads offloads;
    private boolean given;

    private Builder(DeviceInfo left, DeviceInfo right) {
      this.left = left;
      this.right = right;
    }

    /// What the two ends are: names, MAC addresses, MTU, link type, offloads.
    public Builder ends(DeviceInfo leftEnd, DeviceInfo rightEnd) {
      left = leftEnd;
      right = rightEnd;
      given = true;
      return this;
    }

    /// What the wire carries besides plain frames.
    public Builder offloads(Offloads wanted) {
      offloads = wanted;
      return this;
    }

    /// The names of the two ends, `left` and `right` without this. The devices of one host need
    /// different names.
    public Builder names(String leftEnd, String rightEnd) {
      left = new DeviceInfo(leftEnd, left.link(), left.mac(), left.mtu(), left.offloads());
      right = new DeviceInfo(rightEnd, right.link(), right.mac(), right.mtu(), right.offloads());
      return this;
    }

    /// The MTU of both ends, 68 to 65,535 bytes.
    public Builder mtu(int mtu) {
      left = new DeviceInfo(left.name(), left.link(), left.mac(), mtu, left.offloads());
      right = new DeviceInfo(right.name(), right.link(), right.mac(), mtu, right.offloads());
      return this;
    }

    /// How long each frame is under way, in one direction.
    public Builder delay(Duration oneWay) {
      delay = oneWay.toNanos();
      return this;
    }

    /// The share of frames that are lost, 0 to 1, and the seed that decides which.
    ///
    /// @throws IllegalArgumentException where the share is out of range
    public Builder loss(double share, long seed) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("loss is 0 to 1, not " + share);
      }
      loss = share;
      this.seed = seed;
      return this;
    }

    /// How many frames each direction holds at most.
    ///
    /// @throws IllegalArgumentException where it is less than 1
    public Builder queue(int frames) {
      if (frames < 1) {
        throw new IllegalArgumentException("a wire holds at least one frame, not " + frames);
      }
      this.frames = frames;
      return this;
    }

    /// The wire.
    public MemoryWire create() {
      Offloads wanted = offloads;
      if (wanted == null && !given) {
        wanted = loss > 0 ? Offloads.NONE : Offloads.FULL;
      }
      if (wanted != null) {
        left = left.with(wanted);
        right = right.with(wanted);
      }
      return new MemoryWire(this);
    }
  }

  /// A wire with Ethernet frames, an MTU of 1,500, and the MAC addresses 00:00:5e:00:53:01 and :02,
  /// which RFC 7042 sets apart for examples.
  public static Builder ethernet() {
    return new Builder(
        DeviceInfo.ethernet("left", MacAddress.parse("00:00:5e:00:53:01"), 1500),
        DeviceInfo.ethernet("right", MacAddress.parse("00:00:5e:00:53:02"), 1500));
  }

  /// A wire with bare IP datagrams, and an MTU of 1,500.
  public static Builder ip() {
    return new Builder(DeviceInfo.ip("left", 1500), DeviceInfo.ip("right", 1500));
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final long delay;
  private final double loss;
  private final int capacity;
  private final End left;
  private final End right;

  private MemoryWire(Builder builder) {
    delay = builder.delay;
    loss = builder.loss;
    capacity = builder.frames;
    SplittableRandom random = new SplittableRandom(builder.seed);
    left = new End(builder.left, random.split());
    right = new End(builder.right, random.split());
    left.peer = right;
    right.peer = left;
  }

  /// One end.
  public Device left() {
    return left;
  }

  /// The other end.
  public Device right() {
    return right;
  }

  /// How many frames were lost so far, as [Builder#loss] asked for.
  public long lost() {
    lock.lock();
    try {
      return left.lost + right.lost;
    } finally {
      lock.unlock();
    }
  }

  /// A frame under way.
  private static final class Flight {
    final Packet frame;
    long due;

    Flight(int capacity) {
      frame = new Packet(capacity);
    }
  }

  private final class End implements Device {
    private final DeviceInfo info;
    private final RandomGenerator random;
    private final Condition news = lock.newCondition();

    /// What arrives here, the earliest first.
    private final ArrayDeque<Flight> incoming = new ArrayDeque<>();

    private final ArrayDeque<Flight> spare = new ArrayDeque<>();
    private End peer = this;
    private boolean woken;
    private boolean refused;
    private boolean closed;
    private long lost;

    End(DeviceInfo info, RandomGenerator random) {
      this.info = info;
      this.random = random;
    }

    @Override
    public DeviceInfo info() {
      return info;
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) throws IOException {
      long start = System.nanoTime();
      boolean interrupted = false;
      lock.lock();
      try {
        while (true) {
          if (closed) {
            throw new IOException("closed");
          }
          long now = System.nanoTime();
          Flight first = incoming.peekFirst();
          if (first != null && first.due - now <= 0) {
            take(frame);
            return true;
          }
          long left = timeoutNanos - (now - start);
          if (woken || left <= 0) {
            woken = false;
            return false;
          }
          if (first != null) {
            left = Math.min(left, first.due - now);
          }
          try {
            news.awaitNanos(left);
          } catch (InterruptedException e) {
            interrupted = true;
            return false;
          }
        }
      } finally {
        lock.unlock();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private void take(Packet frame) {
      Flight flight = incoming.removeFirst();
      frame.swap(flight.frame);
      spare.addLast(flight);
      if (peer.refused) {
        peer.refused = false;
        peer.woken = true;
        peer.news.signal();
      }
    }

    @Override
    public boolean send(Packet frame) throws IOException {
      lock.lock();
      try {
        if (closed) {
          throw new IOException("closed");
        }
        if (peer.incoming.size() >= capacity) {
          refused = true;
          return false;
        }
        if (loss > 0 && random.nextDouble() < loss) {
          lost++;
        } else if (!peer.closed) {
          Flight flight = peer.spare.pollFirst();
          if (flight == null) {
            flight = new Flight(Port.sizeFor(info.longestDatagram()));
          }
          flight.due = System.nanoTime() + delay;
          copy(frame, flight.frame);
          peer.incoming.addLast(flight);
          if (peer.incoming.size() == 1) {
            peer.news.signal();
          }
        }
        return true;
      } finally {
        lock.unlock();
      }
    }

    /// The bytes, and what an offload needs; what else its sender knows of a frame stays there.
    private void copy(Packet from, Packet to) {
      if (info.offloads().equals(Offloads.NONE)) {
        to.ensure(from.length());
        to.clear();
        to.append(from.array(), from.offset(), from.length());
      } else {
        to.copyFrom(from);
        to.timestamp(0);
        to.linkBroadcast(false);
      }
    }

    @Override
    public void wake() {
      lock.lock();
      try {
        woken = true;
        news.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        incoming.clear();
        spare.clear();
        news.signalAll();
        if (peer.refused) { // what it still has to send is swallowed from here on
          peer.refused = false;
          peer.woken = true;
          peer.news.signal();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
