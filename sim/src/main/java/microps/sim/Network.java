package microps.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import microps.core.StackConfig;
import microps.core.bytes.PacketPool;

/// A network in virtual time: hosts, wires between them, a clock that only events move, and one
/// seed. The same seed and the same calls give the same frames at the same nanoseconds.
///
/// ```java
/// Network network = new Network(1);
/// SimHost a = network.host("a");
/// SimHost b = network.host("b");
/// network.wire(a.ethernet("192.0.2.1/24"), b.ethernet("192.0.2.2/24"))
///     .faults(Faults.NONE.delay(Network.millis(10)).loss(0.01));
/// network.runFor(Network.seconds(5));
/// ```
///
/// With the system property `microps.pcap=FILE`, every frame on its wires is written to a file
/// ([Capture]); the second network that a program makes is in `FILE.2`, and so on, trials apart
/// ([Capture#withoutProperty]).
///
/// One thread at a time.
public final class Network {
  /// Where the clock begins unless told otherwise: one second, so that no time is 0.
  public static final long ORIGIN = 1_000_000_000L;

  private static final int MOST_AT_ONCE = 5_000_000;

  private final long seed;
  private final EventQueue events = new EventQueue();
  private final PacketPool pool = new PacketPool();
  private final List<SimHost> hosts = new ArrayList<>();
  private final List<Wire> wires = new ArrayList<>();
  private final List<Consumer<Wire>> whenWired = new ArrayList<>();
  private long now;
  private long fired;
  private int atOnce;

  /// An empty network.
  ///
  /// @param seed all its randomness
  public Network(long seed) {
    this(seed, ORIGIN);
  }

  /// An empty network whose clock begins elsewhere.
  ///
  /// @param origin the first moment, in nanoseconds
  public Network(long seed, long origin) {
    this.seed = seed;
    this.now = origin;
    Capture.ofProperty(this);
  }

  /// Milliseconds in the clock's nanoseconds.
  public static long millis(double count) {
    return Math.round(count * 1e6);
  }

  /// Seconds in the clock's nanoseconds.
  public static long seconds(double count) {
    return Math.round(count * 1e9);
  }

  /// The seed of everything random here.
  public long seed() {
    return seed;
  }

  /// The virtual time in nanoseconds.
  public long now() {
    return now;
  }

  /// How many events have happened: what a simulation costs.
  public long eventsFired() {
    return fired;
  }

  /// A source of randomness of its own for each name, so that a host more or a fault more does not
  /// change what the others see.
  public RandomGenerator random(String name) {
    long hash = seed;
    for (int i = 0; i < name.length(); i++) {
      hash = mix(hash + name.charAt(i) + 0x9e37_79b9_7f4a_7c15L);
    }
    return new SplittableRandom(hash);
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }

  // What it is made of

  /// A new host with the default knobs.
  public SimHost host(String name) {
    return host(name, UnaryOperator.identity());
  }

  /// A new host.
  ///
  /// @param tune changes the configuration of its stack; events and randomness stay the network's
  public SimHost host(String name, UnaryOperator<StackConfig> tune) {
    SimHost host = new SimHost(this, name, hosts.size(), tune);
    hosts.add(host);
    return host;
  }

  /// A wire without faults between two ports: of hosts, or of switches.
  public Wire wire(Port one, Port other) {
    Wire wire = new Wire(this, one.name() + "-" + other.name(), one, other);
    wires.add(wire);
    whenWired.forEach(w -> w.accept(wire));
    return wire;
  }

  /// Calls someone for each wire that is made from now on.
  public void whenWired(Consumer<Wire> action) {
    whenWired.add(action);
  }

  /// A new switch, for more than two hosts on one Ethernet.
  public SimSwitch newSwitch(String name) {
    return new SimSwitch(this, name);
  }

  /// A new router, for more than one network.
  public SimRouter router(String name) {
    return new SimRouter(this, name);
  }

  /// The hosts, in the order in which they were made.
  public List<SimHost> hosts() {
    return Collections.unmodifiableList(hosts);
  }

  /// The wires, in the order in which they were made.
  public List<Wire> wires() {
    return Collections.unmodifiableList(wires);
  }

  /// Where the frames on the wires come from.
  PacketPool pool() {
    return pool;
  }

  /// Sees that nothing is left on any host, and no frame on any wire.
  ///
  /// @throws AssertionError where something is
  public void checkAtRest() {
    hosts.forEach(SimHost::checkAtRest);
    if (pool.outstanding() != 0) {
      throw new AssertionError(pool.outstanding() + " frames are still on the wires");
    }
  }

  // Time

  /// Does something at a moment, or now where that is past.
  public void at(long time, Runnable action) {
    set(
        new Event() {
          @Override
          void fire(long at) {
            action.run();
          }
        },
        time);
  }

  /// Does something after some nanoseconds.
  public void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  void set(Event event, long time) {
    events.set(event, Math.max(time, now));
  }

  void cancel(Event event) {
    events.cancel(event);
  }

  /// Lets the next event happen, if it does so at or before a moment.
  ///
  /// @return whether one did
  public boolean step(long limit) {
    long next = events.next();
    if (next == Event.NEVER || next > limit) {
      return false;
    }
    if (next > now) {
      now = next;
      atOnce = 0;
    } else if (++atOnce > MOST_AT_ONCE) {
      throw new IllegalStateException(
          "the clock stands still at " + now + " ns: something asks to be called again and again");
    }
    fired++;
    events.poll().fire(now);
    return true;
  }

  /// When the next event happens; `Long.MAX_VALUE` where nothing will.
  public long nextEvent() {
    return events.next();
  }

  /// Lets time pass, and happen what happens.
  public void runFor(long nanos) {
    runTo(now + nanos);
  }

  /// Lets time pass until a moment, the events of that moment included.
  public void runTo(long time) {
    while (step(time)) {
      // step does it all
    }
    now = Math.max(now, time);
  }

  /// Lets time pass until a condition holds; it is asked after each event.
  ///
  /// @param limit how many nanoseconds to wait at most
  /// @return whether it holds; false: the time is over, or nothing will happen any more
  public boolean runUntil(BooleanSupplier condition, long limit) {
    long end = now + limit;
    while (!condition.getAsBoolean()) {
      if (!step(end)) {
        return false;
      }
    }
    return true;
  }

  /// Lets time pass until nothing is going to happen: no frame under way, no timer running.
  ///
  /// @param limit how many nanoseconds to wait at most
  /// @return whether it is quiet
  public boolean runUntilQuiet(long limit) {
    long end = now + limit;
    while (step(end)) {
      // step does it all
    }
    return events.size() == 0;
  }
}
