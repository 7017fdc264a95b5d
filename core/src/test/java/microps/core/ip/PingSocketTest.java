package microps.core.ip;

import static microps.core.TestHost.PEER;
import static microps.core.TestHost.SECOND;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketFailure;
import microps.core.device.Nic;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PingSocketTest {
  private final TestHost host = TestHost.acquainted();
  private final PingSocket ping = host.stack.openPing();
  private int identifier;

  private boolean send(String to, int sequence, int length) throws SocketFailure {
    return ping.send(TestHost.ip(to), sequence, ByteBuffer.allocate(length), 64, host.now);
  }

  private byte[] sent(String to, int sequence) throws SocketFailure {
    assertThat(send(to, sequence, 8)).isTrue();
    byte[] frame = host.raw().getFirst();
    identifier = (frame[38] & 0xff) << 8 | frame[39] & 0xff;
    return frame;
  }

  @Test
  void aRequestIsAnswered() throws Exception {
    assertThat(host.text(sent(PEER, 9)))
        .isEqualTo("192.0.2.2 > 192.0.2.1 ttl=64 echo-request seq=9 data=8");
    host.now += 5000;
    byte[] data = {1, 2, 3, 4, 5, 6, 7, 8};
    host.in(new Ip().ttl(61).icmp(0, 0, identifier << 16 | 9, data).frame());
    assertThat(host.changed).containsExactly(ping);
    assertThat(ping.readiness() & PingSocket.READABLE).isNotZero();
    PingSocket.Answer answer = ping.receive();
    assertThat(answer.from()).isEqualTo(TestHost.ip(PEER));
    assertThat(answer.sequence()).isEqualTo(9);
    assertThat(answer.hopLimit()).isEqualTo(61);
    assertThat(answer.arrival()).isEqualTo(host.now);
    assertThat(answer.payload()).isEqualTo(data);
    assertThat(answer.error()).isNull();
    assertThat(ping.receive()).isNull();
    assertThat(ping.readiness() & PingSocket.READABLE).isZero();
  }

  @Test
  void eachHasItsOwnIdentifier() throws Exception {
    sent(PEER, 1);
    PingSocket other = host.stack.openPing();
    other.send(TestHost.ip(PEER), 1, ByteBuffer.allocate(0), 64, host.now);
    host.in(new Ip().icmp(0, 0, identifier << 16 | 1, new byte[8]).frame());
    assertThat(other.receive()).isNull();
    assertThat(ping.receive()).isNotNull();
  }

  @Test
  void ourselves() throws Exception {
    send(US, 3, 20);
    send("127.0.0.1", 4, 20);
    assertThat(host.out()).isEmpty();
    assertThat(ping.receive().from()).isEqualTo(TestHost.ip(US));
    assertThat(ping.receive().from()).isEqualTo(TestHost.ip("127.0.0.1"));
  }

  @ParameterizedTest
  @DisplayName("errors come back by what they quote")
  @CsvSource({
    "3, 0, NETWORK_UNREACHABLE",
    "3, 1, HOST_UNREACHABLE",
    "3, 2, PROTOCOL_UNREACHABLE",
    "3, 3, PORT_UNREACHABLE",
    "3, 5, HOST_UNREACHABLE",
    "3, 6, NETWORK_UNREACHABLE",
    "3, 7, HOST_UNREACHABLE",
    "3, 8, HOST_UNREACHABLE",
    "3, 9, NETWORK_UNREACHABLE",
    "3, 10, HOST_UNREACHABLE",
    "3, 11, NETWORK_UNREACHABLE",
    "3, 12, HOST_UNREACHABLE",
    "3, 13, HOST_UNREACHABLE",
    "3, 14, HOST_UNREACHABLE",
    "3, 15, HOST_UNREACHABLE",
    "11, 0, TIME_EXCEEDED",
    "11, 1, TIME_EXCEEDED",
    "12, 0, PARAMETER_PROBLEM",
    "12, 1, PARAMETER_PROBLEM",
  })
  void errors(int type, int code, IcmpError.Kind kind) throws Exception {
    byte[] frame = sent("198.51.100.7", 9);
    byte[] quote = Arrays.copyOfRange(frame, 14, 42);
    host.in(new Ip().from("203.0.113.5").icmp(type, code, 0, quote).frame());
    PingSocket.Answer answer = ping.receive();
    assertThat(answer.error()).isEqualTo(kind);
    assertThat(answer.from()).isEqualTo(TestHost.ip("203.0.113.5"));
    assertThat(answer.sequence()).isEqualTo(9);
    assertThat(answer.payload()).isEmpty();
    assertThat(host.stack.counters().of(Counter.ICMP_ERRORS_RECEIVED)).isEqualTo(1);
  }

  @Test
  @DisplayName("the path MTU is lowered by an error about a request of ours, not by another")
  void fragmentationNeeded() throws Exception {
    sent("198.51.100.7", 9);
    send("198.51.100.7", 10, 1472);
    byte[] large = Arrays.copyOfRange(host.raw().getFirst(), 14, 42);
    large[6] = 0x40; // as if DF had been set
    byte[] otherIdentifier = large.clone();
    otherIdentifier[25] ^= 1;
    host.in(new Ip().icmp(3, 4, 1400, otherIdentifier).frame());
    byte[] reply = large.clone();
    reply[20] = 0;
    host.in(new Ip().icmp(3, 4, 1400, reply).frame());
    assertThat(host.drops(DropReason.ICMP_NO_SOCKET)).isEqualTo(2);
    assertThat(host.stack.pathMtus()).isZero();
    assertThat(ping.receive()).isNull();
    host.in(new Ip().icmp(3, 4, 1400, large).frame());
    assertThat(host.stack.pathMtus()).isEqualTo(1);
    assertThat(ping.receive().error()).isEqualTo(IcmpError.Kind.PACKET_TOO_BIG);
  }

  @Test
  void nobodyAnswersAtTheNextHop() throws Exception {
    send("192.0.2.77", 9, 8);
    host.pass(3 * SECOND);
    assertThat(ping.receive().error()).isEqualTo(IcmpError.Kind.HOST_UNREACHABLE);
  }

  @Test
  @DisplayName("answers that wait are bounded")
  void theQueueIsBounded() throws Exception {
    sent(PEER, 1);
    for (int i = 0; i < 70; i++) {
      host.in(new Ip().icmp(0, 0, identifier << 16 | i, new byte[8]).frame());
    }
    assertThat(host.drops(DropReason.ICMP_RECEIVE_QUEUE_FULL)).isEqualTo(6);
    int received = 0;
    while (ping.receive() != null) {
      received++;
    }
    assertThat(received).isEqualTo(PingSocket.MAX_ANSWERS);
  }

  @Test
  void whereThereIsNoRoomItWaits() throws Exception {
    int taken = 0;
    while (send(PEER, taken, 8)) {
      taken++;
    }
    assertThat(taken).isEqualTo(Nic.ROOM);
    assertThat(ping.readiness() & PingSocket.WRITABLE).isZero();
    host.changed.clear();
    host.out();
    assertThat(host.changed).contains(ping);
    assertThat(ping.readiness() & PingSocket.WRITABLE).isNotZero();
    assertThat(send(PEER, taken, 8)).isTrue();
  }

  @Test
  void failures() throws Exception {
    host.stack.removeRoute(host.stack.routes().getLast());
    for (var e :
        List.of(
            java.util.Map.entry("203.0.113.1", SocketError.NETWORK_UNREACHABLE),
            java.util.Map.entry("0.0.0.0", SocketError.NETWORK_UNREACHABLE))) {
      assertThatThrownBy(() -> send(e.getKey(), 1, 8))
          .isInstanceOfSatisfying(
              SocketFailure.class, f -> assertThat(f.error()).isEqualTo(e.getValue()));
    }
    assertThatThrownBy(() -> send(PEER, 1, 65_508))
        .isInstanceOfSatisfying(
            SocketFailure.class,
            f -> assertThat(f.error()).isEqualTo(SocketError.MESSAGE_TOO_LONG));
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("there are 65,536 identifiers")
  void identifiersRunOut() throws Exception {
    for (int i = 0; i < 65_536; i++) {
      host.stack.openPing().send(TestHost.ip(PEER), 1, ByteBuffer.allocate(0), 64, host.now);
    }
    assertThatThrownBy(() -> send(PEER, 1, 0))
        .isInstanceOfSatisfying(
            SocketFailure.class, f -> assertThat(f.error()).isEqualTo(SocketError.NO_PORTS_LEFT));
  }

  @Test
  void afterCloseNothingArrives() throws Exception {
    sent(PEER, 1);
    ping.close();
    ping.close();
    host.in(new Ip().icmp(0, 0, identifier << 16 | 1, new byte[8]).frame());
    assertThat(ping.receive()).isNull();
    assertThat(host.drops(DropReason.ICMP_NO_SOCKET)).isEqualTo(1);
    assertThatThrownBy(() -> send(PEER, 1, 8)).isInstanceOf(SocketFailure.class);
  }
}
