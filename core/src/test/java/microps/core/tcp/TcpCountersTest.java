package microps.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.stream.Stream;
import microps.core.address.Endpoint;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketFailure;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What counts under which name: a row for each drop and each event that happens to a connection
/// with a peer who speaks segment by segment.
class TcpCountersTest {
  private static final int ACK = TcpHeader.ACK;
  private static final int FAR = 8192;

  private final Stranger peer = new Stranger(TcpConfig.DEFAULT.with(c -> c.bufferMemory = 16_384));
  private TcpSocket socket;

  /// What happens.
  private interface Story {
    void tell(TcpCountersTest t) throws SocketFailure;
  }

  /// A connection from port 1 whose next octet is 1.
  ///
  /// @return the next sequence number that the stack will send
  private int connect(byte... options) throws SocketFailure {
    TcpListener listener = peer.listen(2);
    int ack = peer.connect(1, options);
    socket = Objects.requireNonNull(listener.accept());
    return ack;
  }

  private void write(int octets) throws SocketFailure {
    socket.write(ByteBuffer.allocate(octets), peer.now);
    peer.listenIn();
  }

  private static Arguments row(DropReason reason, Story story) {
    return Arguments.of(reason, story);
  }

  static Stream<Arguments> drops() {
    return Stream.of(
        // RFC 7323 3.2: once agreed upon, timestamps are in every segment
        row(
            DropReason.TCP_NO_TIMESTAMP,
            t -> t.peer.send(1, ACK, 1, t.connect(Stranger.TIMESTAMPS), 100)),
        // RFC 9293 3.10.7.4, fifth: if the ACK bit is off, drop the segment
        row(
            DropReason.TCP_NO_ACK,
            t -> {
              t.connect();
              t.peer.send(1, TcpHeader.PSH, 1, 0, 100);
            }),
        // 3.10.7.3, fourth: neither SYN nor RST
        row(
            DropReason.TCP_NO_ACK,
            t -> {
              TcpSocket opening = t.peer.stack.openTcp();
              opening.bind(new Endpoint(Stranger.US, 1000));
              opening.connect(new Endpoint(Stranger.THEM, 9), t.peer.now);
              t.peer.listenIn();
              t.peer.send(9, 1000, TcpHeader.PSH, 0, 0, 0);
            }),
        // SHLD-3: text for a user who has closed
        row(
            DropReason.TCP_AFTER_CLOSE,
            t -> {
              int ack = t.connect();
              t.socket.close(t.peer.now);
              t.peer.listenIn();
              t.peer.send(1, ACK, 1, ack + 1, 100);
              assertThat(t.peer.last().flags() & TcpHeader.RST).isNotZero();
            }),
        // out of order, and further away than there is memory for
        row(DropReason.TCP_NO_MEMORY, t -> t.peer.send(1, ACK, 1 + 3 * FAR, t.connect(), 100)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drops")
  @DisplayName("a segment that is dropped is counted once, under the name of its reason")
  void dropped(DropReason reason, Story story) throws SocketFailure {
    story.tell(this);
    assertThat(peer.count(reason)).isOne();
    assertThat(peer.stack.counters().drops()).as("and under no other").isOne();
    if (socket != null) {
      assertThat(socket.available()).isZero();
    }
  }

  private static Arguments row(Counter counter, int times, Story story) {
    return Arguments.of(counter, times, story);
  }

  static Stream<Arguments> counters() {
    return Stream.of(
        // what is out of order gives way to what another connection has in order
        row(
            Counter.TCP_PRUNED,
            1,
            t -> {
              int ack = t.connect();
              int other = t.peer.connect(2);
              t.peer.send(2, ACK, 1 + FAR, other, 100);
              for (int at = 1; at < 1 + FAR; at += 1024) {
                t.peer.send(1, ACK, at, ack, 1024);
              }
              assertThat(t.socket.available()).isEqualTo(FAR);
            }),
        // SHLD-29, SHLD-30: after an RTO, and after the double
        row(
            Counter.TCP_ZERO_WINDOW_PROBES,
            2,
            t -> {
              int ack = t.connect();
              t.peer.window = 0;
              t.peer.send(1, ACK, 1, ack, 0);
              t.write(100);
              t.peer.pass(Stranger.SECOND);
            }),
        // SHLD-12
        row(
            Counter.TCP_KEEP_ALIVES,
            3,
            t -> {
              t.connect();
              TcpSettings settings = t.socket.settings();
              settings.keepAlive = true;
              settings.keepAliveIdle = 10 * Stranger.SECOND;
              settings.keepAliveInterval = Stranger.SECOND;
              t.socket.settingsChanged(t.peer.now);
              t.peer.pass(12 * Stranger.SECOND + 1);
            }),
        // MUST-32: more became urgent, and once more
        row(
            Counter.TCP_URGENT_RECEIVED,
            2,
            t -> {
              int ack = t.connect();
              t.peer.urgent = 10;
              t.peer.send(1, ACK | TcpHeader.URG, 1, ack, 20);
              t.peer.send(1, ACK | TcpHeader.URG, 1, ack, 20);
              t.peer.send(1, ACK | TcpHeader.URG, 21, ack, 20);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counters")
  @DisplayName("what happens is counted as often as it happens")
  void counted(Counter counter, int times, Story story) throws SocketFailure {
    story.tell(this);
    assertThat(peer.count(counter)).isEqualTo(times);
  }
}
