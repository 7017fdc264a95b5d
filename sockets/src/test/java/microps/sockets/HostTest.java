package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import org.junit.jupiter.api.Test;

class HostTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static Host host(microps.core.device.Device device, String address) throws Exception {
    return Host.builder().device(device).address(address).trace(Trace.NONE).start();
  }

  @Test
  void pingsOverAWire() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    try (Host a = host(wire.left(), "192.0.2.1/24");
        Host b = host(wire.right(), "192.0.2.2/24")) {
      PingReply reply = a.ping(Ipv4Address.parse("192.0.2.2"), LONG).orElseThrow();
      assertThat(reply.isReply()).isTrue();
      assertThat(reply.intact()).isTrue();
      assertThat(reply.roundTrip()).isBetween(Duration.ofNanos(1), LONG);
      assertThat(b.status().neighbors()).hasSize(1);
    }
  }

  @Test
  void udpAndTcpOverAWire() throws Exception {
    MemoryWire wire = MemoryWire.ethernet().create();
    try (Host a = host(wire.left(), "192.0.2.1/24");
        Host b = host(wire.right(), "192.0.2.2/24")) {
      try (DatagramChannel x = a.openDatagramChannel();
          DatagramChannel y = b.openDatagramChannel()) {
        y.bind(new InetSocketAddress(7));
        x.send(
            ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)),
            new InetSocketAddress("192.0.2.2", 7));
        ByteBuffer in = ByteBuffer.allocate(100);
        assertThat(y.receive(in))
            .isEqualTo(
                new InetSocketAddress(
                    "192.0.2.1", ((InetSocketAddress) x.getLocalAddress()).getPort()));
        assertThat(in.position()).isEqualTo(5);
      }
      try (ServerSocketChannel server =
              b.openServerSocketChannel().bind(new InetSocketAddress(80));
          SocketChannel client = a.openSocketChannel()) {
        client.connect(new InetSocketAddress("192.0.2.2", 80));
        SocketChannel peer = server.accept();
        client.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer in = ByteBuffer.allocate(100);
        assertThat(peer.read(in)).isEqualTo(5);
        client.shutdownOutput();
        assertThat(peer.read(in)).isEqualTo(-1);
        peer.close();
      }
    }
  }
}
