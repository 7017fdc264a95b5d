package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import microps.core.address.Ipv4Address;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Address resolution: nobody there, and addresses that have to be found again.
@ParameterizedClass
@EnumSource(
    value = DeviceKind.class,
    names = {"TAP", "PLAIN_TAP", "PACKET", "PLAIN_PACKET"})
class NeighborIT extends KernelTest {
  private static final long LENGTH = 30_000_000;

  @Parameter DeviceKind kind;

  @Test
  @DisplayName("where nobody answers, the host is unreachable: to TCP and to UDP")
  void nobody() throws Exception {
    Bed bed = bed(kind);
    try (SocketChannel client = bed.microps.openSocket();
        DatagramChannel datagrams = bed.microps.openDatagram()) {
      InetSocketAddress nobody = new InetSocketAddress(Bed.NOBODY, 7);
      Future<Boolean> connected = meanwhile(() -> client.connect(nobody));
      datagrams.connect(nobody);
      datagrams.write(Pattern.at(0, 10));
      Future<Integer> read = meanwhile(() -> datagrams.read(ByteBuffer.allocate(10)));
      assertThat(failureOf(connected)).isInstanceOf(NoRouteToHostException.class);
      assertThat(failureOf(read)).isInstanceOf(NoRouteToHostException.class);
    }
    assertThat(bed.connections()).isEmpty();
  }

  @Test
  @DisplayName("an address of which nobody knows the way is unreachable at once")
  void noRoute() throws Exception {
    Bed bed = bed(kind, 1500, builder -> builder);
    bed.host.call((stack, now) -> stack.removeRoute(stack.routes().getLast())); // the default route
    assertThatThrownBy(
            () -> bed.microps.openSocket().connect(new InetSocketAddress("198.51.100.1", 7)))
        .hasMessageContaining("unreachable");
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("both sides forget the other's address again and again: a transfer goes on")
  void expiry(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      AtomicLong received = new AtomicLong();
      Future<Void> transfer = transfer(pair, received);
      for (int i = 1; i <= 10; i++) {
        long mark = i * LENGTH / 11;
        until("received " + mark, () -> received.get() >= mark);
        forget(bed);
      }
      await(transfer);
    }
    assertThat(bed.count("arp-requests-sent")).isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("both sides have forgotten the other's address: no datagram is lost")
  void expiryOfDatagrams(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (DatagramChannel server = bed.server(direction).bindDatagram(7);
        DatagramChannel client = bed.client(direction).openDatagram()) {
      client.connect(bed.server(direction).at(7));
      ByteBuffer buffer = ByteBuffer.allocate(5000);
      for (int i = 0; i < 20; i++) {
        forget(bed);
        client.write(Pattern.at(i, 5000)); // four fragments
        SocketAddress from = await(meanwhile(() -> server.receive(buffer.clear())));
        forget(bed);
        server.send(buffer.flip(), from);
        await(meanwhile(() -> client.read(buffer.clear())));
        assertThat(buffer.flip()).isEqualTo(Pattern.at(i, 5000));
      }
    }
    assertThat(bed.count("arp-requests-sent")).isGreaterThan(1);
  }

  private void forget(Bed bed) throws Exception {
    try {
      bed.namespace.execute("ip", "neigh", "flush", "dev", kind.kernelInterface);
    } catch (IOException e) {
      // It was learnt again as fast as it was forgotten: that is forgotten often enough.
      if (!String.valueOf(e.getMessage()).contains("Flush not complete")) {
        throw e;
      }
    }
    bed.host.call((stack, now) -> {
      stack.removeNeighbor(stack.nics().getLast(), Ipv4Address.parse(Bed.KERNEL));
      return null;
    });
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @DisplayName("the kernel gets another MAC address: the connection goes on")
  void otherAddress(Direction direction) throws Exception {
    Bed bed = bed(kind);
    try (Pair pair = pair(bed, direction)) {
      AtomicLong received = new AtomicLong();
      Future<Void> transfer = transfer(pair, received);
      until("a third is there", () -> received.get() >= LENGTH / 3);
      String device = kind.kernelInterface;
      Bed.set(bed.namespace, "ipv4/conf/" + device + "/arp_notify", "1");
      bed.namespace.execute("ip", "link", "set", device, "address", "02:00:00:00:00:01");
      await(transfer);
    }
  }

  private Future<Void> transfer(Pair pair, AtomicLong received) {
    meanwhile(() -> {
      Pattern.send(pair.client(), LENGTH);
      pair.client().shutdownOutput();
    });
    return meanwhile(() -> {
      long place = 0;
      while (place < LENGTH) {
        place = Pattern.receive(pair.server(), place, Math.min(LENGTH, place + Pattern.CHUNK));
        received.set(place);
      }
    });
  }
}
