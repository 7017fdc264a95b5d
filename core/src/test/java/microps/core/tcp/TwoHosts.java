package microps.core.tcp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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

/// Two stacks on a wire with a delay, in virtual time: just enough to try TCP inside this module.
/// What has rates, queues and faults is the `sim` module.
final class TwoHosts {
  static final Endpoint SERVER = new Endpoint(IpAddress.parse("10.0.0.2"), 80);

  final Stack a;
  final Stack b;
  final Nic nicA;
  final Nic nicB;
  long now = 1_000_000_000L;
  long delay = 5_000_000L;
  Predicate<Packet> lost = p -> false;
  int frames;

  private record Flying(Packet packet, boolean toB, long arrival) {}

  private final ArrayDeque<Flying> wire = new ArrayDeque<>();

  TwoHosts(int mtu) {
    this(mtu, StackConfig.of(new SplittableRandom(1)), StackConfig.of(new SplittableRandom(2)));
  }

  TwoHosts(int mtu, StackConfig configA, StackConfig configB) {
    this(mtu, Offloads.NONE, configA, configB);
  }

  /// @param offloads what the wire takes over: it carries super-segments as they are
  TwoHosts(int mtu, Offloads offloads, StackConfig configA, StackConfig configB) {
    a = new Stack(configA);
    b = new Stack(configB);
    nicA = a.attach(DeviceInfo.ip("a0", mtu).with(offloads));
    nicB = b.attach(DeviceInfo.ip("b0", mtu).with(offloads));
    a.addAddress(nicA, Cidr.parse("10.0.0.1/24"), now);
    b.addAddress(nicB, Cidr.parse("10.0.0.2/24"), now);
  }

  void pump() {
    pump(a, nicA, true);
    pump(b, nicB, false);
  }

  private void pump(Stack stack, Nic nic, boolean toB) {
    while (true) {
      Packet out = new Packet(66_000);
      if (!stack.transmit(nic, out, now)) {
        return;
      }
      frames++;
      if (!lost.test(out)) {
        wire.add(new Flying(out, toB, now + delay));
      }
    }
  }

  /// Runs until the condition holds, nothing can happen any more, or the time is over.
  boolean run(long nanos, BooleanSupplier until) {
    long end = now + nanos;
    while (true) {
      pump();
      if (until.getAsBoolean()) {
        return true;
      }
      Flying first = wire.peek();
      long next = Math.min(a.nextDeadline(), b.nextDeadline());
      next = first == null ? next : Math.min(next, first.arrival);
      if (next > end) {
        now = end;
        return false;
      }
      now = Math.max(now, next);
      for (Flying f = wire.peek(); f != null && f.arrival <= now; f = wire.peek()) {
        wire.remove();
        (f.toB ? b : a).receive(f.toB ? nicB : nicA, f.packet, now);
      }
      a.advance(now);
      b.advance(now);
    }
  }

  void runFor(long nanos) {
    run(nanos, () -> false);
  }

  /// A listener on the server's port.
  TcpListener listen() throws SocketFailure {
    TcpListener listener = b.openTcpListener();
    listener.bind(SERVER);
    listener.listen(16);
    return listener;
  }

  /// Sends everything from one socket to another and says what arrived.
  byte[] send(TcpSocket from, TcpSocket to, byte[] data, long nanos) throws SocketFailure {
    ByteBuffer source = ByteBuffer.wrap(data);
    ByteBuffer target = ByteBuffer.allocate(data.length);
    run(
        nanos,
        () -> {
          try {
            from.write(source, now);
            while (to.read(target, now) > 0) {}
            pump();
            return !target.hasRemaining();
          } catch (SocketFailure e) {
            throw new IllegalStateException(e);
          }
        });
    return java.util.Arrays.copyOf(target.array(), target.position());
  }
}
