package microps.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import microps.core.bytes.Packet;
import microps.core.device.LinkType;
import org.junit.jupiter.api.Test;

class SteeringTest {
  private static final int US = 0xc000_0202;
  private static final int PEER = 0xc000_0201;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int STACKS = 3;

  private final Steering steering = new Steering(STACKS, LinkType.IP);

  private static Packet datagram(int from, int to, int protocol, int first, int second) {
    Packet p = new Packet(100);
    p.padTo(40);
    p.put8(0, 0x45);
    p.put8(9, protocol);
    p.put32(12, from);
    p.put32(16, to);
    p.put32(20, first);
    p.put32(24, second);
    return p;
  }

  private static Packet segment(int from, int to, int source, int destination, int flags) {
    Packet p = datagram(from, to, TCP, source << 16 | destination, 0);
    p.put8(33, flags);
    return p;
  }

  private int arrives(int source, int destination) {
    return steering.ownerOf(segment(PEER, US, source, destination, 0x10));
  }

  @Test
  void ephemeralPortsAreTheirStacks() {
    for (int port = 40_000; port < 40_009; port++) {
      assertThat(arrives(7, port)).isEqualTo(port % STACKS);
      assertThat(steering.ownerOf(datagram(PEER, US, UDP, 7 << 16 | port, 0)))
          .isEqualTo(port % STACKS);
    }
  }

  @Test
  void connectionsToAServerAreSpreadAndStayWhereTheyAre() {
    int[] counts = new int[STACKS];
    for (int port = 40_000; port < 43_000; port++) {
      int owner = arrives(port, 80);
      assertThat(arrives(port, 80)).isEqualTo(owner);
      counts[owner]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(800, 1200);
    }
  }

  @Test
  void whoConnectsFromAPortOfItsOwnChoiceGetsTheAnswers() {
    for (int stack = 0; stack < STACKS; stack++) {
      int port = 5000 + stack;
      steering.sent(stack, segment(US, PEER, port, 7, 0x02));
      assertThat(arrives(7, port)).isEqualTo(stack);
      steering.sent(stack, datagram(US, PEER, UDP, port << 16 | 9, 0));
      assertThat(steering.ownerOf(datagram(PEER, US, UDP, 9 << 16 | port, 0))).isEqualTo(stack);
    }
  }

  @Test
  void anAnswerClaimsNothing() {
    int owner = arrives(7, 80);
    int other = (owner + 1) % STACKS;
    steering.sent(other, segment(US, PEER, 80, 7, 0x12));
    assertThat(arrives(7, 80)).isEqualTo(owner);
  }

  @Test
  void claimsAreBounded() {
    int port = 1;
    for (int i = 0; i <= 2 * Steering.CLAIMS; i++) {
      int stack = (steering.ownerOf(segment(PEER + i, US, 7, port, 0x10)) + 1) % STACKS;
      steering.sent(stack, segment(US, PEER + i, port, 7, 0x02));
      assertThat(steering.ownerOf(segment(PEER + i, US, 7, port, 0x10))).isEqualTo(stack);
    }
    Steering fresh = new Steering(STACKS, LinkType.IP);
    assertThat(steering.ownerOf(segment(PEER, US, 7, port, 0x10)))
        .as("the oldest is forgotten")
        .isEqualTo(fresh.ownerOf(segment(PEER, US, 7, port, 0x10)));
  }

  @Test
  void anIcmpErrorGoesWhereTheFlowIsThatItQuotes() {
    for (int port : new int[] {40_000, 40_001, 40_002}) {
      Packet error = datagram(PEER, US, ICMP, 0x0303_0000, 0);
      error.truncate(28);
      byte[] quoted = segment(US, PEER, port, 7, 0x10).toBytes();
      error.append(quoted, 0, 28);
      assertThat(steering.ownerOf(error)).isEqualTo(port % STACKS);
    }
    Packet cut = datagram(PEER, US, ICMP, 0x0303_0000, 0);
    assertThat(steering.ownerOf(cut)).isZero();
  }

  @Test
  void pingsAreAnsweredOnceAndTheirAnswersAreForAll() {
    assertThat(steering.ownerOf(datagram(PEER, US, ICMP, 0x0800_0000, 0))).isZero();
    assertThat(steering.ownerOf(datagram(PEER, US, ICMP, 0, 0))).isEqualTo(Steering.ALL);
  }

  @Test
  void fragmentsAndWhatIsNotUnderstoodAreTheFirstStacks() {
    Packet fragment = segment(PEER, US, 7, 40_001, 0x10);
    fragment.put16(6, 0x2000);
    assertThat(steering.ownerOf(fragment)).isZero();
    for (int length = 0; length < 40; length++) {
      Packet cut = segment(PEER, US, 7, 40_001, 0x10);
      cut.truncate(length);
      assertThat(steering.ownerOf(cut)).isEqualTo(length < 28 ? 0 : 40_001 % STACKS);
      steering.sent(1, cut);
    }
    Packet six = segment(PEER, US, 7, 40_001, 0x10);
    six.put8(0, 0x65);
    assertThat(steering.ownerOf(six)).isZero();
    Packet options = segment(PEER, US, 7, 40_001, 0x10);
    options.put8(0, 0x4f);
    assertThat(steering.ownerOf(options)).isZero();
  }

  @Test
  void arpIsAnsweredOnceAndItsAnswersAreForAll() {
    Steering ethernet = new Steering(STACKS, LinkType.ETHERNET);
    Packet arp = new Packet(60);
    arp.padTo(42);
    arp.put16(12, 0x0806);
    arp.put16(20, 1);
    assertThat(ethernet.ownerOf(arp)).isZero();
    arp.put16(20, 2);
    assertThat(ethernet.ownerOf(arp)).isEqualTo(Steering.ALL);
    arp.truncate(20);
    assertThat(ethernet.ownerOf(arp)).isZero();
    arp.truncate(3);
    assertThat(ethernet.ownerOf(arp)).isZero();
    ethernet.sent(1, arp);
  }
}
