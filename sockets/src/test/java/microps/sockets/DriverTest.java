package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import microps.core.basis.TraceEvent;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.tcp.TcpConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The threads and the lock of a host.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DriverTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long MS = 1_000_000L;

  private static final TcpConfig QUICK =
      TcpConfig.DEFAULT.with(c -> {
        c.initialRto = 20 * MS;
        c.minRto = 20 * MS;
        c.maxRto = 100 * MS;
        c.synTimeout = 200 * MS;
        c.dataTimeout = 200 * MS;
        c.finWait2Timeout = 100 * MS;
        c.timeWait = 50 * MS;
        c.delayedAck = 10 * MS;
        c.maxSynQueue = 16;
        c.maxTimeWait = 16;
        c.maxConnections = 64;
      });

  private static HostBuilder on(Device device, String address) {
    return Host.builder().device(device).address(address).trace(Trace.NONE);
  }

  @Test
  void deadlinesAreServedWhereNothingArrives() throws Exception {
    try (Host host =
            Host.builder()
                .device("null")
                .address("192.0.2.1/24")
                .tcp(QUICK)
                .trace(Trace.NONE)
                .start();
        SocketChannel channel = host.openSocketChannel()) {
      assertThatThrownBy(() -> channel.connect(new InetSocketAddress("192.0.2.2", 7)))
          .isInstanceOf(ConnectException.class)
          .hasMessage("Connection timed out");
    }
  }

  @Test
  void deadlinesAreServedWithoutADevice() throws Exception {
    try (Host host = Host.builder().tcp(QUICK).trace(Trace.NONE).start()) {
      InetSocketAddress address = new InetSocketAddress("127.0.0.1", 7);
      try (ServerSocketChannel server = host.openServerSocketChannel().bind(address);
          SocketChannel client = host.openSocketChannel()) {
        client.connect(address);
        server.accept().close();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
      // TIME-WAIT ends by a timer only.
      long end = System.nanoTime() + LONG.toNanos();
      while (!host.status().tcp().isEmpty()) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.yield();
      }
    }
  }

  @Test
  void aFullDeviceHoldsTheSenderBackAndNothingIsDropped() throws Exception {
    int datagrams = 20_000;
    MemoryWire wire = MemoryWire.ip().queue(3).create();
    Device right = wire.right();
    try (Host a = on(wire.left(), "192.0.2.1/24").start();
        DatagramChannel channel = a.openDatagramChannel()) {
      Blocked<Integer> sender =
          Blocked.in(() -> {
            ByteBuffer out = ByteBuffer.allocate(4);
            for (int i = 0; i < datagrams; i++) {
              out.clear().putInt(i).flip();
              channel.send(out, new InetSocketAddress("192.0.2.2", 9));
            }
            return datagrams;
          });
      Packet in = new Packet(2048);
      for (int i = 0; i < datagrams; i++) {
        assertThat(right.receive(in, LONG.toNanos())).isTrue();
        assertThat(in.get32(28)).isEqualTo(i);
      }
      assertThat(sender.result()).isEqualTo(datagrams);
      assertThat(a.status().drops()).isEmpty();
    }
  }

  /// A device that fails when told to.
  private static final class Fragile implements Device {
    private final Device inner;
    private volatile boolean receiveFails;
    private volatile boolean sendFails;

    Fragile(Device inner) {
      this.inner = inner;
    }

    void failReceiving() {
      receiveFails = true;
      inner.wake();
    }

    @Override
    public DeviceInfo info() {
      return inner.info();
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) throws IOException {
      boolean got = !receiveFails && inner.receive(frame, timeoutNanos);
      if (receiveFails) {
        throw new IOException("it was pulled out");
      }
      return got;
    }

    @Override
    public boolean send(Packet frame) throws IOException {
      if (sendFails) {
        throw new IOException("it was pulled out");
      }
      return inner.send(frame);
    }

    @Override
    public void wake() {
      inner.wake();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static final class Listing implements Trace {
    final List<TraceEvent> events = new CopyOnWriteArrayList<>();
    final CountDownLatch told = new CountDownLatch(1);

    @Override
    public boolean listens(Level level) {
      return level == Level.ERROR;
    }

    @Override
    public void event(TraceEvent event) {
      events.add(event);
      told.countDown();
    }
  }

  @Test
  void aDeviceThatGoesTakesItsSocketsAndNotTheHost() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    MemoryWire second = MemoryWire.ethernet().create();
    Fragile device = new Fragile(wire.left());
    Listing trace = new Listing();
    try (Host b = on(wire.right(), "192.0.2.2/24").start();
        Host c = on(second.left(), "198.51.100.2/24").start();
        Host a =
            on(device, "192.0.2.1/24")
                .device(second.right())
                .address("198.51.100.1/24")
                .trace(trace)
                .start()) {
      InetSocketAddress address = new InetSocketAddress("192.0.2.1", 7);
      ServerSocketChannel server = a.openServerSocketChannel().bind(address);
      SocketChannel client = b.openSocketChannel();
      client.connect(address);
      SocketChannel peer = server.accept();
      DatagramChannel udp = a.openDatagramChannel().bind(address);
      Blocked<?> accepting = Blocked.in(server::accept);
      Blocked<?> reading = Blocked.in(() -> peer.read(ByteBuffer.allocate(1)));
      Blocked<?> receiving = Blocked.in(() -> udp.receive(ByteBuffer.allocate(1)));

      device.failReceiving();

      for (Blocked<?> each : List.of(accepting, reading, receiving)) {
        assertThat(each.failure())
            .isExactlyInstanceOf(SocketException.class)
            .hasMessage("Network is down");
      }
      assertThat(trace.events).hasSize(1);
      assertThat(trace.events.getFirst().text())
          .isEqualTo("device left is gone: it was pulled out");
      assertThat(a.status().interfaces().get(1).up()).isFalse();
      // The other device goes on, with its timers: the port that kept the time is gone.
      assertThat(a.ping(Ipv4Address.parse("198.51.100.2"), LONG)).isPresent();
      assertThat(c.status().interfaces()).hasSize(2);
      SocketChannel unanswered = a.openSocketChannel();
      assertThatThrownBy(() -> unanswered.connect(new InetSocketAddress("198.51.100.9", 7)))
          .hasMessageContaining("No route to host");
    }
  }

  @Test
  void aDeviceThatFailsToSendIsGoneToo() throws Exception {
    MemoryWire wire = MemoryWire.ip().create();
    Fragile device = new Fragile(wire.left());
    Listing trace = new Listing();
    try (Host a = on(device, "192.0.2.1/24").trace(trace).start();
        Pinger pinger = a.openPinger()) {
      device.sendFails = true;
      pinger.send(Ipv4Address.parse("192.0.2.2"), 1, new byte[1]);
      // The device's own thread may be the one that sends.
      assertThat(trace.told.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(trace.events).hasSize(1);
      assertThat(a.status().interfaces().get(1).up()).isFalse();
      assertThat(a.ping(Ipv4Address.LOOPBACK, LONG)).isPresent();
    }
  }

  @Test
  void aTraceThatCallsBackIsToldSo() throws Exception {
    MemoryWire wire = MemoryWire.ip().create();
    Host[] host = new Host[1];
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Trace trace =
        new Trace() {
          @Override
          public boolean listens(Level level) {
            return host[0] != null;
          }

          @Override
          public void event(TraceEvent event) {
            try {
              host[0].status();
            } catch (IllegalStateException e) {
              failures.add(e);
            }
          }
        };
    host[0] = on(wire.left(), "192.0.2.1/24").trace(trace).start();
    try (Host a = host[0]) {
      a.setUp("left", false);
    }
    assertThat(failures).isNotEmpty();
  }

  /// Has nothing, and notes how often it was asked without waiting before each wait.
  private static final class Looked implements Device {
    private final List<Integer> looks = new CopyOnWriteArrayList<>();
    private final Semaphore wakes = new Semaphore(0);
    private int count;

    @Override
    public DeviceInfo info() {
      return DeviceInfo.ip("looked", 1500);
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) {
      if (timeoutNanos <= 0) {
        count++;
      } else {
        looks.add(count);
        count = 0;
        wakes.acquireUninterruptibly();
      }
      return false;
    }

    @Override
    public boolean send(Packet frame) {
      return true;
    }

    @Override
    public void wake() {
      wakes.release();
    }

    @Override
    public void close() {
      wakes.release();
    }
  }

  @Test
  void aDeviceIsLookedAtAgainOnlyWhereThatIsWantedAndWhileItPays() throws Exception {
    for (Duration spin : List.of(Duration.ZERO, Duration.ofMillis(50))) {
      Looked device = new Looked();
      try (Host host = on(device, "192.0.2.1/24").spin(spin).start()) {
        for (int waits = 1; waits <= 3; waits++) {
          long end = System.nanoTime() + LONG.toNanos();
          while (device.looks.size() < waits) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
          }
          device.wake();
        }
        assertThat(host.status().interfaces()).hasSize(2);
      }
      assertThat(device.looks.getFirst() > 2).isEqualTo(!spin.isZero());
      assertThat(device.looks.get(1)).as("it slept in vain").isLessThanOrEqualTo(1);
      assertThat(device.looks.get(2)).isLessThanOrEqualTo(1);
    }
  }

  /// Counts how often its thread is woken.
  private static final class Counting implements Device {
    private final Device inner;
    private final AtomicInteger wakes = new AtomicInteger();

    Counting(Device inner) {
      this.inner = inner;
    }

    @Override
    public DeviceInfo info() {
      return inner.info();
    }

    @Override
    public boolean receive(Packet frame, long timeoutNanos) throws IOException {
      return inner.receive(frame, timeoutNanos);
    }

    @Override
    public boolean send(Packet frame) throws IOException {
      return inner.send(frame);
    }

    @Override
    public void wake() {
      wakes.incrementAndGet();
      inner.wake();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Test
  void whoKeepsTheTimeIsNotWokenForEachTimerOfACaller() throws Exception {
    MemoryWire wire = MemoryWire.ip().create();
    Counting device = new Counting(wire.left());
    TcpConfig slow = TcpConfig.DEFAULT.with(c -> c.minRto = LONG.toNanos());
    try (Host a = on(device, "192.0.2.1/24").tcp(slow).start();
        Host b = on(wire.right(), "192.0.2.2/24").tcp(QUICK).start();
        ServerSocketChannel server = b.openServerSocketChannel().bind(new InetSocketAddress(7));
        SocketChannel client = a.openSocketChannel()) {
      client.connect(new InetSocketAddress("192.0.2.2", 7));
      SocketChannel peer = server.accept();
      ByteBuffer octet = ByteBuffer.allocate(1);
      for (int i = 0; i < 100; i++) {
        client.write(octet.clear()); // starts the retransmission timer, which its ACK stops
        peer.read(octet.clear());
        while (a.tcpInfo(client).orElseThrow().sending().flight() > 0) {
          Thread.sleep(1);
        }
      }
      assertThat(device.wakes.get()).isLessThan(20);
    }
  }

  @Test
  void lossAndDelayAreOvercome() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().delay(Duration.ofMillis(2)).loss(0.02, 11).create();
    int size = 400_000;
    try (Host a = on(wire.left(), "192.0.2.1/24").start();
        Host b = on(wire.right(), "192.0.2.2/24").start();
        ServerSocketChannel server = b.openServerSocketChannel().bind(new InetSocketAddress(7));
        SocketChannel client = a.openSocketChannel()) {
      client.connect(new InetSocketAddress("192.0.2.2", 7));
      SocketChannel peer = server.accept();
      byte[] data = new byte[size];
      new java.util.Random(5).nextBytes(data);
      Blocked<Integer> writer =
          Blocked.started(() -> {
            int n = client.write(ByteBuffer.wrap(data));
            client.shutdownOutput();
            return n;
          });
      ByteBuffer in = ByteBuffer.allocate(size + 1);
      while (peer.read(in) >= 0) {
        assertThat(in.position()).isLessThanOrEqualTo(size);
      }
      assertThat(writer.result()).isEqualTo(size);
      assertThat(in.flip()).isEqualTo(ByteBuffer.wrap(data));
      assertThat(wire.lost()).isPositive();
    }
  }
}
