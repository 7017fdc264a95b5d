package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import microps.core.address.Ipv4Address;
import microps.core.basis.Trace;
import microps.linux.NetworkNamespace;
import microps.sockets.Host;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Two hosts that share an interface with two queues, and the kernel.
@RealDevices(programs = "ping")
@ParameterizedClass
@EnumSource(DeviceKind.class)
class QueuesIT extends KernelTest {
  private static final int COUNT = 2;
  private static final long LENGTH = 1_000_000;

  @Parameter DeviceKind kind;

  private interface Use {
    void with(NetworkNamespace namespace, List<Host> hosts) throws Exception;
  }

  private void run(Use use) throws Exception {
    try (NetworkNamespace namespace = NetworkNamespace.create()) {
      Bed.set(namespace, "ipv6/conf/default/disable_ipv6", "1");
      kind.prepare(namespace, Bed.KERNEL, 1500);
      List<Host> hosts =
          namespace.call(() ->
              Host.builder()
                  .device(kind.spec)
                  .peerAddress(Bed.KERNEL + "/24")
                  .offloads(kind.offloads)
                  .address(Bed.MICROPS + "/24")
                  .trace(Trace.NONE)
                  .startQueues(COUNT));
      try {
        use.with(namespace, hosts);
      } finally {
        hosts.reversed().forEach(Host::close);
      }
    }
  }

  @Test
  @DisplayName("connections of the kernel go to both hosts, and everything arrives")
  void servers() throws Exception {
    run((namespace, hosts) -> {
      AtomicIntegerArray accepted = new AtomicIntegerArray(COUNT);
      for (int i = 0; i < COUNT; i++) {
        int index = i;
        ServerSocketChannel server =
            hosts.get(i).openServerSocketChannel().bind(new InetSocketAddress(7));
        meanwhile(() -> {
          while (true) {
            SocketChannel channel = server.accept();
            accepted.incrementAndGet(index);
            meanwhile(() -> {
              try (channel) {
                return Pattern.echo(channel);
              }
            });
          }
        });
      }
      List<Future<Void>> received = new ArrayList<>();
      List<SocketChannel> clients = new ArrayList<>();
      for (int n = 0; n < 16; n++) {
        SocketChannel client = namespace.call(() -> SocketChannel.open());
        clients.add(client);
        client.connect(new InetSocketAddress(Bed.MICROPS, 7));
        meanwhile(() -> Pattern.send(client, LENGTH));
        received.add(meanwhile(() -> Pattern.receive(client, LENGTH)));
      }
      for (Future<Void> each : received) {
        await(each);
      }
      for (SocketChannel client : clients) {
        client.close();
      }
      assertThat(accepted.get(0)).isPositive();
      assertThat(accepted.get(1)).isPositive();
      assertThat(namespace.execute("ping", "-n", "-c", "2", "-i", "0.2", Bed.MICROPS))
          .contains("2 received", " 0% packet loss")
          .doesNotContain("DUP");
    });
  }

  @Test
  @DisplayName("connections of either host to the kernel get their answers")
  void clients() throws Exception {
    run((namespace, hosts) -> {
      ServerSocketChannel server = namespace.call(() -> ServerSocketChannel.open());
      try (server) {
        server.bind(new InetSocketAddress(Bed.KERNEL, 7));
        for (int n = 0; n < 6; n++) {
          Host host = hosts.get(n % COUNT);
          try (SocketChannel client = host.openSocketChannel()) {
            if (n >= 4) {
              client.bind(new InetSocketAddress(5000 + n));
            }
            client.connect(new InetSocketAddress(Bed.KERNEL, 7));
            Future<Long> echoed =
                meanwhile(() -> {
                  try (SocketChannel accepted = server.accept()) {
                    return Pattern.echo(accepted);
                  }
                });
            Future<Void> sent =
                meanwhile(() -> {
                  Pattern.send(client, LENGTH);
                  client.shutdownOutput();
                });
            await(meanwhile(() -> Pattern.receive(client, LENGTH)));
            await(sent);
            await(echoed);
          }
          assertThat(host.ping(Ipv4Address.parse(Bed.KERNEL), Duration.ofSeconds(10))).isPresent();
        }
      }
    });
  }
}
