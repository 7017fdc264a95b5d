package microps.core.ip;

import static microps.core.TestHost.SECOND;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.udp.UdpSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// "Fragmentation needed" and what is believed of it (RFC 1191).
class PathMtuTest {
  private static final String FAR = "198.51.100.7";

  private final TestHost host = TestHost.acquainted();
  private UdpSocket socket;

  @BeforeEach
  void connect() throws Exception {
    socket = host.stack.openUdp();
    socket.bind(new Endpoint(TestHost.ip("0.0.0.0"), 7));
    socket.settings().dontFragment = true;
    socket.connect(new Endpoint(TestHost.ip(FAR), 9));
  }

  /// The quote of a datagram of ours of 1,500 bytes.
  private byte[] quote() throws Exception {
    socket.send(ByteBuffer.allocate(1472), null, host.now);
    byte[] frame = host.raw().getFirst();
    assertThat(host.text(frame)).isEqualTo(US + " > " + FAR + " ttl=64 df udp 7 > 9 data=1472");
    return Arrays.copyOfRange(frame, 14, 42);
  }

  private byte[] needed(int mtu, byte[] quote) {
    return new Ip().from("203.0.113.5").icmp(3, 4, mtu, quote).frame();
  }

  @Test
  void theMessageLowersThePathMtu() throws Exception {
    host.in(needed(1400, quote()));
    assertThat(host.stack.pathMtus()).isEqualTo(1);
    assertThat(host.notes)
        .contains("[I] icmp: packet too big to 198.51.100.7, says 203.0.113.5, path MTU 1400");
    assertThatThrownBy(() -> socket.send(ByteBuffer.allocate(1), null, host.now))
        .as("told once, because the datagram is lost")
        .isInstanceOfSatisfying(
            SocketFailure.class,
            e -> assertThat(e.error()).isEqualTo(SocketError.MESSAGE_TOO_LONG));
    assertThatThrownBy(() -> socket.send(ByteBuffer.allocate(1373), null, host.now))
        .isInstanceOf(SocketFailure.class);
    assertThat(socket.send(ByteBuffer.allocate(1372), null, host.now)).isTrue();
    socket.settings().dontFragment = false;
    assertThat(socket.send(ByteBuffer.allocate(1400), null, host.now)).isTrue();
    assertThat(host.out())
        .containsExactly(
            US + " > " + FAR + " ttl=64 df udp 7 > 9 data=1372",
            US + " > " + FAR + " ttl=64 fragment 0+1376 more",
            US + " > " + FAR + " ttl=64 fragment 1376+32");
  }

  @Test
  @DisplayName("RFC 1191 6.3: after ten minutes it is forgotten")
  void itAges() throws Exception {
    host.in(needed(1400, quote()));
    host.pass(600 * SECOND - 1);
    assertThat(host.stack.pathMtus()).isEqualTo(1);
    host.pass(1);
    assertThat(host.stack.pathMtus()).isZero();
    assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
        .isInstanceOf(SocketFailure.class);
    assertThat(socket.send(ByteBuffer.allocate(1472), null, host.now)).isTrue();
  }

  @Test
  void itOnlyFalls() throws Exception {
    byte[] quote = quote();
    host.in(needed(1000, quote)).in(needed(1400, quote)).in(needed(1000, quote));
    assertThat(host.drops(DropReason.ICMP_BAD_QUOTE)).isEqualTo(2);
    host.in(needed(900, quote));
    assertThat(host.stack.pathMtus()).isEqualTo(1);
    assertThat(host.drops(DropReason.ICMP_BAD_QUOTE)).isEqualTo(2);
  }

  @Test
  @DisplayName("below 552 it is not believed; there routers may fragment instead")
  void theFloor() throws Exception {
    host.in(needed(68, quote()));
    assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
        .isInstanceOf(SocketFailure.class);
    assertThatThrownBy(() -> socket.send(ByteBuffer.allocate(525), null, host.now))
        .isInstanceOf(SocketFailure.class);
    socket.send(ByteBuffer.allocate(524), null, host.now);
    assertThat(host.out()).containsExactly(US + " > " + FAR + " ttl=64 udp 7 > 9 data=524");
  }

