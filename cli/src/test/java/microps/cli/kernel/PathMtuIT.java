package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import microps.core.Stack;
import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A link beyond the kernel that is smaller than ours.
@ParameterizedClass
@EnumSource(DeviceKind.class)
class PathMtuIT extends KernelTest {
  private static final int LENGTH = 10_000_000;
  private static final String FAR = "198.51.100.2";

  @Parameter DeviceKind kind;

  @Test
  @DisplayName(
      "the kernel, as a router, says that fragmentation is needed: segments become smaller")
  void shrinks() throws Exception {
    Bed bed = bed(kind);
    NetworkNamespace router = bed.namespace;
    try (NetworkNamespace far = NetworkNamespace.create()) {
      Process inhabitant = far.start(new ProcessBuilder("cat")); // so that "netns" has a number
      try {
        String pid = Long.toString(inhabitant.pid());
        router.execute(
            "ip", "link", "add", "near", "mtu", "1000", "type", "veth", "peer", "name", "far",
            "mtu", "1500", "netns", pid);
        router.execute("ip", "address", "add", "198.51.100.1/24", "dev", "near");
        router.execute("ip", "link", "set", "near", "up");
        far.execute("ip", "address", "add", FAR + "/24", "dev", "far");
        far.execute("ip", "link", "set", "far", "up");
        far.execute("ip", "route", "add", "default", "via", "198.51.100.1");
        for (String device : new String[] {kind.kernelInterface, "near"}) {
          Bed.set(router, "ipv4/conf/" + device + "/forwarding", "1");
        }
        until("up", () -> router.execute("ip", "link", "show", "near").contains("state UP"));
        until("up", () -> far.execute("ip", "link", "show", "far").contains("state UP"));
        transfer(bed, far);
      } finally {
        inhabitant.destroyForcibly();
      }
    }
  }

  private void transfer(Bed bed, NetworkNamespace far) throws Exception {
    try (ServerSocketChannel server = far.call(ServerSocketChannel::open);
        SocketChannel client = bed.microps.openSocket()) {
      server.bind(new InetSocketAddress(FAR, 9));
      client.connect(new InetSocketAddress(FAR, 9));
      Future<Long> received =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.receiveToEnd(channel, 0);
            }
          });
      assertThat(bed.connections().getFirst().maxSegment()).isEqualTo(1500 - 40 - 12);
      await(meanwhile(() -> Pattern.send(client, LENGTH)));
      assertThat(bed.connections().getFirst().maxSegment()).isEqualTo(1000 - 40 - 12);
      client.shutdownOutput();
      assertThat(await(received)).isEqualTo(LENGTH);
    }
    int known = bed.host.call((Stack stack, long now) -> stack.pathMtus());
    assertThat(known).isEqualTo(1);
  }
}
