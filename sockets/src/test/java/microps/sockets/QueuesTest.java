package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import microps.core.address.Ipv4Address;
import microps.core.basis.EphemeralPorts;
import microps.core.basis.Trace;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several hosts on one interface that has one queue: every frame of the others is handed over.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class QueuesTest {
  private static final int COUNT = 3;

  private Host peer;
  private List<Host> hosts;

  @BeforeEach
  void start() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    peer = Host.builder().device(wire.left()).address("192.0.2.1/24").trace(Trace.NONE).start();
    hosts =
        Host.builder()
            .device(wire.right())
            .address("192.0.2.2/24")
            .trace(Trace.NONE)
            .startQueues(COUNT);
  }

  @AfterEach
  void close() {
    hosts.reversed().forEach(Host::close);
    peer.close();
  }

  private static void echo(SocketChannel client, SocketChannel server) throws Exception {
    ByteBuffer data = ByteBuffer.allocate(100_000);
    data.putInt(42).clear();
    Blocked<Integer> written = Blocked.started(() -> client.write(data.duplicate()));
    ByteBuffer in = ByteBuffer.allocate(data.capacity());
    while (in.hasRemaining()) {
      assertThat(server.read(in)).isPositive();
    }
    assertThat(in.flip()).isEqualTo(data);
    assertThat(written.result()).isEqualTo(data.capacity());
  }

  @Test
  void eachHostConnectsFromPortsOfItsOwnAndGetsTheAnswers() throws Exception {
    try (ServerSocketChannel server =
        peer.openServerSocketChannel().bind(new InetSocketAddress(7))) {
      for (int i = 0; i < COUNT; i++) {
        for (int n = 0; n < 3; n++) {
          try (SocketChannel client = hosts.get(i).openSocketChannel()) {
            client.connect(new InetSocketAddress("192.0.2.1", 7));
            InetSocketAddress local = (InetSocketAddress) client.getLocalAddress();
            assertThat(local.getPort() % COUNT).isEqualTo(i);
            assertThat(local.getPort()).isBetween(EphemeralPorts.FIRST, EphemeralPorts.LAST);
            try (SocketChannel accepted = server.accept()) {
              echo(client, accepted);
            }
          }
        }
      }
    }
  }

  @Test
  void aConnectionFromABoundPortGetsItsAnswers() throws Exception {
    try (ServerSocketChannel server =
        peer.openServerSocketChannel().bind(new InetSocketAddress(7))) {
      for (int i = 0; i < COUNT; i++) {
        try (SocketChannel client = hosts.get(i).openSocketChannel()) {
          client.bind(new InetSocketAddress(5000 + i));
          client.connect(new InetSocketAddress("192.0.2.1", 7));
          try (SocketChannel accepted = server.accept()) {
            echo(client, accepted);
          }
        }
      }
    }
  }

  @Test
  void connectionsOfClientsSpreadOverTheListeners() throws Exception {
    List<ServerSocketChannel> servers = new ArrayList<>();
    for (Host host : hosts) {
      ServerSocketChannel server = host.openServerSocketChannel().bind(new InetSocketAddress(7));
      server.configureBlocking(false);
      servers.add(server);
    }
    int[] accepted = new int[COUNT];
    for (int n = 0; n < 40; n++) {
      try (SocketChannel client = peer.openSocketChannel()) {
        client.connect(new InetSocketAddress("192.0.2.2", 7));
        SocketChannel server = null;
        while (server == null) {
          for (int i = 0; i < COUNT && server == null; i++) {
            server = servers.get(i).accept();
            accepted[i] += server == null ? 0 : 1;
          }
        }
        echo(client, server);
        server.close();
      }
    }
    assertThat(accepted).doesNotContain(0);
  }

  @Test
  void pingsAreAnsweredAndEachHostGetsItsOwnAnswers() throws Exception {
    assertThat(peer.ping(Ipv4Address.parse("192.0.2.2"), Duration.ofSeconds(10))).isPresent();
    for (Host host : hosts) {
      assertThat(host.ping(Ipv4Address.parse("192.0.2.1"), Duration.ofSeconds(10))).isPresent();
    }
    assertThat(hosts.get(1).status().counters()).containsEntry("arp-replies-sent", 0L);
  }

  @Test
  void whatWaitsForAStackIsBounded() throws Exception {
    int sent = Queues.INBOX + 10;
    MemoryWire wire = MemoryWire.ip().queue(sent).create();
    Packet frame = new Packet(60);
    frame.padTo(40);
    frame.put8(0, 0x45);
    frame.put8(9, 17);
    frame.put16(22, 40_001); // an ephemeral port of the second
    for (int i = 0; i < sent; i++) {
      frame.put16(4, i);
      assertThat(wire.left().send(frame)).isTrue();
    }
    List<Device> queues = new Queues(List.of(wire.right()), 2).devices();
    assertThat(queues.getFirst().notes())
        .containsExactly(
            "right has one queue: its frames are steered to 2 stacks by the thread of the first");
    assertThat(queues.getFirst().receive(frame, 0)).isFalse();
    for (int i = 0; i < Queues.INBOX; i++) {
      assertThat(queues.getLast().receive(frame, 0)).isTrue();
      assertThat(frame.get16(4)).isEqualTo(i);
    }
    assertThat(queues.getLast().receive(frame, 0)).isFalse();
    assertThat(queues.getLast().discarded()).isEqualTo(10);
    assertThat(queues.getFirst().discarded()).isZero();
  }

  @Test
  void whatCannotBeIsSaidInOneLine() {
    assertThatThrownBy(() -> Host.builder().device("null").startQueues(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there can be 1 to 256 queues, not 0");
    assertThatThrownBy(() -> Host.builder().startQueues(2))
        .hasMessage("name one device to have several queues of it");
    assertThatThrownBy(() -> Host.builder().device("null").pcap(Path.of("x.pcapng")).startQueues(2))
        .hasMessage("capture each of several hosts by Host.capture");
  }
}
