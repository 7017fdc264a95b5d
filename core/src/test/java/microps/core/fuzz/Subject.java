package microps.core.fuzz;

import static microps.core.fuzz.FrameCheck.that;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.basis.Counter;
import microps.core.basis.Counters;
import microps.core.basis.TimerQueue;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.ethernet.Neighbor;
import microps.core.ip.IpConfig;
import microps.core.tcp.TcpConfig;
import microps.core.view.FrameText;

/// A stack under attack, with two interfaces, and what must hold whatever arrives:
///
/// - nothing is thrown;
/// - every frame that it sends is well formed ([FrameCheck]);
/// - every frame that it gets is counted: delivered, or dropped under a name;
/// - packets of the pool are where they can be seen: in queues, or waiting for a neighbour; tables
///   are within their bounds;
/// - time passes without a busy loop;
/// - when all is closed and a day has passed, nothing is left.
///
/// The stack's knobs are small, so that bounds are met. With `-Dfuzz.show=true` it prints the
/// frames.
final class Subject {
  static final long MS = 1_000_000L;
  static final long SECOND = 1000 * MS;
  static final long HOUR = 3600 * SECOND;

  static final long MAC = 0x0000_5e00_5301L;
  static final long PEER_MAC = 0x0000_5e00_53aaL;

  /// Our address on the Ethernet, 192.0.2.2/24.
  static final int ADDRESS = Frames.ip("192.0.2.2");

  /// A neighbour on the Ethernet.
  static final int PEER = Frames.ip("192.0.2.1");

  /// Our address on the IP link, 198.51.100.2/24.
  static final int ADDRESS_2 = Frames.ip("198.51.100.2");

  /// The other end of the IP link.
  static final int PEER_2 = Frames.ip("198.51.100.1");

  static final IpConfig IP = new IpConfig(false, true, 8, 300_000, 100, 10);
  static final TcpConfig TCP = tcp(true, true, true);

  static TcpConfig tcp(boolean timestamps, boolean windowScale, boolean sack) {
    return TcpConfig.DEFAULT.with(c -> {
      c.maxSynQueue = 4;
      c.maxTimeWait = 4;
      c.maxConnections = 16;
      c.timestamps = timestamps;
      c.windowScale = windowScale;
      c.sack = sack;
    });
  }

  /// How often it may be woken in an hour in which nothing arrives.
  private static final int WAKE_UPS = 4000;

  final Stack stack;
  final Nic ethernet;
  final Nic ip;
  long now = 1_000 * SECOND;
  Consumer<FrameCheck.Sent> onSegment = s -> {};
  Consumer<byte[]> onDatagram = d -> {};

  private final IpConfig config;
  private final Packet in = new Packet(2048);
  private final Packet out = new Packet(2048);

  Subject() {
    this(IP, TCP, 1500);
  }

  /// @param mtu of both interfaces
  Subject(IpConfig ipConfig, TcpConfig tcpConfig, int mtu) {
    config = ipConfig;
    stack = new Stack(StackConfig.of(new SplittableRandom(mtu)).with(ipConfig).with(tcpConfig));
    ethernet = stack.attach(DeviceInfo.ethernet("net0", new MacAddress(MAC), mtu));
    ip = stack.attach(DeviceInfo.ip("tun0", mtu));
    stack.addAddress(ethernet, Cidr.parse("192.0.2.2/24"), now);
    stack.addAddress(ip, Cidr.parse("198.51.100.2/24"), now);
    if (Boolean.getBoolean("fuzz.show")) {
      ethernet.add(Subject::show);
      ip.add(Subject::show);
    }
    drain();
  }

  private static void show(Nic nic, FrameTap.Direction way, Packet frame, long now) {
    String text = FrameText.summary(frame, nic.info().link());
    System.out.printf("%d.%06d %s %s %s%n", now / SECOND, now % SECOND / 1000, nic, way, text);
  }

  /// A frame arrives on the Ethernet.
  void receive(byte[] frame) {
    receive(ethernet, frame);
  }

  /// A frame arrives.
  void receive(Nic nic, byte[] frame) {
    in.ensure(frame.length);
    in.clear();
    in.append(frame, 0, frame.length);
    receive(nic, in);
  }

