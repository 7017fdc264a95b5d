package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Two microps processes, each on a TAP of its own; a bridge of the kernel joins the two.
class BridgeIT extends KernelTest {
  private static final long LENGTH = 50_000_000;
  private static final String[] SERVER = {
    "-d", "tap:tap0", "--address", "192.0.2.2/24", "--gateway", "none"
  };
  private static final String[] CLIENT = {
    "-d", "tap:tap1", "--address", "192.0.2.3/24", "--mac", "00:00:5e:00:53:02", "--gateway", "none"
  };

  private NetworkNamespace namespace;

  @BeforeEach
  void bridge() throws Exception {
    namespace = NetworkNamespace.create();
    Bed.set(namespace, "ipv6/conf/default/disable_ipv6", "1");
    namespace.execute("ip", "link", "add", "br0", "type", "bridge");
    namespace.execute("ip", "link", "set", "br0", "up");
    for (String tap : new String[] {"tap0", "tap1"}) {
      namespace.execute("ip", "tuntap", "add", "mode", "tap", "dev", tap);
      namespace.execute("ip", "link", "set", tap, "master", "br0");
      namespace.execute("ip", "link", "set", tap, "up");
    }
  }

  @AfterEach
  void closeNamespace() {
    namespace.close();
  }

  private Program start(String[] device, String... command) throws Exception {
    String[] arguments = new String[command.length + device.length];
    arguments[0] = command[0];
    System.arraycopy(device, 0, arguments, 1, device.length);
    System.arraycopy(command, 1, arguments, 1 + device.length, command.length - 1);
    return Program.start(namespace, arguments);
  }

  @Test
  @DisplayName("tcpc sends 50 MB to tcps, which echoes them; then ping, without a loss")
  void talk() throws Exception {
    try (Program server = start(SERVER, "tcps", "7")) {
      server.untilItSays("listening");
      try (Program client = start(CLIENT, "tcpc", "192.0.2.2:7")) {
        Future<Void> sent =
            meanwhile(() -> {
              try (OutputStream out = client.process().getOutputStream()) {
                for (long i = 0; i < LENGTH; ) {
                  ByteBuffer chunk = Pattern.at(i, LENGTH - i);
                  out.write(chunk.array(), chunk.arrayOffset(), chunk.remaining());
                  i += chunk.remaining();
                }
              }
            });
        Future<Long> received = meanwhile(() -> receive(client.process().getInputStream()));
        await(sent);
        assertThat(await(received)).as(client.toString()).isEqualTo(LENGTH);
        assertThat(client.exitCode()).as(client.toString()).isZero();
        server.untilItSays("closed 192.0.2.3");
      }
      try (Program ping = start(CLIENT, "ping", "-c", "10", "-i", "0.01", "192.0.2.2")) {
        String printed =
            new String(ping.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ping.exitCode()).as(ping + printed).isZero();
        assertThat(printed).contains("10 received, 0% packet loss");
      }
    }
  }

  private static long receive(InputStream in) throws Exception {
    byte[] bytes = new byte[Pattern.CHUNK];
    long place = 0;
    for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
      Pattern.check(place, ByteBuffer.wrap(bytes, 0, n));
      place += n;
    }
    return place;
  }

  @Test
  @DisplayName("udpc sends to udps, which echoes")
  void datagrams() throws Exception {
    try (Program server = start(SERVER, "udps", "7")) {
      server.untilItSays("receiving");
      try (Program client = start(CLIENT, "udpc", "-w", "60", "192.0.2.2:7")) {
        byte[] sent = "hello, datagram".getBytes(StandardCharsets.US_ASCII);
        client.process().getOutputStream().write(sent);
        client.process().getOutputStream().flush();
        Future<byte[]> back =
            meanwhile(() -> client.process().getInputStream().readNBytes(sent.length));
        assertThat(await(back)).as(client.toString()).isEqualTo(sent);
      }
    }
  }
}
