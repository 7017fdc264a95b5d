package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import microps.linux.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands with each congestion control, against sockets of the kernel's.
class CongestionIT extends KernelTest {
  private static final int LENGTH = 10_000_000;

  private NetworkNamespace namespace;

  @BeforeEach
  void open() throws Exception {
    namespace = NetworkNamespace.create();
  }

  @AfterEach
  void close() {
    namespace.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "newreno", "bbr"})
  @DisplayName("tcps --congestion: 10 MB come back as they were sent")
  void server(String algorithm) throws Exception {
    try (Program server = Program.start(namespace, "tcps", "--congestion", algorithm, "7")) {
      server.untilItSays("listening");
      try (SocketChannel client = namespace.call(SocketChannel::open)) {
        client.connect(new InetSocketAddress(Bed.MICROPS, 7));
        Future<Void> sent =
            meanwhile(() -> {
              Pattern.send(client, LENGTH);
              client.shutdownOutput();
            });
        Future<Long> received = meanwhile(() -> Pattern.receiveToEnd(client, 0));
        await(sent);
        assertThat(await(received)).as(server.toString()).isEqualTo(LENGTH);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cubic", "newreno", "bbr"})
  @DisplayName("tcpc --congestion: 10 MB arrive as they were sent")
  void client(String algorithm) throws Exception {
    try (ServerSocketChannel server = namespace.call(ServerSocketChannel::open)) {
      server.bind(new InetSocketAddress("0.0.0.0", 5000));
      Future<Long> received =
          meanwhile(() -> {
            try (SocketChannel channel = server.accept()) {
              return Pattern.receiveToEnd(channel, 0);
            }
          });
      try (Program client =
          Program.start(namespace, "tcpc", "--congestion", algorithm, Bed.KERNEL + ":5000")) {
        try (OutputStream input = client.process().getOutputStream()) {
          for (int place = 0; place < LENGTH; place += Pattern.CHUNK) {
            Channels.newChannel(input).write(Pattern.at(place, LENGTH - place));
          }
        }
        assertThat(await(received)).as(client.toString()).isEqualTo(LENGTH);
        assertThat(client.exitCode()).as(client.toString()).isZero();
      }
    }
  }
}