  /// A frame arrives, with what its device noted on it.
  void receive(Nic nic, Packet frame) {
    long before = fates();
    long framesBefore = nic.framesIn();
    long dropsBefore = nicDrops();
    long allBefore = stack.counters().drops();
    stack.receive(nic, frame, now);
    that(fates() > before, "a frame is neither delivered nor dropped");
    that(!nic.isUp() || nic.framesIn() == framesBefore + 1, "a frame is counted");
    that(
        nicDrops() - dropsBefore <= stack.counters().drops() - allBefore,
        "the stack counts what an interface drops");
    drain();
  }

  private long fates() {
    Counters c = stack.counters();
    return c.drops()
        + c.of(Counter.ARP_RECEIVED)
        + c.of(Counter.IP_DELIVERED)
        + c.of(Counter.IP_FORWARDED)
        + c.of(Counter.IP_FRAGMENTS_RECEIVED);
  }

  private long nicDrops() {
    long sum = 0;
    for (Nic nic : stack.nics()) {
      sum += nic.drops().drops();
    }
    return sum;
  }

  /// Takes everything that the stack has to send.
  void drain() {
    for (Nic nic : List.of(ethernet, ip)) {
      int frames = 0;
      while (stack.transmit(nic, out, now)) {
        that(++frames < 100_000, "it does not stop sending");
        byte[] frame = out.toBytes();
        FrameCheck.Sent segment = FrameCheck.check(nic, frame);
        int link = nic == ethernet ? 14 : 0;
        if (link == 0 || frame[12] == 8 && frame[13] == 0) {
          onDatagram.accept(java.util.Arrays.copyOfRange(frame, link, frame.length));
        }
        if (segment != null) {
          onSegment.accept(segment);
        }
      }
    }
    checkBounds();
  }

  private void checkBounds() {
    int seen = 0;
    List<Neighbor> neighbors = stack.neighbors();
    for (Neighbor n : neighbors) {
      seen += n.waiting();
    }
    for (Nic nic : stack.nics()) {
      seen += nic.queued();
    }
    that(
        stack.pool().outstanding() == seen, "%s packets, not %s", stack.pool().outstanding(), seen);
    that(neighbors.size() <= config.maxNeighbors(), "neighbours");
    that(stack.reassemblyMemory() <= config.reassemblyBytes(), "memory of fragments");
    that(stack.reassemblyMemory() >= stack.reassemblies() * 512, "fragments are accounted for");
    that(stack.pathMtus() <= 1024, "path MTUs");
    that(stack.tcpStatuses().size() <= 16 + 2, "connections");
  }

  /// Time passes, and the stack is woken when it asks for it.
  void pass(long nanos) {
    long end = now + nanos;
    int wakeUps = 0;
    long most = WAKE_UPS * (1 + nanos / HOUR);
    for (long next = stack.nextDeadline(); next <= end; next = stack.nextDeadline()) {
      that(++wakeUps <= most, "woken more than %s times in %s s", most, nanos / SECOND);
      now = Math.max(now, next);
      stack.advance(now);
      drain();
    }
    now = end;
    stack.advance(now);
    drain();
  }

  /// A deadline that is due now and stays due is a busy loop.
  void passToNextDeadline() {
    long next = stack.nextDeadline();
    if (next != TimerQueue.NEVER && next - now <= 24 * HOUR) {
      pass(Math.max(0, next - now));
    }
  }

  /// Everything was closed by its user: after a day nothing is left.
  void rest() {
    drain();
    pass(24 * HOUR);
    that(stack.pool().outstanding() == 0, "packets are left");
    that(stack.tcpStatuses().isEmpty(), "left: %s", stack.tcpStatuses());
    that(stack.neighbors().isEmpty(), "left: %s", stack.neighbors());
    that(stack.reassemblies() == 0 && stack.reassemblyMemory() == 0, "fragments are left");
    that(stack.pathMtus() == 0, "path MTUs are left");
    that(stack.nextDeadline() == TimerQueue.NEVER, "a timer is left");
  }
}
