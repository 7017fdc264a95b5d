package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Datagrams both ways.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class UdpIT extends KernelTest {
  private static final int LARGEST = 65_507;
  private static final int[] LENGTHS = {0, 1, 1472, 1473, 8000, 60_000, LARGEST};

  @Parameter DeviceKind kind;

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("datagrams of every length, in fragments too, come back as they were")
  void echo(Direction direction) throws Exception {
    Bed bed = bed(kind);
    int rounds = 20;
    try (DatagramChannel server = bed.server(direction).bindDatagram(7);
        DatagramChannel client = bed.client(direction).openDatagram()) {
      Future<Void> served =
          meanwhile(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
            for (int i = 0; i < rounds * LENGTHS.length; i++) {
              SocketAddress from = server.receive(buffer.clear());
              server.send(buffer.flip(), from);
            }
          });
      Future<Void> asked =
          meanwhile(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(LARGEST + 1);
            for (int i = 0; i < rounds; i++) {
              for (int length : LENGTHS) {
                ByteBuffer sent = Pattern.at(i, length);
                client.send(sent.duplicate(), bed.server(direction).at(7));
                assertThat(client.receive(buffer.clear())).isEqualTo(bed.server(direction).at(7));
                assertThat(buffer.flip()).isEqualTo(sent);
              }
            }
          });
      await(asked);
      await(served);
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a port that nobody has is unreachable")
  void unreachable(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (DatagramChannel client = bed.client(direction).openDatagram()) {
      client.connect(bed.server(direction).at(4711));
      client.write(Pattern.at(0, 100));
      Future<Integer> read = meanwhile(() -> client.read(ByteBuffer.allocate(10)));
      assertThat(failureOf(read)).isInstanceOf(PortUnreachableException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("what is longer than a datagram can be is refused")
  void tooLong(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (DatagramChannel client = bed.client(direction).openDatagram()) {
      assertThatThrownBy(
              () -> client.send(ByteBuffer.allocate(LARGEST + 1), bed.server(direction).at(7)))
          .isInstanceOf(java.net.SocketException.class)
          .hasMessageContaining("too long");
    }
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("a directed broadcast arrives")
  void broadcast(Direction direction) throws Exception {
    Bed bed = bed(kind);
    if (kind == DeviceKind.TUN || kind == DeviceKind.PLAIN_TUN) {
      // a point-to-point interface: the kernel must be told that it has a broadcast address
      bed.namespace.execute("ip", "address", "del", Bed.KERNEL + "/24", "dev", "tun0");
      bed.namespace.execute(
          "ip", "address", "add", Bed.KERNEL + "/24", "broadcast", "192.0.2.255", "dev", "tun0");
    }
    try (DatagramChannel server = bed.server(direction).bindDatagram(7);
        DatagramChannel client = bed.client(direction).bindDatagram(9)) {
      client.setOption(StandardSocketOptions.SO_BROADCAST, true);
      client.send(Pattern.at(0, 100), new InetSocketAddress("192.0.2.255", 7));
      ByteBuffer buffer = ByteBuffer.allocate(1000);
      Future<SocketAddress> received = meanwhile(() -> server.receive(buffer));
      assertThat(await(received))
          .isEqualTo(new InetSocketAddress(bed.client(direction).address, 9));
      assertThat(buffer.flip()).isEqualTo(Pattern.at(0, 100));
    }
  }
}
