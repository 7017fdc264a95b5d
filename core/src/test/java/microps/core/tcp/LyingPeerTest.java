package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import microps.core.address.Endpoint;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What a peer may say against the rules, and what must not come of it.
class LyingPeerTest {
  private static final int SYN = TcpHeader.SYN;
  private static final int ACK = TcpHeader.ACK;

  private final Stranger stranger = new Stranger(TcpConfig.DEFAULT);

  /// A connection opened by us, from port 1000 to the stranger's port 9: its SYN is on the way.
  private TcpSocket connecting(int receiveBuffer) throws SocketFailure {
    TcpSocket socket = stranger.stack.openTcp();
    socket.settings().receiveBuffer = receiveBuffer;
    socket.bind(new Endpoint(Stranger.US, 1000));
    socket.connect(new Endpoint(Stranger.THEM, 9), stranger.now);
    stranger.listenIn();
    return socket;
  }

  @Test
  @DisplayName("RFC 7323, section 5.3: a segment outside the window does not move TS.Recent")
  void timestampOutsideTheWindow() throws SocketFailure {
    Stranger stranger = new Stranger(TcpConfig.DEFAULT);
    TcpListener listener = stranger.listen(2);
    int ack = stranger.connect(1, Stranger.TIMESTAMPS);
    TcpSocket socket = Objects.requireNonNull(listener.accept());
    byte[] future = {1, 1, 8, 10, 0x40, 0, 0, 1, 0, 0, 0, 0};
    stranger.send(1, ACK, -2_000_000, ack, 100, future);
    assertThat(stranger.count(DropReason.TCP_OUTSIDE_WINDOW)).isEqualTo(1);

    stranger.send(1, ACK, 1, ack, 100, Stranger.TIMESTAMPS);
    assertThat(stranger.count(DropReason.TCP_PAWS)).isZero();
    assertThat(socket.available()).isEqualTo(100);
  }

  @Test
  @DisplayName(
      "RFC 7323, section 2.2: the window of a SYN-ACK is not scaled, where SYNs crossed too")
  void windowOfACrossedSynAck() throws SocketFailure {
    TcpSocket socket = connecting(1 << 20);
    int iss = stranger.last().seq();
    byte[] scale = {1, 3, 3, 7};
    stranger.send(9, 1000, SYN, 0, 0, 0, scale);
    stranger.send(9, 1000, SYN | ACK, 0, iss + 1, 0, scale);
    assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
    assertThat(Objects.requireNonNull(socket.status()).sendWindow()).isEqualTo(0xffff);
  }

  @Test
  @DisplayName("A SYN-ACK with more text than the SYN had offered room for: the rest is cut off")
  void textBeyondTheWindowOfTheSyn() throws SocketFailure {
    TcpSocket socket = connecting(2048);
    stranger.send(9, 1000, SYN | ACK, 0, stranger.last().seq() + 1, 2100);
    assertThat(stranger.last().ack()).isEqualTo(1 + 2048);
    assertThat(stranger.last().window()).isZero();
    assertThat(socket.available()).isEqualTo(2048);
  }

  @Test
  @DisplayName("3.10.7.4, fifth: a window counts only where SND.UNA =< SEG.ACK")
  void windowOfAnOldAck() throws SocketFailure {
    TcpListener listener = stranger.listen(2);
    listener.settings().noDelay = true;
    int ack = stranger.connect(1);
    TcpSocket socket = Objects.requireNonNull(listener.accept());
    socket.write(ByteBuffer.allocate(1000), stranger.now);
    stranger.listenIn();
    stranger.window = 0;
    stranger.send(1, ACK, 1, ack + 1000, 0);
    socket.write(ByteBuffer.allocate(1000), stranger.now);
    stranger.listenIn();
    int sent = stranger.heard.size();

    stranger.window = 500; // up to ack + 500: less than was acknowledged since
    stranger.send(1, ACK, 2, ack, 1);
    assertThat(stranger.heard.subList(sent, stranger.heard.size())).allMatch(h -> h.length() == 0);
    assertThat(Objects.requireNonNull(socket.status()).sendWindow()).isZero();
  }

  @Test
  @DisplayName("Sequence numbers come round after 4 GiB, to the ISS itself too")
  void theIssOnceMore() {
    Sender snd = new Sender(BufferMemory.unlimited());
    snd.start(-5);
    snd.nxt = -4;
    snd.acknowledge(-4);
    assertThat(snd.dataStart()).isEqualTo(-4);
    snd.una = snd.iss - 1; // many acknowledgments later
    snd.buffer.write(ByteBuffer.allocate(1), 1);
    snd.nxt = snd.iss;
    snd.acknowledge(snd.nxt);
    assertThat(snd.una).isEqualTo(snd.iss);
    assertThat(snd.dataStart()).isEqualTo(snd.iss);
  }
}
