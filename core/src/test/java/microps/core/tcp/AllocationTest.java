package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import microps.core.Stack;
import microps.core.StackConfig;
import microps.core.address.Cidr;
import microps.core.basis.SocketFailure;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.device.Offloads;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a transfer leaves to the garbage collector: nothing for a segment.
class AllocationTest {
  private static final int MTU = 1500;
  private static final int CHUNK = 1 << 16;

  private static final long BUFFERS = 8L << 20;
  private final Stack a = stack(1);
  private final Stack b = stack(2);
  private Nic left = a.nics().getFirst();
  private Nic right = b.nics().getFirst();
  private final Packet frame = new Packet(2 * MTU);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
  private final Method allocated;
  private final Object threads;
  private long now = 1_000_000_000L;
  private long segments;

  AllocationTest() throws ReflectiveOperationException {
    // by reflection: these modules are not ours to require
    threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    allocated =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
  }

  private static Stack stack(int seed) {
    return new Stack(
        StackConfig.of(new SplittableRandom(seed))
            .with(TcpConfig.DEFAULT.with(c -> c.bufferMemory = BUFFERS)));
  }

  private void attach(Offloads offloads) {
    left = a.attach(DeviceInfo.ip("left", MTU).with(offloads));
    right = b.attach(DeviceInfo.ip("right", MTU).with(offloads));
    a.addAddress(left, Cidr.parse("10.0.0.1/24"), now);
    b.addAddress(right, Cidr.parse("10.0.0.2/24"), now);
  }

  private long allocated() throws ReflectiveOperationException {
    return (Long) Objects.requireNonNull(allocated.invoke(threads));
  }

  private void settle() {
    while (pass(a, left, b, right) | pass(b, right, a, left)) {}
  }

  private boolean pass(Stack from, Nic out, Stack to, Nic in) {
    boolean any = false;
    while (from.transmit(out, frame, now)) {
      to.receive(in, frame, now);
      segments++;
      any = true;
    }
    return any;
  }

  private void transfer(TcpSocket from, TcpSocket to, long octets) throws Exception {
    long read = 0;
    long written = 0;
    while (read < octets) {
      now += 100_000;
      a.advance(now);
      b.advance(now);
      if (written < octets) {
        written += from.write(buffer.clear(), now);
      }
      settle();
      for (int n = to.read(buffer.clear(), now); n > 0; n = to.read(buffer.clear(), now)) {
        read += n;
      }
      settle();
    }
  }

  private static TcpListener listener(Stack on) throws SocketFailure {
    TcpListener listener = on.openTcpListener();
    listener.bind(TwoHosts.SERVER);
    listener.listen(1);
    return listener;
  }

  @ParameterizedTest
  @CsvSource({"false, 70_000", "true, 3_000"})
  @DisplayName(
      "A bulk transfer allocates nothing for a segment or super-segment, nor for a read or a write")
  void bulk(boolean offloads, int least) throws Exception {
    attach(offloads ? Offloads.FULL : Offloads.NONE);
    TcpListener listener = listener(b);
    TcpSocket client = a.openTcp();
    client.connect(TwoHosts.SERVER, now);
    settle();
    TcpSocket server = Objects.requireNonNull(listener.accept());
    transfer(client, server, 20_000_000);
    long before = allocated();
    long segmentsBefore = segments;
    transfer(client, server, 100_000_000);
    long bytes = allocated() - before;
    assertThat(segments - segmentsBefore).isGreaterThan(least);
    assertThat(bytes).as("bytes allocated for 100 MB").isLessThan(50_000);
  }

  /// All write, then all are read empty: whose buffers ran empty give their arrays back, and take
  /// one again at once.
  private long rounds(TcpSocket[] from, TcpSocket[] to, int rounds) throws Exception {
    long read = 0;
    for (int round = 0; round < rounds; round++) {
      now += 100_000;
      a.advance(now);
      b.advance(now);
      for (TcpSocket socket : from) {
        int unused = socket.write(buffer.clear(), now);
      }
      settle();
      for (TcpSocket socket : to) {
        for (int n = socket.read(buffer.clear(), now);
            n > 0;
            n = socket.read(buffer.clear(), now)) {
          read += n;
        }
      }
      settle();
    }
    return read;
  }

  @Test
  @DisplayName(
      "Many connections in bulk, whose buffers run empty at once, allocate no new ones for it")
  void manyInBulk() throws Exception {
    attach(Offloads.FULL);
    TcpListener listener = listener(b);
    TcpSocket[] from = new TcpSocket[32];
    TcpSocket[] to = new TcpSocket[from.length];
    for (int i = 0; i < from.length; i++) {
      from[i] = a.openTcp();
      from[i].connect(TwoHosts.SERVER, now);
      settle();
      to[i] = Objects.requireNonNull(listener.accept());
    }
    assertThat(from.length * CHUNK).isGreaterThan((int) BUFFERS / 16);
    long unused = rounds(from, to, 200);
    long before = allocated();
    long read = rounds(from, to, 500);
    long bytes = allocated() - before;
    assertThat(read).isGreaterThan(900_000_000);
    assertThat(bytes).as("bytes allocated for a gigabyte").isLessThan(50_000);
  }
}
