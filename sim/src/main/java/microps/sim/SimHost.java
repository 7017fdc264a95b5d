package microps.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.IpAddress;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.SocketFailure;
import microps.core.basis.SocketHandle;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.LinkType;
import microps.core.device.Nic;
import microps.core.device.Offloads;
import microps.core.tcp.TcpInfo;

/// A host on a [Network]: a stack, and what a driver does for one. A frame, a deadline, or a user's
/// call goes in; then all that the stack wants to send goes out, and programs whose sockets changed
/// are called, until nothing moves.
public final class SimHost {
  /// The MTU of an interface unless told otherwise.
  public static final int MTU = 1500;

  private static final int LINK_ROOM = 32;
  private static final int ROUNDS = 1_000_000;
  private static final int BATCH = 64;

  /// A frame that waits for its batch.
  private record Waiting(Nic nic, Packet frame) {}

  /// A call on a stack that may fail.
  @FunctionalInterface
  public interface Call {
    /// Does it.
    void run() throws SocketFailure;
  }

  private final Network network;
  private final String name;
  private final int index;
  private final Stack stack;
  private final List<SimNic> nics = new ArrayList<>();
  private final Invariants invariants;
  private final Set<SocketHandle> changed = new LinkedHashSet<>();
  private final Event deadline =
      new Event() {
        @Override
        void fire(long now) {
          stack.advance(now);
          settle();
        }
      };
  private final boolean forwards;
  private final Event interrupt =
      new Event() {
        @Override
        void fire(long now) {
          receiveBatch(now);
        }
      };
  private final List<Waiting> batch = new ArrayList<>();
  private long coalescing;
  private Offloads offloads = Offloads.NONE;
  private boolean programsFirst;
  private int lastOwned;
  private boolean settling;

  SimHost(Network network, String name, int index, UnaryOperator<StackConfig> tune) {
    this.network = network;
    this.name = name;
    this.index = index;
    StackConfig config = StackConfig.of(network.random("host " + name));
    StackConfig tuned = tune.apply(config);
    forwards = tuned.ip().forwarding();
    invariants = new Invariants(name, this::owns, tuned.tcp().minRto());
    stack = new Stack(tuned.with(changed::add).with(watching(tuned.trace())));
  }

  /// A trace that tells another, and looks at changes of state.
  private Trace watching(Trace other) {
    return new Trace() {
      @Override
      public boolean listens(Level level) {
        return level == Level.INFO || other.listens(level);
      }

      @Override
      public void event(TraceEvent event) {
        if (event instanceof TraceEvent.TcpStateChanged c) {
          invariants.stateChanged(c.from(), c.to(), now());
        }
        if (other.listens(event.level())) {
          other.event(event);
        }
      }
    };
  }

  /// Its name.
  public String name() {
    return name;
  }

  /// Its stack. Who calls it or its sockets from outside a program does so in [#act].
  public Stack stack() {
    return stack;
  }

  /// Whether it forwards what is for others.
  boolean isRouter() {
    return forwards;
  }

  /// The numbers of its TCP connections.
  public List<TcpInfo> tcpInfos() {
    return stack.tcpInfos(now());
  }

  /// Where it lives.
  public Network network() {
    return network;
  }

  /// The virtual time in nanoseconds.
  public long now() {
    return network.now();
  }

  /// Its interfaces without the loopback.
  public List<SimNic> nics() {
    return Collections.unmodifiableList(nics);
  }

  /// Its first address on its first interface: what others connect to.
  public IpAddress address() {
    return nics.getFirst().nic().addresses().getFirst().address();
  }

  private boolean owns(int address) {
    if (address == lastOwned) {
      return true;
    }
    Ipv4Address ip = new Ipv4Address(address);
    for (Nic nic : stack.nics()) {
      if (nic.owns(ip)) {
        lastOwned = address;
        return true;
      }
    }
    return false;
  }

  /// What watches what it sends; the network stops where something is violated.
  public Invariants invariants() {
    return invariants;
  }

  /// Sees that nothing is left of anything: no connection, no fragment, no packet.
  ///
  /// @throws AssertionError where something is
  public void checkAtRest() {
    invariants.check(now());
    if (!invariants.hold()) {
      throw new InvariantViolation(network.seed(), invariants.violations());
    }
    boolean atRest =
        stack.tcpStatuses().isEmpty()
            && stack.reassemblies() == 0
            && stack.pool().outstanding() == 0
            && stack.nics().stream().allMatch(nic -> nic.queued() == 0);
    if (!atRest) {
      throw new AssertionError(
          name
              + " is not at rest: connections "
              + stack.tcpStatuses()
              + ", reassemblies "
              + stack.reassemblies()
              + ", packets held "
              + stack.pool().outstanding());
    }
  }

  /// Lets programs run before the stack sends, so that an acknowledgment offers what the program
  /// has read meanwhile. Otherwise the stack sends first, as it does where a program is a thread
  /// that has to wake up.
  public SimHost programsFirst() {
    programsFirst = true;
    return this;
  }

  /// Lets frames wait for each other: the stack gets them at one go, this many nanoseconds after
  /// the first, or when there are 64 of them. So it is where a device coalesces its interrupts, or
  /// a driver is late.
  public SimHost coalescing(long nanos) {
    coalescing = nanos;
    return this;
  }

