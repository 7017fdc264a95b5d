package microps.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The services over the JDK's own channels, on the loopback of this machine.
class ServiceTest {

  private interface Talk {
    void with(SocketChannel peer) throws Exception;
  }

  private static Service.Passed serve(Service service, Talk talk) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(any);
        SocketChannel client = SocketChannel.open(server.getLocalAddress());
        SocketChannel peer = server.accept()) {
      CompletableFuture<Service.Passed> passed = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            try (peer) {
              passed.complete(service.serve(peer));
            } catch (Throwable e) {
              passed.completeExceptionally(e);
            }
          });
      talk.with(client);
      return passed.get();
    }
  }

  private static String read(SocketChannel channel, int length) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // read on
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void echo() throws Exception {
    Service.Passed passed =
        serve(
            Service.ECHO,
            peer -> {
              peer.write(bytes("hello"));
              peer.shutdownOutput();
              assertThat(read(peer, 100)).isEqualTo("hello");
            });
    assertThat(passed).isEqualTo(new Service.Passed(5, 5));
  }

  @Test
  void discard() throws Exception {
    Service.Passed passed =
        serve(
            Service.DISCARD,
            peer -> {
              peer.write(bytes("hello"));
              peer.shutdownOutput();
              assertThat(read(peer, 100)).isEmpty();
            });
    assertThat(passed).isEqualTo(new Service.Passed(5, 0));
  }

  @Test
  void chargenTalksUntilThePeerHasEnough() throws Exception {
    Service.Passed passed =
        serve(
            Service.CHARGEN,
            peer -> {
              peer.write(bytes("ignored"));
              String text = read(peer, 74 * 96);
              assertThat(text).startsWith(" !\"#$%&'()*+,-./0123456789");
              assertThat(text.substring(74, 76)).isEqualTo("!\"");
              assertThat(text.substring(72, 74)).isEqualTo("\r\n");
              assertThat(text.substring(95 * 74)).isEqualTo(text.substring(0, 74));
              peer.close();
            });
    assertThat(passed.out()).isGreaterThanOrEqualTo(74 * 96);
  }

  @Test
  void answersToDatagrams() {
    ByteBuffer buffer = ByteBuffer.allocate(2000);
    buffer.put(bytes("hello")).flip();
    assertThat(Service.ECHO.answer(buffer)).isTrue();
    assertThat(buffer.remaining()).isEqualTo(5);
    assertThat(Service.DISCARD.answer(buffer)).isFalse();
    assertThat(Service.CHARGEN.answer(buffer)).isTrue();
    assertThat(StandardCharsets.US_ASCII.decode(buffer).toString()).isEqualTo(" !\"#$");
    buffer.clear();
    assertThat(Service.CHARGEN.answer(buffer)).isTrue();
    assertThat(buffer.remaining()).isEqualTo(512);
  }
}
