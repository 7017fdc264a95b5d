package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SplittableRandom;
import microps.core.address.Endpoint;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationTest {
  private static final long SECOND = 1_000_000_000L;

  private final TwoHosts hosts = new TwoHosts(1500);

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  /// As `isEqualTo`, without printing megabytes when it fails.
  private static void assertSame(byte[] seen, byte[] sent) {
    assertThat(seen.length).isEqualTo(sent.length);
    assertThat(java.util.Arrays.mismatch(seen, sent)).isEqualTo(-1);
  }

  private TcpSocket connect() throws SocketFailure {
    TcpSocket client = hosts.a.openTcp();
    client.connect(TwoHosts.SERVER, hosts.now);
    return client;
  }

  private TcpSocket accept(TcpListener listener) {
    hosts.run(10 * SECOND, () -> listener.readiness() != 0);
    return Objects.requireNonNull(listener.accept());
  }

  @Test
  void connectSendBothWaysClose() throws SocketFailure {
    TcpListener listener = hosts.listen();
    TcpSocket client = connect();
    TcpSocket server = accept(listener);
    assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);

    byte[] data = random(3_000_000);
    assertSame(hosts.send(client, server, data, 100 * SECOND), data);
    assertSame(hosts.send(server, client, data, 100 * SECOND), data);

    client.close(hosts.now);
    hosts.runFor(SECOND);
    assertThat(client.state()).isEqualTo(TcpState.FIN_WAIT_2);
    assertThat(server.read(ByteBuffer.allocate(1), hosts.now)).isEqualTo(-1);
    server.close(hosts.now);
    hosts.runFor(SECOND);
    assertThat(client.state()).isEqualTo(TcpState.TIME_WAIT);
    assertThat(server.state()).isEqualTo(TcpState.CLOSED);
    hosts.runFor(61 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.CLOSED);
    assertThat(hosts.a.pool().outstanding()).isZero();
    assertThat(hosts.b.pool().outstanding()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 20})
  void lossIsRepaired(int percent) throws SocketFailure {
    SplittableRandom dice = new SplittableRandom(percent);
    hosts.lost = p -> dice.nextInt(100) < percent;
    TcpListener listener = hosts.listen();
    TcpSocket client = connect();
    hosts.run(200 * SECOND, () -> listener.readiness() != 0);
    TcpSocket server = Objects.requireNonNull(listener.accept());

    byte[] data = random(300_000);
    assertSame(hosts.send(client, server, data, 2000 * SECOND), data);
    assertSame(hosts.send(server, client, data, 2000 * SECOND), data);
  }

  @Test
  void zeroWindowOpensAgain() throws SocketFailure {
    TcpListener listener = hosts.listen();
    listener.settings().receiveBuffer = 8192;
    TcpSocket client = connect();
    TcpSocket server = accept(listener);
    byte[] data = random(100_000);
    ByteBuffer source = ByteBuffer.wrap(data);
    client.write(source, hosts.now);
    hosts.runFor(3600 * SECOND);
    assertThat(client.state()).isEqualTo(TcpState.ESTABLISHED);
    assertThat(server.available()).isLessThanOrEqualTo(8192 + 1460);

    ByteBuffer target = ByteBuffer.allocate(data.length);
    hosts.run(
        3600 * SECOND,
        () -> {
          try {
            server.read(target, hosts.now);
            hosts.pump();
            return !target.hasRemaining();
          } catch (SocketFailure e) {
            throw new IllegalStateException(e);
          }
        });
    assertSame(target.array(), data);
  }

  @Test
  void refused() throws SocketFailure {
    TcpSocket client = hosts.a.openTcp();
    client.connect(new Endpoint(TwoHosts.SERVER.address(), 81), hosts.now);
    hosts.runFor(SECOND);
    assertThat(client.isConnecting()).isFalse();
    assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1), hosts.now))
        .isInstanceOf(SocketFailure.class)
        .hasMessage("Connection refused");
  }
}
