package microps.core.ethernet;

import static microps.core.TestHost.BROADCAST_MAC;
import static microps.core.TestHost.MAC;
import static microps.core.TestHost.MS;
import static microps.core.TestHost.PEER;
import static microps.core.TestHost.PEER_MAC;
import static microps.core.TestHost.SECOND;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.Ipv4Address;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.basis.SocketError;
import microps.core.basis.SocketEvents;
import microps.core.basis.SocketFailure;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ip.IpConfig;
import microps.core.udp.UdpSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NeighborTableTest {
  private static final String ASK = "arp who-has 192.0.2.1 tell 192.0.2.2 > " + BROADCAST_MAC;
  private static final String PROBE = "arp who-has 192.0.2.1 tell 192.0.2.2 > " + PEER_MAC;
  private static final String DATAGRAM = "192.0.2.2 > 192.0.2.1 ttl=64 udp 7 > 9 data=1";

  private final TestHost host = new TestHost();
  private UdpSocket socket;

  @BeforeEach
  void bind() throws Exception {
    socket = host.stack.openUdp();
    socket.bind(new Endpoint(TestHost.ip("0.0.0.0"), 7));
  }

  private List<String> send() throws Exception {
    return sendTo(PEER);
  }

  private List<String> sendTo(String address) throws Exception {
    queue(address, 1);
    return host.out();
  }

  private void queue(String address, int length) throws Exception {
    Endpoint to = new Endpoint(TestHost.ip(address), 9);
    assertThat(socket.send(ByteBuffer.allocate(length), to, host.now)).isTrue();
  }

  private NeighborState state() {
    return host.stack.neighbors().stream()
        .filter(n -> n.address().equals(TestHost.ip(PEER)))
        .map(Neighbor::state)
        .findFirst()
        .orElse(null);
  }

  private void resolve() throws Exception {
    assertThat(send()).containsExactly(ASK);
    assertThat(host.outcomeOf(TestHost.peerIsThere())).containsExactly(DATAGRAM);
    assertThat(state()).isEqualTo(NeighborState.REACHABLE);
  }

  @Test
  void aPacketWaitsForTheAnswer() throws Exception {
    assertThat(send()).containsExactly(ASK);
    assertThat(state()).isEqualTo(NeighborState.INCOMPLETE);
    assertThat(send()).isEmpty();
    assertThat(host.stack.neighbors().getFirst().waiting()).isEqualTo(2);
    assertThat(host.outcomeOf(TestHost.peerIsThere())).containsExactly(DATAGRAM, DATAGRAM);
    assertThat(send()).containsExactly(DATAGRAM);
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  void aRequestOfThePeerIsAnAnswerToo() throws Exception {
    send();
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, PEER, US)))
        .containsExactly(DATAGRAM, "arp 192.0.2.2 is-at " + MAC + " told 192.0.2.1 > " + PEER_MAC);
    assertThat(state()).isEqualTo(NeighborState.DELAY);
    assertThat(host.pass(5 * SECOND - 1).out()).isEmpty();
    assertThat(host.pass(1).out()).containsExactly(PROBE);
  }

  @Test
  @DisplayName("RFC 4861 7.2.2: asked three times, a second apart, then given up")
  void nobodyAnswers() throws Exception {
    List<String> asked = new ArrayList<>(send());
    for (int i = 0; i < 10; i++) {
      asked.addAll(host.pass(500 * MS).out());
    }
    assertThat(asked).containsExactly(ASK, ASK, ASK);
    assertThat(host.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(1);
    assertThat(host.stack.pool().outstanding()).isZero();
    assertThat(host.stack.neighbors()).isEmpty();
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void failureIsReportedToTheSender() throws Exception {
    socket.connect(new Endpoint(TestHost.ip(PEER), 9));
    send();
    host.changed.clear();
    host.pass(2999 * MS);
    assertThat(socket.readiness() & UdpSocket.FAILED).isZero();
    host.pass(MS);
    assertThat(socket.readiness() & UdpSocket.FAILED).isNotZero();
    assertThat(host.changed).contains(socket);
    assertThatThrownBy(() -> socket.receive(ByteBuffer.allocate(1)))
        .isInstanceOfSatisfying(
            SocketFailure.class,
            e -> assertThat(e.error()).isEqualTo(SocketError.HOST_UNREACHABLE));
    assertThat(host.notes).contains("[I] icmp: host unreachable to 192.0.2.1, says 192.0.2.2");
  }

  @Test
  @DisplayName("of a datagram in fragments, the first tells the sender, once")
  void failureOfALargeDatagram() throws Exception {
    socket.connect(new Endpoint(TestHost.ip(PEER), 9));
    queue(PEER, 60_000);
    assertThat(host.stack.neighbors().getFirst().waiting()).isEqualTo(41);
    host.changed.clear();
    assertThat(host.pass(3 * SECOND).out()).containsExactly(ASK, ASK, ASK);
    assertThat(host.changed).containsExactly(socket);
    assertThat(host.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(41);
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("a gateway in no network of ours is asked for in the name of our first address")
  void aGatewayOutsideOurNetworks() throws Exception {
    host.stack.addRoute(Cidr.parse("198.51.100.0/24"), TestHost.ip("203.0.113.1"), host.nic, 0);
    assertThat(sendTo("198.51.100.7"))
        .containsExactly("arp who-has 203.0.113.1 tell 192.0.2.2 > " + BROADCAST_MAC);
    byte[] answer = TestHost.arpReply(PEER_MAC, "203.0.113.1", MAC, US);
    assertThat(host.outcomeOf(answer))
        .containsExactly("192.0.2.2 > 198.51.100.7 ttl=64 udp 7 > 9 data=1");
  }

  @Test
  @DisplayName("a failure is remembered for a second: a flood of packets is no flood of requests")
  void aFailureIsRemembered() throws Exception {
    send();
    host.pass(3 * SECOND).out();
    assertThat(state()).isEqualTo(NeighborState.FAILED);
    for (int i = 0; i < 100; i++) {
      assertThat(send()).isEmpty();
    }
    host.pass(0);
    assertThat(host.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(101);
    assertThat(state()).isEqualTo(NeighborState.FAILED);
    host.pass(SECOND);
    assertThat(state()).isNull();
    assertThat(send()).containsExactly(ASK);
  }

  @Test
  void aLateAnswerIsTaken() throws Exception {
    send();
    host.pass(3 * SECOND).out();
    host.in(TestHost.peerIsThere());
    assertThat(send()).containsExactly(DATAGRAM);
  }

  @Test
  @DisplayName("RFC 4861 6.3.2: reachable for 15 to 45 s, then stale")
  void itBecomesStale() throws Exception {
    resolve();
    host.pass(15 * SECOND - 1);
    assertThat(state()).isEqualTo(NeighborState.REACHABLE);
    host.pass(30 * SECOND);
    assertThat(state()).isEqualTo(NeighborState.STALE);
    assertThat(host.out()).isEmpty();
  }

  @Test
  @DisplayName("ARP expiry without a lost packet: a stale entry is used while it is asked for")
  void expiryLosesNoPacket() throws Exception {
    resolve();
    int sent = 0;
    List<String> out = new ArrayList<>();
    for (int i = 0; i < 6000; i++) { // ten minutes
      out.addAll(send());
      sent++;
      List<String> later = host.pass(100 * MS).out();
      out.addAll(later);
      if (later.contains(PROBE)) {
        host.in(TestHost.peerIsThere());
      }
    }
    assertThat(out.stream().filter(DATAGRAM::equals)).hasSize(sent);
    assertThat(out.stream().filter(PROBE::equals)).hasSizeBetween(10, 40);
    assertThat(out).doesNotContain(ASK);
    assertThat(host.stack.counters().drops()).isZero();
  }

  @Test
  @DisplayName("RFC 4861 7.3.3: stale, then delay for 5 s, then three probes, then gone")
  void aNeighborThatIsGone() throws Exception {
    resolve();
    host.pass(50 * SECOND);
    assertThat(send()).containsExactly(DATAGRAM);
    assertThat(state()).isEqualTo(NeighborState.DELAY);
    assertThat(host.pass(5 * SECOND - 1).out()).isEmpty();
    assertThat(host.pass(1).out()).containsExactly(PROBE);
    assertThat(state()).isEqualTo(NeighborState.PROBE);
    assertThat(send()).containsExactly(DATAGRAM);
    assertThat(host.pass(SECOND).out()).containsExactly(PROBE);
    assertThat(host.pass(SECOND).out()).containsExactly(PROBE);
    assertThat(host.pass(SECOND).out()).isEmpty();
    assertThat(state()).isNull();
    assertThat(send()).containsExactly(ASK);
  }

  private static NeighborTable table(TimerQueue timers, NeighborTable.Solicitor solicitor) {
    Environment env =
        new Environment(
            new Random(1), Trace.NONE, SocketEvents.NONE, timers, new Counters(), new PacketPool());
    Nic nic = new Nic(1, DeviceInfo.ethernet("net1", MacAddress.parse(MAC), 1500), env);
    return new NeighborTable(nic, env, EtherType.IPV4, 8, solicitor, null);
  }

  @Test
  @DisplayName("RFC 4861 7.3.1: who confirms what we send needs no probe")
  void confirmationSparesTheProbe() {
    TimerQueue timers = new TimerQueue();
    int[] asked = {0};
    NeighborTable table = table(timers, (n, t, known, now) -> asked[0]++);
    Ipv4Address peer = TestHost.ip(PEER);
    table.confirm(peer, 0); // nobody
    assertThat(table.size()).isZero();
    table.learn(peer, MacAddress.parse(PEER_MAC), true, false, 0);
    long now = 0;
    for (int i = 0; i < 40; i++) {
      table.resolve(peer, new Packet(0), now);
      table.confirm(peer, now);
      assertThat(table.snapshot().getFirst().state()).isEqualTo(NeighborState.REACHABLE);
      now += 10 * SECOND;
      timers.advance(now);
    }
    assertThat(asked[0]).isZero();
    now += 60 * SECOND;
    timers.advance(now);
    table.resolve(peer, new Packet(0), now);
    table.learn(peer, MacAddress.parse(PEER_MAC), false, true, now);
    assertThat(table.snapshot().getFirst().state())
        .as("a reply that nobody asked for confirms nothing")
        .isEqualTo(NeighborState.DELAY);
    table.confirm(peer, now);
    assertThat(table.snapshot().getFirst().state()).isEqualTo(NeighborState.REACHABLE);
  }

  @Test
  @DisplayName(
      "RFC 1122 2.3.2.1 (4): who doubts a neighbour has it asked at once; an answer ends the doubt")
  void doubt() {
    TimerQueue timers = new TimerQueue();
    List<MacAddress> asked = new ArrayList<>();
    NeighborTable table = table(timers, (n, target, known, at) -> asked.add(known));
    MacAddress mac = MacAddress.parse(PEER_MAC);
    Ipv4Address peer = TestHost.ip(PEER);
    table.doubt(peer, 0);
    assertThat(asked).as("a stranger is nobody's business").isEmpty();
    table.learn(peer, mac, true, false, 0);
    table.confirm(peer, 0);
    table.doubt(peer, SECOND);
    table.doubt(peer, SECOND);
    assertThat(asked).as("unicast, once").containsExactly(mac);
    assertThat(table.snapshot().getFirst().state()).isEqualTo(NeighborState.PROBE);
    table.learn(peer, mac, false, true, SECOND);
    assertThat(table.snapshot().getFirst().state()).isEqualTo(NeighborState.REACHABLE);
    table.doubt(peer, 2 * SECOND);
    for (long now = 3 * SECOND; now <= 6 * SECOND; now += SECOND) {
      timers.advance(now);
    }
    assertThat(asked).containsExactly(mac, mac, mac, mac);
    assertThat(table.snapshot()).isEmpty();
  }

  @Test
  void aNewMacAddressIsUsedButNotBelieved() throws Exception {
    resolve();
    host.in(TestHost.arpRequest("00:00:5e:00:53:98", PEER, PEER)); // gratuitous
    assertThat(state()).isEqualTo(NeighborState.STALE);
    queue(PEER, 1);
    byte[] frame = host.raw().getFirst();
    assertThat(frame[5]).isEqualTo((byte) 0x98);
    host.pass(600 * SECOND);
    assertThat(state()).isNull();
  }

  @Test
  void whoAskedOnceIsForgotten() {
    host.in(TestHost.arpRequest(PEER_MAC, PEER, US));
    host.pass(600 * SECOND - 1);
    assertThat(state()).isEqualTo(NeighborState.STALE);
    host.pass(1);
    assertThat(state()).isNull();
  }

  @Test
  void whoMovesWhileStaleIsForgottenLater() {
    host.in(TestHost.arpRequest(PEER_MAC, PEER, US));
    host.pass(500 * SECOND);
    host.in(TestHost.arpRequest("00:00:5e:00:53:98", PEER, US));
    host.pass(500 * SECOND);
    assertThat(state()).isEqualTo(NeighborState.STALE);
    host.pass(100 * SECOND);
    assertThat(state()).isNull();
  }

  @Test
  void aRemovedEntryAsksNoMore() throws Exception {
    send();
    host.stack.removeNeighbor(host.nic, TestHost.ip(PEER));
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    assertThat(host.drops(DropReason.NEIGHBOR_UNREACHABLE)).isEqualTo(1);
    assertThat(host.pass(10 * SECOND).out()).isEmpty();
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  void whatNobodyUsesIsForgotten() throws Exception {
    resolve();
    host.pass(645 * SECOND);
    assertThat(state()).isNull();
    assertThat(host.notes)
        .contains("[I] arp: cache delete 192.0.2.1 is-at " + PEER_MAC + " dev=net1");
  }

  @Test
  void aPermanentEntryNeitherChangesNorExpires() throws Exception {
    send();
    host.meet();
    host.out();
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    host.in(TestHost.arpRequest("00:00:5e:00:53:98", PEER, US)).out();
    host.pass(10_000 * SECOND);
    assertThat(state()).isEqualTo(NeighborState.PERMANENT);
    assertThat(send()).containsExactly(DATAGRAM);
    host.stack.removeNeighbor(host.nic, TestHost.ip(PEER));
    assertThat(send()).containsExactly(ASK);
  }

  @Test
  void aPermanentEntryReleasesWhatWaits() throws Exception {
    send();
    host.meet();
    assertThat(host.out()).containsExactly(DATAGRAM);
  }

  // Bounds

  @Test
  void theQueueOfOneNeighborIsBoundedAndKeepsTheLatest() throws Exception {
    for (int i = 0; i < NeighborTable.MAX_WAITING + 3; i++) {
      queue(PEER, i % 1400);
    }
    assertThat(host.drops(DropReason.NEIGHBOR_QUEUE_FULL)).isEqualTo(3);
    assertThat(host.stack.neighbors().getFirst().waiting()).isEqualTo(NeighborTable.MAX_WAITING);
    host.out();
    List<String> sent = host.outcomeOf(TestHost.peerIsThere());
    assertThat(sent.getFirst()).endsWith("data=3");
  }

  @Test
  void theQueuesOfAllNeighborsAreBoundedButOneEachIsKept() throws Exception {
    for (int neighbor = 10; neighbor < 13; neighbor++) {
      for (int i = 0; i < 1500; i++) {
        queue("192.0.2." + neighbor, 1);
      }
    }
    int waiting = host.stack.neighbors().stream().mapToInt(Neighbor::waiting).sum();
    assertThat(waiting).isEqualTo(NeighborTable.MAX_WAITING_ALL);
    queue("192.0.2.99", 1);
    assertThat(host.stack.neighbors().getLast().waiting()).isEqualTo(1);
    host.pass(5 * SECOND);
    assertThat(host.out()).isNotEmpty();
    assertThat(host.stack.pool().outstanding()).isZero();
    // What was given up, and what is sent below, makes room for as much again.
    long full = host.drops(DropReason.NEIGHBOR_QUEUE_FULL);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 1500; i++) {
        queue("192.0.2.20", 1);
      }
      host.out();
      host.in(TestHost.arpReply(PEER_MAC, "192.0.2.20", MAC, US));
      assertThat(host.out()).hasSize(1500);
      host.stack.removeNeighbor(host.nic, TestHost.ip("192.0.2.20"));
    }
    assertThat(host.drops(DropReason.NEIGHBOR_QUEUE_FULL)).isEqualTo(full);
  }

  private static TestHost small(int entries) {
    return new TestHost(new IpConfig(false, true, entries, 1 << 20, 1000, 50));
  }

  @Test
  @DisplayName("the ARP cache is bounded; what was not used for the longest time goes")
  void theTableIsBounded() throws Exception {
    TestHost few = small(4);
    for (int i = 10; i < 14; i++) {
      few.in(TestHost.arpRequest("00:00:5e:00:53:" + i, "192.0.2." + i, US));
    }
    few.out();
    UdpSocket user = few.stack.openUdp();
    user.send(ByteBuffer.allocate(1), new Endpoint(TestHost.ip("192.0.2.10"), 9), few.now);
    few.in(TestHost.arpRequest("00:00:5e:00:53:20", "192.0.2.20", US));
    assertThat(few.stack.neighbors())
        .extracting(n -> n.address().toString())
        .containsExactly("192.0.2.12", "192.0.2.13", "192.0.2.10", "192.0.2.20");
    for (int i = 0; i < 250; i++) {
      few.in(TestHost.arpRequest(PEER_MAC, "192.0.2." + (i % 250 + 3), US));
    }
    assertThat(few.stack.neighbors()).hasSize(4);
  }

  @Test
  void permanentEntriesAreNotEvictedAndAFullTableSaysSo() throws Exception {
    TestHost few = small(2);
    few.meet();
    few.stack.setNeighbor(few.nic, TestHost.ip("192.0.2.9"), MacAddress.parse(PEER_MAC));
    assertThatThrownBy(() ->
            few.stack.setNeighbor(few.nic, TestHost.ip("192.0.2.8"), MacAddress.parse(PEER_MAC)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("full");
    UdpSocket user = few.stack.openUdp();
    user.send(ByteBuffer.allocate(1), new Endpoint(TestHost.ip("192.0.2.10"), 9), few.now);
    assertThat(few.drops(DropReason.NEIGHBOR_QUEUE_FULL)).isEqualTo(1);
    assertThat(few.stack.neighbors()).hasSize(2);
    assertThat(few.stack.pool().outstanding()).isZero();
  }

  @Test
  void whatWaitsIsForgottenWhenTheInterfaceGoesDown() throws Exception {
    Nic nic = host.nic;
    host.meet();
    queue("192.0.2.10", 1);
    host.stack.setUp(nic, false, host.now);
    assertThat(host.stack.neighbors())
        .extracting(Neighbor::state)
        .containsExactly(NeighborState.PERMANENT);
    assertThat(host.stack.pool().outstanding()).isZero();
    host.stack.detach(nic, host.now);
    assertThat(host.stack.neighbors()).isEmpty();
    assertThat(host.stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }
}
