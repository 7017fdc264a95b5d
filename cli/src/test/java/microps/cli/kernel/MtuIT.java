package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import microps.core.address.Ipv4Address;
import microps.sockets.PingReply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Small and large MTUs: the segments have the size that they should, and everything arrives.
@RealDevices(programs = "ping")
class MtuIT extends KernelTest {
  private static final int TIMESTAMPS = 12;

  @ParameterizedTest
  @CsvSource({
    "TAP, 68, 100000",
    "TAP, 576, 10000000",
    "TAP, 9000, 50000000",
    "TAP, 65521, 50000000",
    "PLAIN_TAP, 68, 100000",
    "PLAIN_TAP, 9000, 50000000",
    "PLAIN_TAP, 65521, 50000000",
    "TUN, 68, 100000",
    "TUN, 576, 10000000",
    "TUN, 9000, 50000000",
    "TUN, 65535, 50000000",
    "PLAIN_TUN, 576, 10000000",
    "PACKET, 576, 10000000",
    "PACKET, 9000, 50000000",
    "PACKET, 65535, 50000000"
  })
  @DisplayName("echo and ping over an MTU")
  void mtu(DeviceKind kind, int mtu, int length) throws Exception {
    Bed bed = bed(kind, mtu, builder -> builder);
    try (ServerSocketChannel server = bed.microps.listen(7)) {
      Future<Long> echoed =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.echo(channel);
            }
          });
      try (SocketChannel client = bed.kernel.connect(bed.microps, 7)) {
        Future<Void> sent =
            meanwhile(() -> {
              Pattern.send(client, length);
              client.shutdownOutput();
            });
        Future<Void> received = meanwhile(() -> Pattern.receive(client, length));
        await(sent);
        await(received);
        await(echoed);
      }
    }
    String size = "" + (mtu - 28);
    assertThat(
            bed.namespace.execute(
                "ping", "-n", "-c", "3", "-l", "3", "-M", "do", "-s", size, Bed.MICROPS))
        .contains(" 0% packet loss");
    try (var pinger = bed.host.openPinger()) {
      PingReply reply =
          pinger.ping(
              Ipv4Address.parse(Bed.KERNEL),
              1,
              new byte[Math.min(mtu * 100, 65_507)],
              Duration.ofSeconds(10));
      assertThat(reply).isNotNull();
      assertThat(reply.intact()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"TAP, 1500", "TAP, 65521", "PLAIN_TAP, 1500", "TUN, 65535", "PACKET, 9000"})
  @DisplayName("MUST-16 segments are as long as the MTU and the peer allow")
  void segmentSize(DeviceKind kind, int mtu) throws Exception {
    Bed bed = bed(kind, mtu, builder -> builder);
    try (Pair pair = pair(bed, Direction.MICROPS_TO_KERNEL)) {
      assertThat(pair.client().isConnected()).isTrue();
      assertThat(bed.connections().getFirst().maxSegment()).isEqualTo(mtu - 40 - TIMESTAMPS);
    }
  }
}
