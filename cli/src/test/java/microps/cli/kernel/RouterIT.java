package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import microps.core.address.Cidr;
import microps.core.device.Device;
import microps.core.device.DeviceOptions;
import microps.linux.LinuxDeviceProvider;
import microps.linux.NetworkNamespace;
import microps.sockets.Host;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Two kernels, each in a network of its own, and a microps host between them that forwards.
@RealDevices(programs = "ping")
class RouterIT extends KernelTest {
  private static final int LENGTH = 20_000_000;
  private static final String NEAR = "192.0.2.1";
  private static final String FAR = "198.51.100.1";

  private NetworkNamespace near;
  private NetworkNamespace far;
  private Host router;

  @BeforeEach
  void start() throws Exception {
    near = NetworkNamespace.create();
    far = NetworkNamespace.create();
    router =
        Host.builder()
            .device(tap(near, "tap0", NEAR, 1500))
            .address("192.0.2.2/24")
            .device(tap(far, "tap1", FAR, 1000))
            .address("198.51.100.2/24")
            .forwarding(true)
            .trace(new Recent())
            .start();
    near.execute("ip", "route", "add", "default", "via", "192.0.2.2");
    far.execute("ip", "route", "add", "default", "via", "198.51.100.2");
  }

  private static Device tap(NetworkNamespace namespace, String name, String peer, int mtu)
      throws Exception {
    Bed.set(namespace, "ipv6/conf/default/disable_ipv6", "1");
    DeviceOptions options = new DeviceOptions(null, mtu, Cidr.parse(peer + "/24"), false, true);
    return namespace.call(() -> new LinuxDeviceProvider().open("tap", name, options));
  }

  @AfterEach
  void stop() {
    router.close();
    near.close();
    far.close();
  }

  /// What ping prints, whether it got an answer or not.
  private String ping(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 6];
    String[] common = {"ping", "-n", "-c", "3", "-l", "3"};
    System.arraycopy(common, 0, command, 0, common.length);
    System.arraycopy(arguments, 0, command, common.length, arguments.length);
    try {
      return near.execute(command);
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  @DisplayName("a ping comes through, one hop shorter, in fragments where the next link is smaller")
  void ping() throws Exception {
    assertThat(ping(FAR)).contains(" 0% packet loss", "ttl=63");
    assertThat(ping("-M", "dont", "-s", "1400", FAR)).contains(" 0% packet loss");
    assertThat(ping("-M", "dont", "-s", "60000", FAR)).contains(" 0% packet loss");
  }

  @Test
  @DisplayName("what cannot go on is told to the sender")
  void errors() throws Exception {
    assertThat(ping("-W", "1", "-t", "1", FAR)).contains("From 192.0.2.2", "Time to live exceeded");
    assertThat(ping("-W", "1", "-M", "do", "-s", "1400", FAR)).contains("mtu", "1000");
    assertThat(ping("-W", "1", "203.0.113.1"))
        .contains("From 192.0.2.2", "Destination Net Unreachable");
    assertThat(ping("-W", "20", "198.51.100.99"))
        .contains("From 192.0.2.2", "Destination Host Unreachable");
  }

  @Test
  @DisplayName("two kernels' TCPs talk through it: echo of 20 MB")
  void echo() throws Exception {
    try (ServerSocketChannel server = far.call(ServerSocketChannel::open);
        SocketChannel client = near.call(SocketChannel::open)) {
      server.bind(new InetSocketAddress(FAR, 7));
      client.connect(new InetSocketAddress(FAR, 7));
      Future<Long> echoed =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.echo(channel);
            }
          });
      Future<Void> sent =
          meanwhile(() -> {
            Pattern.send(client, LENGTH);
            client.shutdownOutput();
          });
      Future<Long> received = meanwhile(() -> Pattern.receiveToEnd(client, 0));
      await(sent);
      assertThat(await(received)).isEqualTo(LENGTH);
      await(echoed);
    }
    assertThat(router.status().counters().get("ip-forwarded")).isGreaterThan(LENGTH / 65_536);
    assertThat(router.status().counters().get("tcp-segments-received")).isZero();
  }
}
