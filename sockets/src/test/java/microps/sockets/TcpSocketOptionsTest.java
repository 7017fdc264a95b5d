package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      "RFC 9293 3.7.1 with TCP_MAXSEG no segment of a connection is larger, on either side")
  void maxSegment() throws IOException {
    try (SocketChannel client = net.socket();
        ServerSocketChannel server = net.server()) {
      assertThat(client.getOption(TcpSocketOptions.TCP_MAXSEG)).isZero();
      client.setOption(TcpSocketOptions.TCP_MAXSEG, 1000);
      assertThat(client.getOption(TcpSocketOptions.TCP_MAXSEG)).isEqualTo(1000);
      client.connect(server.getLocalAddress());
      try (SocketChannel accepted = server.accept()) {
        assertThat(net.hosts.get(0).tcpInfo(client).orElseThrow().receiving().advertisedMss())
            .isEqualTo(1000);
        assertThat(net.hosts.get(1).tcpInfo(accepted).orElseThrow().sending().peerMss())
            .isEqualTo(1000);
      }
    }
    try (SocketChannel client = net.socket();
        ServerSocketChannel server = net.server()) {
      server.setOption(TcpSocketOptions.TCP_MAXSEG, 800);
      client.connect(server.getLocalAddress());
      assertThat(net.hosts.get(0).tcpInfo(client).orElseThrow().sending().peerMss()).isEqualTo(800);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 1, 87, 32_768, Integer.MAX_VALUE})
  void wrongSizesOfSegments(int size) throws IOException {
    for (NetworkChannel channel : List.of(net.socket(), net.unboundServer())) {
      channel.setOption(TcpSocketOptions.TCP_MAXSEG, 88);
      assertThatThrownBy(() -> channel.setOption(TcpSocketOptions.TCP_MAXSEG, size))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid TCP_MAXSEG value " + size + ": from 88 to 32767");
      assertThat(channel.getOption(TcpSocketOptions.TCP_MAXSEG)).isEqualTo(88);
      channel.setOption(TcpSocketOptions.TCP_MAXSEG, 32_767);
      channel.setOption(TcpSocketOptions.TCP_MAXSEG, 0);
      assertThat(channel.getOption(TcpSocketOptions.TCP_MAXSEG)).isZero();
    }
  }

  @Test
  void aBufferIsNoLargerThan64MiB() throws IOException {
    int most = 1 << 26;
    for (NetworkChannel channel : List.of(net.socket(), net.unboundServer(), net.datagrams())) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, most);
      assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(most);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, Integer.MAX_VALUE);
      assertThat(channel.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(most);
    }
    SocketChannel sender = net.socket();
    sender.setOption(StandardSocketOptions.SO_SNDBUF, most + 1);
    assertThat(sender.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(most);
  }

  @Test
  void withACorkSmallWritesBecomeOneSegment() throws IOException {
    Network.Pair pair = net.connect();
    assertThat(pair.client().getOption(TcpSocketOptions.TCP_CORK)).isFalse();
    pair.client().setOption(StandardSocketOptions.TCP_NODELAY, true);
    pair.client().setOption(TcpSocketOptions.TCP_CORK, true);
    assertThat(pair.client().getOption(TcpSocketOptions.TCP_CORK)).isTrue();
    for (int i = 0; i < 40; i++) {
      assertThat(pair.client().write(ByteBuffer.allocate(10))).isEqualTo(10);
    }
    pair.client().setOption(TcpSocketOptions.TCP_CORK, false);
    ByteBuffer in = ByteBuffer.allocate(400);
    while (in.hasRemaining()) {
      assertThat(pair.server().read(in)).isPositive();
    }
    // one; two where this machine paused for longer than an RTO meanwhile
    assertThat(net.hosts.get(0).tcpInfo(pair.client()).orElseThrow().counts().dataSegmentsSent())
        .isBetween(1L, 4L);
  }

  @Test
  void wrongValuesOfTheCork() throws IOException {
    try (SocketChannel channel = net.socket()) {
      assertThatThrownBy(() -> channel.setOption(TcpSocketOptions.TCP_CORK, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Invalid value 'null' of TCP_CORK");
    }
    assertThatThrownBy(() -> net.unboundServer().setOption(TcpSocketOptions.TCP_CORK, true))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("'TCP_CORK' not supported");
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
