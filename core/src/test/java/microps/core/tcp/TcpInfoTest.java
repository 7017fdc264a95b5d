package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.Test;

class TcpInfoTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1000 * MS;

  private final TwoHosts hosts = new TwoHosts(1500);
  private final TcpSocket client = hosts.a.openTcp();
  private TcpSocket server;

  private void connect() throws SocketFailure {
    TcpListener listener = hosts.listen();
    client.connect(TwoHosts.SERVER, hosts.now);
    hosts.run(SECOND, () -> listener.readiness() != 0);
    server = Objects.requireNonNull(listener.accept());
  }

  private TcpInfo infoOf(TcpSocket socket) {
    return Objects.requireNonNull(socket.info(hosts.now));
  }

  @Test
  void thereIsNoneBeforeConnect() {
    assertThat(client.info(hosts.now)).isNull();
  }

  @Test
  void whatTheSynsAgreedOn() throws SocketFailure {
    connect();
    TcpInfo info = infoOf(client);
    assertThat(info.state()).isEqualTo(TcpState.ESTABLISHED);
    assertThat(info.local()).isEqualTo(infoOf(server).remote());
    assertThat(info.options().timestamps()).isTrue();
    assertThat(info.options().sack()).isTrue();
    assertThat(info.options().windowScaling()).isTrue();
    assertThat(info.options().receiveShift()).isEqualTo(infoOf(server).options().sendShift());
    assertThat(info.roundTrip().smoothed()).isEqualTo(10 * MS);
    assertThat(info.roundTrip().variation()).isEqualTo(5 * MS);
    assertThat(info.sending().mss()).isEqualTo(1448);
    assertThat(info.sending().pathMtu()).isEqualTo(1500);
    assertThat(info.receiving().advertisedMss()).isEqualTo(1460);
    assertThat(info.times().sinceDataSent()).isEqualTo(-1);
    assertThat(info.times().sinceDataReceived()).isEqualTo(-1);
  }

  @Test
  void everyNumberHasItsSource() throws SocketFailure {
    connect();
    client.write(ByteBuffer.allocate(20_000), hosts.now);
    hosts.pump();
    TcpInfo info = infoOf(client);
    int flight = info.sending().flight();
    assertThat(flight).isPositive();
    assertThat(info.sending().unsent()).isEqualTo(20_000 - flight);
    assertThat(info.recovery().pipe()).isEqualTo(flight);
    assertThat(info.buffers().send()).isGreaterThanOrEqualTo(20_000);
    hosts.runFor(SECOND);
    info = infoOf(client);
    assertThat(info.counts().bytesSent()).isEqualTo(20_000);
    assertThat(info.counts().bytesAcked()).isEqualTo(20_000);
    assertThat(info.counts().dataSegmentsSent()).isEqualTo(14);
    assertThat(info.counts().segmentsSent()).isEqualTo(16); // SYN, ACK
    assertThat(info.counts().retransmits()).isZero();
    assertThat(info.times().sinceDataSent()).isBetween(900 * MS, SECOND);
    TcpInfo peer = infoOf(server);
    assertThat(peer.counts().bytesReceived()).isEqualTo(20_000);
    assertThat(peer.counts().dataSegmentsReceived()).isEqualTo(14);
    assertThat(peer.counts().segmentsSent()).isEqualTo(info.counts().segmentsReceived());
    assertThat(peer.receiving().readable()).isEqualTo(20_000);
    assertThat(peer.receiving().mss()).isEqualTo(1448);
    assertThat(peer.buffers().receive()).isGreaterThanOrEqualTo(20_000);
    assertThat(peer.times().sinceDataReceived()).isBetween(900 * MS, SECOND);
  }

  @Test
  void whatIsLostAndSentAgain() throws SocketFailure {
    connect();
    hosts.lost = p -> true;
    client.write(ByteBuffer.allocate(1000), hosts.now);
    hosts.runFor(5 * SECOND);
    TcpInfo info = infoOf(client);
    assertThat(info.counts().timeouts()).isPositive();
    assertThat(info.roundTrip().backOffs()).isEqualTo((int) info.counts().timeouts());
    assertThat(info.counts().retransmits()).isPositive();
    assertThat(info.counts().bytesRetransmitted()).isEqualTo(1000 * info.counts().retransmits());
    assertThat(info.counts().bytesSent()).isEqualTo(1000 + info.counts().bytesRetransmitted());
  }
}
