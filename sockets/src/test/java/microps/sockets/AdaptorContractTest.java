package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.util.concurrent.TimeUnit;
import microps.sockets.Network.Pair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What `socket()` of a channel gives; the JDK's own does it too.
@ParameterizedClass
@EnumSource(Network.Kind.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AdaptorContractTest {
  private final Network net;

  AdaptorContractTest(Network.Kind kind) {
    net = kind.open();
  }

  @AfterEach
  void close() throws IOException {
    net.close();
  }

  @Test
  void streams() throws Exception {
    Pair pair = net.connect();
    Socket client = pair.client().socket();
    Socket server = pair.server().socket();
    assertThat(pair.client().socket()).isSameAs(client);
    OutputStream out = client.getOutputStream();
    InputStream in = server.getInputStream();
    out.write(new byte[] {1, 2, 3, (byte) 0xff});
    assertThat(in.readNBytes(3)).containsExactly(1, 2, 3);
    assertThat(in.read()).isEqualTo(0xff);
    out.write(7);
    assertThat(in.read()).isEqualTo(7);
    assertThat(in.available()).isZero();
    assertThat(in.read(new byte[0])).isZero();
    client.shutdownOutput();
    assertThat(in.read()).isEqualTo(-1);
    assertThat(client.isOutputShutdown()).isTrue();
    assertThat(client.isInputShutdown()).isFalse();
    assertThatThrownBy(client::getOutputStream).isInstanceOf(SocketException.class);
    server.close();
    assertThat(pair.server().isOpen()).isFalse();
    assertThat(server.isClosed()).isTrue();
    assertThatThrownBy(in::read).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void getters() throws Exception {
    Socket unconnected = net.socket().socket();
    assertThat(unconnected.isConnected()).isFalse();
    assertThat(unconnected.isBound()).isFalse();
    assertThat(unconnected.isClosed()).isFalse();
    assertThat(unconnected.getInetAddress()).isNull();
    assertThat(unconnected.getPort()).isZero();
    assertThat(unconnected.getLocalPort()).isEqualTo(-1);
    assertThat(unconnected.getRemoteSocketAddress()).isNull();
    assertThat(unconnected.getLocalSocketAddress()).isNull();
    assertThatThrownBy(unconnected::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(unconnected::shutdownInput).isInstanceOf(SocketException.class);

    Pair pair = net.connect();
    Socket client = pair.client().socket();
    assertThat(client.getChannel()).isSameAs(pair.client());
    assertThat(client.isConnected()).isTrue();
    assertThat(client.isBound()).isTrue();
    assertThat(client.getInetAddress()).isEqualTo(net.address);
    assertThat(client.getRemoteSocketAddress()).isEqualTo(pair.client().getRemoteAddress());
    assertThat(client.getLocalSocketAddress()).isEqualTo(pair.client().getLocalAddress());
    assertThat(client.getPort()).isEqualTo(pair.server().socket().getLocalPort());
    assertThat(client.getLocalPort()).isEqualTo(pair.server().socket().getPort());
  }

  @Test
  void options() throws Exception {
    Socket client = net.connect().client().socket();
    client.setTcpNoDelay(true);
    assertThat(client.getTcpNoDelay()).isTrue();
    client.setSoLinger(true, 3);
    assertThat(client.getSoLinger()).isEqualTo(3);
    client.setSoLinger(false, 0);
    assertThat(client.getSoLinger()).isEqualTo(-1);
    client.setKeepAlive(true);
    assertThat(client.getKeepAlive()).isTrue();
    client.setTrafficClass(8);
    assertThat(client.getTrafficClass()).isEqualTo(8);
    client.setReceiveBufferSize(100_000);
    assertThat(client.getReceiveBufferSize()).isPositive();
    client.setSendBufferSize(100_000);
    assertThat(client.getSendBufferSize()).isPositive();
    assertThatThrownBy(() -> client.setSoTimeout(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.setSendBufferSize(0))
        .isInstanceOf(IllegalArgumentException.class);
    client.close();
    assertThatThrownBy(() -> client.setTcpNoDelay(true)).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> client.setSoTimeout(1)).isInstanceOf(SocketException.class);
  }

  @Test
  @DisplayName("MUST-30 sendUrgentData: in line the octet is read like any other")
  void urgentData() throws Exception {
    Pair pair = net.connect();
    Socket client = pair.client().socket();
    Socket server = pair.server().socket();
    server.setOOBInline(true);
    assertThat(server.getOOBInline()).isTrue();
    client.getOutputStream().write(new byte[] {1, 2});
    client.sendUrgentData(0x103);
    client.getOutputStream().write(new byte[] {4});
    assertThat(server.getInputStream().readNBytes(4)).containsExactly(1, 2, 3, 4);
    client.close();
    assertThatThrownBy(() -> client.sendUrgentData(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.setOOBInline(true)).isInstanceOf(SocketException.class);
  }

  @Test
  void timeoutsEndTheCallAndNothingElse() throws Exception {
    Pair pair = net.connect();
    Socket client = pair.client().socket();
    client.setSoTimeout(20);
    assertThat(client.getSoTimeout()).isEqualTo(20);
    InputStream in = client.getInputStream();
    assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
    pair.server().socket().getOutputStream().write(5);
    assertThat(in.read()).isEqualTo(5);

    ServerSocket server = net.server().socket();
    server.setSoTimeout(20);
    assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    try (Socket another = net.socket().socket()) {
      another.connect(server.getLocalSocketAddress(), 20_000);
      server.setSoTimeout(0);
      try (Socket accepted = server.accept()) {
        assertThat(accepted.getRemoteSocketAddress()).isEqualTo(another.getLocalSocketAddress());
      }
    }
  }

  @Test
  void closeEndsATimedRead() throws Exception {
    Pair pair = net.connect();
    Socket client = pair.client().socket();
    client.setSoTimeout(30_000);
    InputStream in = client.getInputStream();
    Blocked<Integer> reader = Blocked.in(Thread.ofPlatform().daemon(), in::read);
    client.close();
    assertThat(reader.failure()).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void interruptEndsATimedReadOfAChannelsSocket() throws Exception {
    Pair pair = net.connect();
    Socket client = pair.client().socket();
    client.setSoTimeout(30_000);
    InputStream in = client.getInputStream();
    Blocked<Integer> reader = Blocked.in(Thread.ofPlatform().daemon(), in::read);
    reader.thread.interrupt();
    assertThat(reader.failure()).isInstanceOf(IOException.class);
    assertThat(reader.interruptedAfter()).isTrue();
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void connectingByTheSocket() throws Exception {
    Socket refused = net.socket().socket();
    assertThatThrownBy(() -> refused.connect(net.nobody())).isInstanceOf(ConnectException.class);
    assertThat(refused.isClosed()).isTrue();
    ServerSocket server = net.unboundServer().socket();
    assertThat(server.isBound()).isFalse();
    assertThat(server.getLocalPort()).isEqualTo(-1);
    assertThatThrownBy(server::accept).isInstanceOf(IOException.class);
    server.bind(new InetSocketAddress(net.address, 0), 5);
    assertThat(server.isBound()).isTrue();
    assertThat(server.getInetAddress()).isEqualTo(net.address);
    assertThatThrownBy(() -> server.bind(null)).isInstanceOf(SocketException.class);
    Socket client = net.socket().socket();
    client.connect(server.getLocalSocketAddress());
    assertThatThrownBy(() -> client.connect(server.getLocalSocketAddress()))
        .isInstanceOf(SocketException.class);
    try (Socket accepted = server.accept()) {
      assertThat(accepted.getChannel()).isNotNull();
    }
  }

  @Test
  void nonBlockingChannelsHaveNoBlockingStreams() throws Exception {
    Pair pair = net.connect();
    InputStream in = pair.client().socket().getInputStream();
    pair.client().configureBlocking(false);
    assertThatThrownBy(in::read).isInstanceOf(IllegalBlockingModeException.class);
    ServerSocket server = net.server().socket();
    server.getChannel().configureBlocking(false);
    assertThatThrownBy(server::accept).isInstanceOf(IllegalBlockingModeException.class);
  }
}