  @ParameterizedTest
  @DisplayName("RFC 1191 table 7-1: routers that do not say their MTU are guessed")
  @CsvSource({
    "0, 1500, 1492",
    "0, 1492, 1006",
    "0, 1006, 552",
    "0, 552, 552",
    "0, 65535, 32000",
    "0, 9000, 8166",
    "1400, 1500, 1400",
    "68, 1500, 552",
    "1, 1500, 552",
  })
  void estimates(int reported, int totalLength, int mtu) {
    assertThat(PathMtu.estimate(reported, totalLength)).isEqualTo(mtu);
  }

  @Test
  @DisplayName("RFC 5927: what cannot have been sent by us is not believed")
  void implausibleQuotes() throws Exception {
    byte[] quote = quote();
    byte[] otherPort = quote.clone();
    otherPort[21] = 8;
    byte[] otherPeer = quote.clone();
    otherPeer[23] = 10;
    byte[] otherSource = quote.clone();
    otherSource[15] = 3;
    byte[] noDontFragment = quote.clone();
    noDontFragment[6] = 0;
    byte[] later = quote.clone();
    later[7] = 1;
    byte[] otherProtocol = quote.clone();
    otherProtocol[9] = (byte) 132;
    byte[] oldVersion = quote.clone();
    oldVersion[0] = 0x65;
    byte[] shortHeader = quote.clone();
    shortHeader[0] = 0x44;
    byte[] longHeader = quote.clone();
    longHeader[0] = 0x4f;
    byte[] smallTotal = quote.clone();
    smallTotal[2] = 0;
    smallTotal[3] = 27;
    List<byte[]> implausible =
        List.of(
            otherPort,
            otherPeer,
            otherSource,
            noDontFragment,
            later,
            otherProtocol,
            oldVersion,
            shortHeader,
            longHeader,
            smallTotal,
            Arrays.copyOf(quote, 27),
            new byte[0]);
    implausible.forEach(q -> host.in(needed(1000, q)));
    host.in(needed(1500, quote)); // it would have fitted
    assertThat(host.stack.pathMtus()).isZero();
    assertThat(host.drops(DropReason.ICMP_NO_SOCKET)).as("ports and peer").isEqualTo(2);
    assertThat(host.drops(DropReason.ICMP_BAD_QUOTE)).isEqualTo(implausible.size() - 2 + 1);
    byte[] toAll = new Ip().to("192.0.2.255").icmp(3, 4, 1000, quote).frame();
    host.in(toAll);
    assertThat(host.stack.pathMtus()).isZero();
    assertThat(host.out()).isEmpty();
  }

  @Test
  void anUnknownCodeIsDropped() throws Exception {
    host.assertDropped(new Ip().icmp(3, 16, 0, quote()).frame(), DropReason.ICMP_UNKNOWN_TYPE);
    host.in(new Ip().icmp(11, 2, 0, quote()).frame());
    assertThat(host.drops(DropReason.ICMP_UNKNOWN_TYPE)).isEqualTo(2);
  }

  @Test
  @DisplayName("the table is bounded")
  void theTableIsBounded() {
    TimerQueue timers = new TimerQueue();
    int[] changes = {0};
    PathMtu table = new PathMtu(timers, () -> changes[0]++);
    for (int i = 0; i < PathMtu.LIMIT + 10; i++) {
      table.lower(new Ipv4Address(i), 1000, i);
    }
    assertThat(table.size()).isEqualTo(PathMtu.LIMIT);
    assertThat(changes[0]).isEqualTo(PathMtu.LIMIT + 10);
    assertThat(table.of(new Ipv4Address(9), 1500)).as("the oldest is gone").isEqualTo(1500);
    assertThat(table.of(new Ipv4Address(10), 1500)).isEqualTo(1000);
    assertThat(table.of(new Ipv4Address(10), 900)).as("the link's is smaller").isEqualTo(900);
    assertThat(timers.nextDeadline()).isEqualTo(10 + PathMtu.LIFETIME);
    timers.advance(500 + PathMtu.LIFETIME);
    assertThat(table.size()).isEqualTo(PathMtu.LIMIT + 10 - 501);
    timers.advance(10_000 + PathMtu.LIFETIME);
    assertThat(table.size()).isZero();
    assertThat(timers.size()).isZero();
  }
}
