package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The options that only our channels have.
@Timeout(60)
class TcpSocketOptionsTest {
  private final Network net = Network.Kind.WIRE.open();

  @AfterEach
  void close() throws IOException {
    net.close();
  }

  @Test
  void valuesAreKept() throws IOException {
    SocketChannel channel = net.socket();
    assertThat(channel.getOption(TcpSocketOptions.TCP_USER_TIMEOUT)).isZero();
    channel.setOption(TcpSocketOptions.TCP_USER_TIMEOUT, 1500);
    assertThat(channel.getOption(TcpSocketOptions.TCP_USER_TIMEOUT)).isEqualTo(1500);
    assertThat(channel.getOption(TcpSocketOptions.TCP_FASTOPEN_CONNECT)).isFalse();
    ServerSocketChannel server = net.unboundServer();
    assertThat(server.getOption(TcpSocketOptions.TCP_FASTOPEN)).isZero();
    assertThatThrownBy(() -> server.setOption(TcpSocketOptions.TCP_FASTOPEN, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid TCP_FASTOPEN value -1");
    assertThatThrownBy(() -> channel.setOption(TcpSocketOptions.TCP_FASTOPEN, 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @DisplayName(
      "RFC 7413 with TCP_FASTOPEN and TCP_FASTOPEN_CONNECT connect, write and read as always")
  void fastOpen() throws IOException {
    ServerSocketChannel server = net.server();
    server.setOption(TcpSocketOptions.TCP_FASTOPEN, 16);
    for (int i = 0; i < 3; i++) {
      try (SocketChannel client = net.socket()) {
        client.setOption(TcpSocketOptions.TCP_FASTOPEN_CONNECT, true);
        assertThat(client.connect(server.getLocalAddress())).isTrue();
        assertThat(client.write(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
        try (SocketChannel accepted = server.accept()) {
          ByteBuffer in = ByteBuffer.allocate(3);
          while (in.hasRemaining()) {
            assertThat(accepted.read(in)).isPositive();
          }
          accepted.write(in.flip());
        }
        ByteBuffer back = ByteBuffer.allocate(10);
        while (client.read(back) >= 0) {
          // to the end
        }
        assertThat(back.position()).isEqualTo(3);
      }
    }
  }
}
