package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import microps.core.address.Ipv4Address;
import microps.core.basis.Counter;
import microps.core.basis.Trace;
import microps.core.device.Device;
import microps.core.ethernet.NeighborState;
import microps.core.tcp.TcpInfo;
import microps.core.tcp.TcpState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Ipv4Address B = Ipv4Address.parse("192.0.2.2");

  private final MemoryWire wire = MemoryWire.ethernet().create();

  private static HostBuilder on(Device device, String address) {
    return Host.builder().device(device).address(address).trace(Trace.NONE);
  }

  private Host a() throws IOException {
    return on(wire.left(), "192.0.2.1/24").start();
  }

  private Host b() throws IOException {
    return on(wire.right(), "192.0.2.2/24").start();
  }

  @Test
  void pingsAndTellsItsNumbers() throws Exception {
    try (Host a = a();
        Host b = b()) {
      PingReply reply = a.ping(B, LONG).orElseThrow();
      assertThat(reply.isReply()).isTrue();
      assertThat(reply.intact()).isTrue();
      assertThat(reply.length()).isEqualTo(56);
      assertThat(reply.from()).isEqualTo(B);
      assertThat(reply.roundTrip()).isBetween(Duration.ofNanos(1), LONG);
      assertThat(b.ping(InetAddress.getByName("127.0.0.1"), LONG)).isPresent();

      try (DatagramChannel udp = a.openDatagramChannel().bind(new InetSocketAddress(9));
          ServerSocketChannel tcp = a.openServerSocketChannel().bind(new InetSocketAddress(7))) {
        HostStatus status = a.status();
        assertThat(status.interfaces())
            .extracting(HostStatus.Interface::name)
            .containsExactly("lo", "left");
        HostStatus.Interface left = status.interfaces().get(1);
        assertThat(left.up()).isTrue();
        assertThat(left.framesOut()).isGreaterThanOrEqualTo(2);
        assertThat(left.bytesIn()).isPositive();
        assertThat(left.addresses()).hasToString("[192.0.2.1/24]");
        assertThat(status.routes().toString()).contains("192.0.2.0/24 dev left");
        assertThat(status.neighbors()).hasSize(1);
        assertThat(status.tcp()).hasSize(1);
        assertThat(status.udp()).hasSize(1);
        assertThat(status.counters()).containsEntry(Counter.ICMP_SENT.label(), 1L);
        assertThat(udp.isOpen() && tcp.isOpen()).isTrue();
      }
    }
  }

  @Test
  void oneLineSaysWhatIsWrong() {
    HostBuilder builder = Host.builder();
    assertBad(() -> builder.address("192.0.2.1/24"), "name a device before");
    assertBad(() -> builder.mtu(1500), "name a device before");
    assertBad(() -> builder.device("tap0"), "write KIND:NAME, as in tap:tap0");
    assertBad(() -> builder.device("tap:"), "write KIND:NAME");
    assertBad(() -> builder.device(":x"), "write KIND:NAME");
    builder.device("tap:tap0");
    assertBad(() -> builder.address("192.0.2.1"), "write it as in 192.0.2.2/24");
    assertBad(() -> builder.address("192.0.2.300/24"), "not an IPv4 address");
    assertBad(() -> builder.address("192.0.2.1/33"), "0 to 32 bits");
    assertBad(() -> builder.gateway("192.0.2"), "not an IPv4 address");
    assertBad(() -> builder.mac("zz"), "not a MAC address");
    assertBad(() -> builder.mac("01:00:00:00:00:00"), "multicast");
    assertBad(() -> builder.mtu(67), "68 to 65535");
    assertBad(() -> builder.route("10.0.0.0", "192.0.2.1"), "prefix length");
    assertBad(() -> builder.neighbor("192.0.2.1", "zz"), "not a MAC address");
    builder.device(wire.left());
    assertBad(() -> builder.mac("02:00:00:00:00:01"), "is open already");
  }

  private static void assertBad(Runnable call, String part) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void startSaysWhatIsWrong(@TempDir Path folder) {
    assertThatThrownBy(() -> Host.builder().device("carrier:pigeon").start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no device of the kind 'carrier'");
    assertBad(
        () -> start(on(wire.left(), "192.0.2.1/24").gateway("198.51.100.1")),
        "the gateway 198.51.100.1 is on no network of this host");
    assertBad(() -> start(on(wire.left(), "192.0.2.0/24")), "192.0.2.0/24 cannot be the address");
    assertBad(
        () -> start(on(wire.left(), "192.0.2.1/24").device(MemoryWire.ip().create().left())),
        "two devices of this host are named left");
    assertThatThrownBy(
            () -> on(wire.left(), "192.0.2.1/24").pcap(folder.resolve("no/file")).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write the capture")
        .hasMessageContaining("no such folder");
  }

  private static void start(HostBuilder builder) {
    try {
      builder.start().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a clean stop, quickly, whatever is going on")
  void closeEndsEverything() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().names("stops", "right").create();
    try (Host b = on(wire.right(), "192.0.2.2/24").start()) {
      Host a = on(wire.left(), "192.0.2.1/24").start();
      ServerSocketChannel server = a.openServerSocketChannel().bind(new InetSocketAddress(7));
      SocketChannel client = b.openSocketChannel();
      client.connect(new InetSocketAddress("192.0.2.1", 7));
      SocketChannel peer = server.accept();
      DatagramChannel udp = a.openDatagramChannel().bind(null);
      Pinger pinger = a.openPinger();
      SocketChannel connecting = a.openSocketChannel();

      Blocked<?> accepting = Blocked.in(server::accept);
      Blocked<?> reading = Blocked.in(() -> peer.read(ByteBuffer.allocate(1)));
      Blocked<?> writing =
          Blocked.in(() -> {
            while (true) {
              peer.write(ByteBuffer.allocate(1 << 20));
            }
          });
      Blocked<?> receiving = Blocked.in(() -> udp.receive(ByteBuffer.allocate(1)));
      Blocked<?> pinging = Blocked.in(() -> pinger.receive(LONG));
      Blocked<?> connect =
          Blocked.in(() -> connecting.connect(new InetSocketAddress("192.0.2.77", 7)));

      long start = System.nanoTime();
      a.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));

      for (Blocked<?> each : new Blocked<?>[] {accepting, reading, receiving, pinging, connect}) {
        assertThat(each.failure()).isExactlyInstanceOf(AsynchronousCloseException.class);
      }
      assertThat(writing.failure()).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(
              () -> {
                ByteBuffer in = ByteBuffer.allocate(1 << 20);
                while (client.read(in.clear()) >= 0) {
                  assertThat(in.position()).isPositive();
                }
              })
          .isInstanceOf(SocketException.class)
          .hasMessage("Connection reset");

      a.close();
      assertThatThrownBy(a::openSocketChannel).hasMessage("the host is closed");
      assertThatThrownBy(a::openServerSocketChannel).hasMessage("the host is closed");
      assertThatThrownBy(a::openDatagramChannel).hasMessage("the host is closed");
      assertThatThrownBy(a::openPinger).hasMessage("the host is closed");
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("microps-stops")
          .contains("microps-right");
    }
  }

  @Test
  @DisplayName("a clean stop, quickly, under load")
  void closeUnderLoad() throws Exception {
    InetSocketAddress address = new InetSocketAddress("192.0.2.2", 7);
    List<Blocked<?>> all = new ArrayList<>();
    Host a = a();
    try (Host b = b()) {
      ServerSocketChannel server = b.openServerSocketChannel().bind(address);
      all.add(
          Blocked.started(() -> {
            while (true) {
              SocketChannel peer = server.accept();
              Thread.ofVirtual().start(() -> echo(peer));
            }
          }));
      CountDownLatch busy = new CountDownLatch(50);
      for (int i = 0; i < 50; i++) {
        all.add(
            Blocked.started(() -> {
              SocketChannel channel = a.openSocketChannel();
              channel.connect(address);
              while (true) {
                ByteBuffer in = ByteBuffer.allocate(10_000);
                channel.write(ByteBuffer.allocate(in.capacity()));
                while (in.hasRemaining()) {
                  channel.read(in);
                }
                busy.countDown();
              }
            }));
      }
      busy.await();
      long start = System.nanoTime();
      a.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
    for (Blocked<?> each : all) {
      assertThat(each.failure()).isInstanceOf(ClosedChannelException.class);
    }
  }

  private static void echo(SocketChannel peer) {
    try (peer) {
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (peer.read(buffer.clear()) >= 0) {
        peer.write(buffer.flip());
      }
    } catch (IOException e) {
      // One of the hosts closes: reset by the other, or closed with its own.
    }
  }

  @Test
  void closeEndsLingering() throws Exception {
    try (Host b = b()) {
      Host a = a();
      ServerSocketChannel server = b.openServerSocketChannel();
      server.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);
      server.bind(new InetSocketAddress(7));
      SocketChannel client = a.openSocketChannel();
      client.connect(new InetSocketAddress("192.0.2.2", 7));
      client.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 20);
      client.setOption(StandardSocketOptions.SO_LINGER, 1000);
      client.configureBlocking(false);
      int sent = 0;
      while (sent < 500_000) { // more than the peer, who does not read, has room for
        sent += client.write(ByteBuffer.allocate(1 << 16));
        Thread.yield();
      }
      Blocked<?> lingering =
          Blocked.in(() -> {
            client.close();
            return true;
          });
      a.close();
      assertThat(lingering.result()).isEqualTo(true);
      assertThat(server.isOpen()).isTrue();
    }
  }

  @Test
  void whatWasWrittenToAClosedChannelIsDeliveredBeforeTheHostCloses() throws Exception {
    int size = 1_000_000;
    try (Host b = b();
        ServerSocketChannel server = b.openServerSocketChannel().bind(new InetSocketAddress(7))) {
      Host a = on(wire.left(), "192.0.2.1/24").closeGrace(LONG).start();
      SocketChannel client = a.openSocketChannel();
      client.setOption(StandardSocketOptions.SO_SNDBUF, size);
      client.connect(new InetSocketAddress("192.0.2.2", 7));
      SocketChannel peer = server.accept();
      client.write(ByteBuffer.allocate(size));
      client.close();
      Blocked<Integer> received =
          Blocked.started(() -> {
            ByteBuffer in = ByteBuffer.allocate(size + 1);
            while (peer.read(in) >= 0) {
              assertThat(in.position()).isLessThanOrEqualTo(size);
            }
            return in.position();
          });
      a.close();
      assertThat(received.result()).isEqualTo(size);
    }
  }

  @Test
  void tellsTheNumbersOfAConnection() throws Exception {
    try (Host a = a();
        Host b = b();
        ServerSocketChannel server = b.openServerSocketChannel().bind(new InetSocketAddress(7));
        SocketChannel client = a.openSocketChannel()) {
      assertThat(a.tcpInfo(client)).isEmpty();
      client.connect(new InetSocketAddress("192.0.2.2", 7));
      TcpInfo info = a.tcpInfo(client).orElseThrow();
      assertThat(info.state()).isEqualTo(TcpState.ESTABLISHED);
      assertThat(info.remote()).hasToString("192.0.2.2:7");
      assertThat(a.status().connections()).extracting(TcpInfo::local).containsOnly(info.local());
      assertThatThrownBy(() -> b.tcpInfo(client)).isInstanceOf(IllegalArgumentException.class);
      assertThat(server.accept()).isNotNull();
    }
  }

  @Test
  void anInterfaceGoesDownAndUp() throws Exception {
    try (Host a = a();
        Host b = b();
        Pinger pinger = a.openPinger()) {
      a.setUp("left", false);
      assertThat(a.status().interfaces().get(1).up()).isFalse();
      assertThatThrownBy(() -> pinger.send(B, 1, new byte[8])).isInstanceOf(IOException.class);
      a.setUp("left", true);
      assertThat(pinger.ping(B, 2, new byte[8], LONG)).isNotNull();
      assertThatThrownBy(() -> a.setUp("tap9", true))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("this host has no device tap9; it has [lo, left]");
      assertThat(b.status().interfaces()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0})
  void soManyRequestsAreRemembered(int more) throws Exception {
    try (Host a = Host.builder().device("null").address("192.0.2.1/24").trace(Trace.NONE).start();
        Pinger pinger = a.openPinger()) {
      pinger.send(Ipv4Address.LOOPBACK, 0, new byte[8]); // its answer waits
      for (int i = 1; i <= Pinger.REMEMBERED + more; i++) {
        pinger.send(B, i, new byte[8]);
      }
      PingReply reply = pinger.receive(LONG);
      assertThat(reply.sequence()).isZero();
      assertThat(reply.intact()).as("its request is known").isEqualTo(more < 0);
    }
  }

  @Test
  void routersForward() throws Exception {
    MemoryWire other = MemoryWire.ip().create();
    try (Host a = on(wire.left(), "192.0.2.1/24").gateway("192.0.2.2").start();
        Host router =
            on(wire.right(), "192.0.2.2/24")
                .device(other.left())
                .address("198.51.100.1/24")
                .forwarding(true)
                .start();
        Host c =
            on(other.right(), "198.51.100.2/24").route("192.0.2.0/24", "198.51.100.1").start()) {
      PingReply reply = a.ping(Ipv4Address.parse("198.51.100.2"), LONG).orElseThrow();
      assertThat(reply.isReply()).isTrue();
      assertThat(reply.hopLimit()).isEqualTo(63);
      assertThat(router.status().counters()).containsEntry(Counter.IP_FORWARDED.label(), 2L);
      assertThat(c.status().interfaces().get(1).framesIn()).isEqualTo(1);
    }
  }

  @Test
  void noRoute() throws Exception {
    try (Host a = a();
        SocketChannel channel = a.openSocketChannel()) {
      assertThatThrownBy(() -> channel.connect(new InetSocketAddress("203.0.113.1", 7)))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("Network is unreachable");
      assertThat(channel.isOpen()).isFalse();
    }
  }

  @Test
  void aNeighbourThatDoesNotAnswerIsNoRouteToHost() throws Exception {
    try (Host a = a();
        SocketChannel channel = a.openSocketChannel()) {
      assertThatThrownBy(() -> channel.connect(new InetSocketAddress("192.0.2.9", 7)))
          .isInstanceOf(NoRouteToHostException.class)
          .hasMessageContaining("No route to host");
    }
  }

  @Test
  void staticNeighbours() throws Exception {
    try (Host a =
            on(wire.left(), "192.0.2.1/24").neighbor("192.0.2.2", "00:00:5e:00:53:02").start();
        Host b = b()) {
      assertThat(a.status().neighbors()).hasSize(1);
      assertThat(a.status().neighbors().getFirst().state()).isEqualTo(NeighborState.PERMANENT);
      assertThat(a.ping(B, LONG)).isPresent();
      assertThat(b.status().neighbors()).hasSize(1);
    }
  }

  @Test
  void loopbackAndNullByName() throws Exception {
    try (Host host =
        Host.builder()
            .device("loopback")
            .address("198.51.100.9/32")
            .device("null")
            .address("192.0.2.1/24")
            .trace(Trace.NONE)
            .start()) {
      assertThat(host.ping(Ipv4Address.parse("198.51.100.9"), LONG)).isPresent();
      assertThat(host.ping(B, Duration.ofMillis(1))).isEmpty();
      assertThat(host.status().drops()).containsEntry("null-device", 1L);
      assertThat(host.status().interfaces())
          .extracting(HostStatus.Interface::name)
          .containsExactly("lo", "null0");
    }
  }

  @Test
  void capturesBeginAndEnd(@TempDir Path folder) throws Exception {
    Path whole = folder.resolve("whole.pcapng");
    Path part = folder.resolve("part.pcapng");
    try (Host a = on(wire.left(), "192.0.2.1/24").pcap(whole).start();
        Host b = b()) {
      assertThat(a.ping(B, LONG)).isPresent();
      try (CaptureFile capture = a.capture("left", part)) {
        assertThat(a.ping(B, LONG)).isPresent();
        capture.flush();
        assertThat(Files.size(part)).isGreaterThan(300);
      }
      long size = Files.size(part);
      assertThat(a.ping(B, LONG)).isPresent();
      assertThat(Files.size(part)).isEqualTo(size);
      assertThatThrownBy(() -> a.capture("nothing", folder.resolve("x")))
          .isInstanceOf(NoSuchElementException.class);
      assertThat(b.status().interfaces()).hasSize(2);
    }
    assertThat(Files.size(whole)).isGreaterThan(Files.size(part));
  }

  @Test
  void theStackItself() throws Exception {
    try (Host a = a()) {
      assertThat(a.<Integer, RuntimeException>call((stack, now) -> stack.nics().size()))
          .isEqualTo(2);
      assertThatThrownBy(() -> a.call((stack, now) -> a.status()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must not call back");
    }
  }

  @Test
  void selectorsComeLater() throws Exception {
    try (Host a = a()) {
      assertThatThrownBy(() -> a.provider().openSelector())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("virtual thread");
    }
  }
}
