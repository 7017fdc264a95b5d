package microps.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import microps.core.bytes.Packet;
import microps.core.ethernet.EtherType;
import microps.sim.WireTap.Fate;

/// A cable between two ports: full duplex, each direction with its own [Faults]. Frames arrive in
/// the order in which they were sent, save those that a fault reorders.
public final class Wire {
  private static final int ETHERNET_HEADER = 14;

  private final Network network;
  private final String name;
  private final Direction forth;
  private final Direction back;
  private final List<WireTap> taps = new ArrayList<>();
  private boolean up = true;

  Wire(Network network, String name, Port one, Port other) {
    if (one.linkHeader() != other.linkHeader()) {
      throw new IllegalArgumentException(one + " and " + other + " are of different kinds of link");
    }
    this.network = network;
    this.name = name;
    forth = new Direction(one, other);
    back = new Direction(other, one);
    one.plug(this);
    other.plug(this);
  }

  /// The names of its two ports.
  public String name() {
    return name;
  }

  /// The port that was named first.
  public Port one() {
    return forth.from;
  }

  /// The port that was named second.
  public Port other() {
    return back.from;
  }

  /// Sets the faults of both directions; each draws independently.
  public Wire faults(Faults faults) {
    forth.set(faults);
    back.set(faults);
    return this;
  }

  /// Sets the faults of the direction that begins at a port.
  public Wire faults(Port from, Faults faults) {
    direction(from).set(faults);
    return this;
  }

  /// The faults of the direction that begins at a port.
  public Faults faults(Port from) {
    return direction(from).faults;
  }

  /// Cuts it (false), or heals it (true). A cut wire loses everything, what is under way too.
  public Wire setUp(boolean value) {
    up = value;
    return this;
  }

  /// Whether it is whole.
  public boolean isUp() {
    return up;
  }

  /// Lets someone see what happens to each frame.
  public Wire add(WireTap tap) {
    taps.add(tap);
    return this;
  }

  /// Lets it see no more.
  public void remove(WireTap tap) {
    taps.remove(tap);
  }

  /// How often something happened to a frame of the direction that begins at a port.
  public long count(Port from, Fate fate) {
    return direction(from).counts[fate.ordinal()];
  }

  /// What the queue of the direction that begins at a port has done.
  public QueueStats queue(Port from) {
    return direction(from).queue.stats();
  }

  /// Begins to count anew what the queues of both directions do.
  public void resetQueue() {
    forth.queue.reset();
    back.queue.reset();
  }

  private Direction direction(Port from) {
    if (from == forth.from) {
      return forth;
    }
    if (from == back.from) {
      return back;
    }
    throw new IllegalArgumentException(from + " is no end of " + this);
  }

  /// When the direction that begins at a port takes the next frame; now, unless it presses back.
  long readyAt(Port from, long now) {
    return direction(from).readyAt(now);
  }

  /// Sends a frame, whose packet belongs to the wire from here on.
  void send(Port from, Packet frame, long now) {
    direction(from).send(frame, now);
  }

  @Override
  public String toString() {
    return name;
  }

  private final class Direction implements WireQueue.Listener {
    final Port from;
    final Port to;
    final long[] counts = new long[Fate.values().length];
    final WireQueue queue;
    private final String label;
    // A source for each fault: changing one leaves what the others do as it was.
    private final RandomGenerator jitters;
    private final RandomGenerator duplicates;
    private final RandomGenerator reorders;
    private final RandomGenerator corrupts;
    private final Event resume =
        new Event() {
          @Override
          void fire(long now) {
            from.resume(now);
          }
        };

    private final Event free =
        new Event() {
          @Override
          void fire(long now) {
            sendWaiting(now);
          }
        };

    Faults faults = Faults.NONE;
    private Loss.Decider loss = Loss.NONE.start(new java.util.SplittableRandom(0));
    private int settings;
    private long index;
    private long busyUntil = Long.MIN_VALUE;
    private long lastArrival = Long.MIN_VALUE;

    Direction(Port from, Port to) {
      this.from = from;
      this.to = to;
      queue = new WireQueue(from.linkHeader(), this);
      label = "wire " + from.name() + ">" + to.name();
      jitters = network.random(label + " jitter");
      duplicates = network.random(label + " duplicate");
      reorders = network.random(label + " reorder");
      corrupts = network.random(label + " corrupt");
    }

    void set(Faults other) {
      faults = other;
      queue.set(other.queue());
      loss = other.loss().start(network.random(label + " loss " + settings++));
      index = 0;
    }

