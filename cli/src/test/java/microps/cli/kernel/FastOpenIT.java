package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import microps.sockets.TcpSocketOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// TCP Fast Open (RFC 7413): the first connection brings the cookie, the second text in its SYN.
class FastOpenIT extends KernelTest {
  private static final String REQUEST = "What is in a SYN?";
  private static final String ANSWER = "Text.";

  /// Client and server, and of the server all listeners, without an option of theirs.
  private static final String EVERYWHERE = "1027";

  @Test
  @DisplayName("RFC 7413 4.2: the kernel's server gives us a cookie and takes text with our SYN")
  void kernelServes() throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    Bed.set(bed.namespace, "ipv4/tcp_fastopen", EVERYWHERE);
    try (ServerSocketChannel server = bed.kernel.listen(80)) {
      for (int i = 0; i < 2; i++) {
        assertThat(bed.count("tcp-fast-opens-acknowledged")).isZero();
        Future<Void> served = meanwhile(() -> serve(server));
        try (SocketChannel client = bed.microps.openSocket()) {
          client.setOption(TcpSocketOptions.TCP_FASTOPEN_CONNECT, true);
          client.connect(bed.kernel.at(80));
          client.write(bytes(REQUEST));
          assertThat(readAll(client)).isEqualTo(ANSWER);
          assertThat(bed.host.tcpInfo(client).orElseThrow().options().fastOpen()).isEqualTo(i == 1);
        }
        await(served);
      }
    }
    assertThat(bed.count("tcp-fast-opens-acknowledged")).isEqualTo(1);
    assertThat(bed.kernelCount("TcpExt.TCPFastOpenCookieReqd")).isEqualTo(1);
    assertThat(bed.kernelCount("TcpExt.TCPFastOpenPassive")).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 7413 4.1: we give the kernel's client a cookie and take text with its SYN")
  void weServe() throws Exception {
    Bed bed = bed(DeviceKind.TAP);
    Bed.set(bed.namespace, "ipv4/tcp_fastopen", EVERYWHERE);
    try (ServerSocketChannel server = bed.microps.openServer()) {
      server.setOption(TcpSocketOptions.TCP_FASTOPEN, 16);
      server.bind(bed.microps.at(80));
      for (int i = 0; i < 2; i++) {
        assertThat(bed.count("tcp-fast-opens-accepted")).isZero();
        Future<Void> served = meanwhile(() -> serve(server));
        Future<String> answer =
            meanwhile(() ->
                bed.namespace.call(
                    () -> FastOpenClient.ask(Bed.MICROPS, 80, REQUEST, ANSWER.length())));
        assertThat(await(answer)).isEqualTo(ANSWER);
        await(served);
      }
    }
    assertThat(bed.count("tcp-fast-opens-accepted")).isEqualTo(1);
    assertThat(bed.kernelCount("TcpExt.TCPFastOpenActive")).isEqualTo(1);
    assertThat(bed.kernelCount("TcpExt.TCPFastOpenActiveFail")).isZero();
  }

  private static void serve(ServerSocketChannel server) throws Exception {
    try (SocketChannel channel = server.accept()) {
      ByteBuffer request = ByteBuffer.allocate(REQUEST.length());
      while (request.hasRemaining() && channel.read(request) >= 0) {
        // goes on
      }
      assertThat(text(request)).isEqualTo(REQUEST);
      channel.write(bytes(ANSWER));
    }
  }

  private static String readAll(SocketChannel channel) throws Exception {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    while (channel.read(buffer) >= 0) {
      // goes on
    }
    return text(buffer);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String text(ByteBuffer buffer) {
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
  }
}