  // Interfaces

  /// A new Ethernet interface with an address and the default MTU.
  ///
  /// @param cidr an address with its prefix, as in `192.0.2.1/24`
  public SimNic ethernet(String cidr) {
    return ethernet(cidr, MTU);
  }

  /// A new Ethernet interface with an address.
  public SimNic ethernet(String cidr, int mtu) {
    int number = nics.size();
    // Locally administered, one for each host and interface.
    MacAddress mac = new MacAddress(0x02_00_00_00_00_00L | (long) (index + 1) << 8 | number + 1);
    return attach(DeviceInfo.ethernet("eth" + number, mac, mtu), cidr);
  }

  /// A new point-to-point IP interface with an address and the default MTU: no ARP.
  public SimNic pointToPoint(String cidr) {
    return pointToPoint(cidr, MTU);
  }

  /// A new point-to-point IP interface with an address.
  public SimNic pointToPoint(String cidr, int mtu) {
    return attach(DeviceInfo.ip("ip" + nics.size(), mtu), cidr);
  }

  /// Interfaces that are made from here on take checksums and super-segments off the stack. They
  /// put segments on the wire, as a real one does: the wire, its faults and queues, and who watches
  /// see those.
  public SimHost offloads(Offloads taken) {
    offloads = taken;
    return this;
  }

  /// What is sent is looked at when it was cut ([SimNic#send]).
  private void arrived(Nic nic, FrameTap.Direction direction, Packet frame, long now) {
    if (direction == FrameTap.Direction.IN) {
      invariants.frame(nic, direction, frame, now);
    }
  }

  /// A new interface of any kind with an address.
  public SimNic attach(DeviceInfo info, String cidr) {
    if (info.link() != LinkType.ETHERNET && info.link() != LinkType.IP) {
      throw new IllegalArgumentException("a wire carries Ethernet or IP, not " + info.link());
    }
    Nic nic = stack.attach(info.offloads().equals(Offloads.NONE) ? info.with(offloads) : info);
    SimNic sim = new SimNic(this, nic);
    nic.add(sim.isWire() ? invariants : this::arrived);
    nics.add(sim);
    act(() -> stack.addAddress(nic, Cidr.parse(cidr), now()));
    return sim;
  }

  // The driver

  /// Calls the stack or its sockets, and then does what a driver does.
  ///
  /// @throws IllegalStateException where the call fails; a program that expects that handles it
  ///   itself
  public void act(Call call) {
    try {
      call.run();
    } catch (SocketFailure e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    } finally {
      settle();
    }
  }

  void receive(SimNic nic, Packet frame, long now) {
    frame.timestamp(now);
    if (coalescing == 0) {
      stack.receive(nic.nic(), frame, now);
      settle();
      return;
    }
    Packet kept = network.pool().take(frame.length());
    kept.swap(frame);
    batch.add(new Waiting(nic.nic(), kept));
    if (batch.size() == 1) {
      network.set(interrupt, now + coalescing);
    } else if (batch.size() == BATCH) {
      network.cancel(interrupt);
      receiveBatch(now);
    }
  }

  private void receiveBatch(long now) {
    for (Waiting waiting : batch) {
      stack.receive(waiting.nic, waiting.frame, now);
      network.pool().give(waiting.frame);
    }
    batch.clear();
    settle();
  }

  /// Sends what there is to send and calls the programs that it concerns, until nothing moves.
  public void settle() {
    if (settling) {
      return; // a program calls us through its own act: the outer loop goes on
    }
    settling = true;
    try {
      int rounds = 0;
      while (programsFirst ? callPrograms() | transmit() : transmit() | callPrograms()) {
        if (++rounds > ROUNDS) {
          throw new IllegalStateException(name + " does not come to rest at " + now() + " ns");
        }
      }
    } finally {
      settling = false;
    }
    if (!invariants.hold()) {
      throw new InvariantViolation(network.seed(), invariants.violations());
    }
    long next = stack.nextDeadline();
    if (next == Event.NEVER) {
      network.cancel(deadline);
    } else {
      network.set(deadline, next);
    }
  }

  private boolean transmit() {
    boolean any = false;
    boolean held = false;
    long now = now();
    for (SimNic nic : nics) {
      while (nic.isReady(now)) {
        Packet frame = network.pool().take(nic.nic().info().longestDatagram() + LINK_ROOM);
        if (!stack.transmit(nic.nic(), frame, now)) {
          network.pool().give(frame);
          break;
        }
        nic.send(frame, now);
        any = true;
      }
      held |= !nic.isReady(now);
    }
    invariants.held(held, now);
    return any;
  }

  private boolean callPrograms() {
    if (changed.isEmpty()) {
      return false;
    }
    // A program may change sockets while we go through them.
    List<SocketHandle> handles = new ArrayList<>(changed);
    changed.clear();
    boolean any = false;
    for (Iterator<SocketHandle> all = handles.iterator(); all.hasNext(); ) {
      SocketHandle handle = all.next();
      if (handle.attachment() instanceof SimApp app) {
        app.ready(this, handle);
        any = true;
      }
    }
    return any;
  }

  @Override
  public String toString() {
    return name;
  }
}