    private void happens(Fate fate, Packet frame, long now) {
      counts[fate.ordinal()]++;
      for (int i = 0; i < taps.size(); i++) {
        taps.get(i).frame(Wire.this, from, fate, frame, now);
      }
    }

    private void drop(Fate fate, Packet frame, long now) {
      happens(fate, frame, now);
      network.pool().give(frame);
    }

    @Override
    public void dropped(Packet frame, long now) {
      drop(Fate.QUEUE_FULL, frame, now);
    }

    @Override
    public void marked(Packet frame, long now) {
      happens(Fate.MARKED, frame, now);
    }

    /// The bytes of the frame on the wire that are still to be sent.
    private long onWire(long now) {
      return busyUntil <= now
          ? 0
          : (long) ((double) (busyUntil - now) * faults.rate() / 8e9); // exact below 2^53
    }

    long readyAt(long now) {
      if (!(faults.queue() instanceof SimQueue.BackPressure) || faults.rate() == 0) {
        return now;
      }
      long over = queue.bytes() + onWire(now) - faults.queue().bytes();
      if (over < 0) {
        return now;
      }
      long at = now + 1 + (long) ((over + 1) * 8e9 / faults.rate());
      network.set(resume, at);
      return at;
    }

    void send(Packet frame, long now) {
      index++;
      happens(Fate.SENT, frame, now);
      if (!up) {
        drop(Fate.DOWN, frame, now);
      } else if (faults.mtu() > 0 && frame.length() - from.linkHeader() > faults.mtu()) {
        drop(Fate.TOO_LONG, frame, now);
      } else if (loss.lose(frame, index)) {
        drop(Fate.LOST, frame, now);
      } else {
        if (chance(duplicates, faults.duplicate())) {
          Packet copy = network.pool().take(frame.length());
          copy.copyFrom(frame);
          happens(Fate.DUPLICATED, copy, now);
          enter(copy, now);
        }
        enter(frame, now);
      }
    }

    private void enter(Packet frame, long now) {
      if (chance(corrupts, faults.corrupt())) {
        if (isArp(frame)) {
          // ARP has no checksum: an Ethernet's own would have found it.
          drop(Fate.LOST, frame, now);
          return;
        }
        int bit = corrupts.nextInt(8 * frame.length());
        frame.put8(bit >> 3, frame.get8(bit >> 3) ^ 1 << (bit & 7));
        happens(Fate.CORRUPTED, frame, now);
      }
      if (faults.rate() == 0 && queue.isEmpty()) {
        travel(frame, now);
        return;
      }
      boolean idle = queue.isEmpty();
      if (queue.offer(frame, onWire(now), now) && idle) {
        if (busyUntil <= now) {
          sendWaiting(now);
        } else {
          network.set(free, busyUntil);
        }
      }
    }

    /// The wire is free for the frames that wait.
    private void sendWaiting(long now) {
      while (busyUntil <= now) {
        Packet frame = queue.next(now);
        if (frame == null) {
          return;
        }
        long rate = faults.rate();
        busyUntil = rate == 0 ? now : now + Math.ceilDiv(frame.length() * 8_000_000_000L, rate);
        travel(frame, busyUntil);
      }
      if (!queue.isEmpty()) {
        network.set(free, busyUntil);
      }
    }

    private void travel(Packet frame, long leaves) {
      long arrives = leaves + faults.delay();
      if (faults.jitter() > 0) {
        arrives += jitters.nextLong(faults.jitter() + 1);
      }
      if (chance(reorders, faults.reorder())) {
        arrives += faults.reorderDelay();
      } else {
        arrives = Math.max(arrives, lastArrival);
        lastArrival = arrives;
      }
      network.set(new Flight(frame), arrives);
    }

    private boolean isArp(Packet frame) {
      return from.linkHeader() == ETHERNET_HEADER
          && frame.length() >= ETHERNET_HEADER
          && frame.get16(12) == EtherType.ARP;
    }

    private static boolean chance(RandomGenerator random, double probability) {
      return probability > 0 && random.nextDouble() < probability;
    }

    private final class Flight extends Event {
      private final Packet frame;

      Flight(Packet frame) {
        this.frame = frame;
      }

      @Override
      void fire(long now) {
        if (!up) {
          drop(Fate.DOWN, frame, now);
          return;
        }
        happens(Fate.DELIVERED, frame, now);
        to.receive(frame, now);
        network.pool().give(frame);
      }
    }
  }
}
