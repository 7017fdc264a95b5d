package microps.core;

import static microps.core.TestHost.PEER;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.FrameTap;
import microps.core.device.Nic;
import microps.core.ip.PingSocket;
import microps.core.udp.UdpSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackTest {
  private final TestHost host = TestHost.acquainted();

  // Two hosts on a wire

  private static final class Pair {
    final Stack a = stack(1, PEER);
    final Stack b = stack(2, US);
    final List<String> frames = new ArrayList<>();

    static Stack stack(int seed, String address) {
      Stack stack = new Stack(StackConfig.of(new Random(seed)));
      MacAddress mac = new MacAddress(0x5e00_5300L + seed);
      Nic nic = stack.attach(DeviceInfo.ethernet("net" + seed, mac, 1500));
      stack.addAddress(nic, Cidr.parse(address + "/24"), 0);
      return stack;
    }

    void exchange(long now) {
      Packet p = new Packet(0);
      boolean any = true;
      while (any) {
        any = false;
        while (a.transmit(a.nics().get(1), p, now)) {
          frames.add("a " + java.util.HexFormat.of().formatHex(p.toBytes()));
          b.receive(b.nics().get(1), p, now);
          any = true;
        }
        while (b.transmit(b.nics().get(1), p, now)) {
          frames.add("b " + java.util.HexFormat.of().formatHex(p.toBytes()));
          a.receive(a.nics().get(1), p, now);
          any = true;
        }
      }
    }
  }

  @ParameterizedTest
  @DisplayName("a ping of any size comes back, ARP included")
  @ValueSource(ints = {0, 56, 1472, 1473, 8000, 65_507})
  void ping(int length) throws Exception {
    Pair pair = new Pair();
    PingSocket ping = pair.a.openPing();
    byte[] data = new byte[length];
    new Random(3).nextBytes(data);
    assertThat(ping.send(IpAddress.parse(US), 7, ByteBuffer.wrap(data), 64, 5)).isTrue();
    pair.exchange(5);
    PingSocket.Answer answer = ping.receive();
    assertThat(answer.sequence()).isEqualTo(7);
    assertThat(answer.payload()).isEqualTo(data);
    assertThat(pair.a.pool().outstanding() + pair.b.pool().outstanding()).isZero();
    assertThat(pair.a.counters().drops() + pair.b.counters().drops()).isZero();
  }

  @Test
  @DisplayName("a TCP connection to a neighbour that is not known asks for its address at once")
  void aSynThatWaitsForArp() throws Exception {
    Pair pair = new Pair();
    Nic nic = pair.a.nics().get(1);
    Packet frame = new Packet(0);
    assertThat(pair.a.transmit(nic, frame, 5)).as("the announcement of our address").isTrue();
    assertThat(pair.a.transmit(nic, frame, 5)).isFalse();
    pair.a.openTcp().connect(new Endpoint(IpAddress.parse(US), 7), 5);
    assertThat(pair.a.transmit(nic, frame, 5)).isTrue();
    assertThat(frame.get16(12)).isEqualTo(0x0806);
    assertThat(pair.a.transmit(nic, frame, 5)).isFalse();
  }

  @Test
  @DisplayName("the same seed and the same frames give the same run, byte for byte")
  void itIsDeterministic() throws Exception {
    List<List<String>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Pair pair = new Pair();
      for (int i = 0; i < 20; i++) {
        PingSocket ping = pair.a.openPing();
        ping.send(IpAddress.parse(US), i, ByteBuffer.allocate(i * 300), 64, i);
        UdpSocket udp = pair.a.openUdp();
        udp.send(ByteBuffer.allocate(i * 200), new Endpoint(IpAddress.parse(US), 9), i);
        pair.exchange(i);
        pair.a.advance(i * 1_000_000_000L);
      }
      runs.add(pair.frames);
    }
    assertThat(runs.get(0)).hasSizeGreaterThan(100).isEqualTo(runs.get(1));
  }

  // Interfaces and addresses

  @Test
  void theLoopbackIsTheFirstInterface() {
    Stack stack = new Stack(StackConfig.of(new Random(1)));
    assertThat(stack.nics()).hasSize(1);
    assertThat(stack.nics().getFirst().name()).isEqualTo("lo");
    assertThat(stack.nics().getFirst().addresses()).containsExactly(Cidr.parse("127.0.0.1/8"));
    assertThat(stack.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> stack.detach(stack.nics().getFirst(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stack.nics().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aHostWithoutADeviceTalksToItself() throws Exception {
    Stack stack = new Stack(StackConfig.of(new Random(1)));
    PingSocket ping = stack.openPing();
    ping.send(IpAddress.parse("127.0.0.1"), 1, ByteBuffer.allocate(9), 64, 0);
    assertThat(stack.transmit(stack.nics().getFirst(), new Packet(0), 0)).isFalse();
    assertThat(ping.receive().payload()).hasSize(9);
  }

  @Test
  void loopbackFramesAreSeenAndCounted() throws Exception {
    Nic lo = host.stack.nics().getFirst();
    List<String> seen = new ArrayList<>();
    FrameTap tap = (nic, way, frame, now) -> seen.add(nic + " " + way + " " + frame.length());
    lo.add(tap);
    host.stack.openPing().send(IpAddress.parse(US), 1, ByteBuffer.allocate(9), 64, host.now);
    host.out();
    assertThat(seen).containsExactly("lo OUT 37", "lo IN 37", "lo OUT 37", "lo IN 37");
    assertThat(lo.framesIn()).isEqualTo(2);
  }

  @Test
  @DisplayName("the loopback carries so many frames in a call; the rest is due at once")
  void theLoopbackHasABudget() throws Exception {
    Nic lo = host.stack.nics().getFirst();
    UdpSocket sender = host.stack.openUdp();
    UdpSocket receiver = host.stack.openUdp(); // without one each would be answered
    Endpoint there = new Endpoint(IpAddress.parse("127.0.0.1"), 9);
    receiver.bind(there);
    int count = Stack.LOOPBACK_BUDGET + 44;
    for (int i = 0; i < count; i++) {
      assertThat(sender.send(ByteBuffer.allocate(1), there, host.now)).isTrue();
    }
    host.stack.advance(host.now);
    assertThat(lo.framesIn()).isEqualTo(Stack.LOOPBACK_BUDGET);
    assertThat(host.stack.nextDeadline()).isEqualTo(host.now);
    host.stack.advance(host.now);
    assertThat(lo.framesIn()).isEqualTo(count);
    assertThat(host.stack.nextDeadline()).isGreaterThan(host.now);
  }

  @Test
  void framesOfADeviceAreSeenAndCounted() {
    List<String> seen = new ArrayList<>();
    host.nic.add((nic, way, frame, now) -> seen.add(way + " " + frame.length() + " " + now));
    long in = host.nic.framesIn();
    long out = host.nic.framesOut();
    host.in(new Ip().icmp(8, 0, 1, new byte[0]).frame()).out();
    assertThat(seen).containsExactly("IN 42 " + host.now, "OUT 60 " + host.now);
    assertThat(host.nic.framesIn() - in).isEqualTo(1);
    assertThat(host.nic.framesOut() - out).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/8",
    "0.1.2.3/24",
    "224.0.0.1/24",
    "255.255.255.255/32",
    "192.0.2.255/24",
    "192.0.2.0/24",
    "2001:db8::1/64",
    "192.0.2.2/25",
    "127.0.0.1/8",
  })
  void whatIsNoAddressOfAHostIsRefused(String cidr) {
    assertThatThrownBy(() -> host.stack.addAddress(host.nic, Cidr.parse(cidr), host.now))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(host.nic.addresses()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.0.2.4/31", "192.0.2.5/31", "192.0.2.4/32", "127.0.0.2/8", "10.0.0.255/8"})
  void whatIsAnAddressIsTaken(String cidr) {
    host.stack.addAddress(host.nic, Cidr.parse(cidr), host.now);
    assertThat(host.nic.addresses()).hasSize(2);
  }

  @Test
  void whatHappensIsNoted() {
    Nic nic = host.stack.attach(DeviceInfo.ip("tun0", 1400));
    host.stack.addAddress(nic, Cidr.parse("10.0.0.2/24"), host.now);
    host.stack.addRoute(Cidr.parse("10.7.8.9/8"), IpAddress.parse("10.0.0.1"), null, 3);
    host.stack.setUp(nic, false, host.now);
    host.stack.setUp(nic, false, host.now);
    host.stack.setUp(nic, true, host.now);
    host.stack.detach(nic, host.now);
    assertThat(host.notes)
        .containsSubsequence(
            "[I] net: attached dev=net1 ethernet mtu=1500 mac=00:00:5e:00:53:01",
            "[I] ip: address added 192.0.2.2/24 dev=net1",
            "[I] ip: route added default via 192.0.2.1 dev net1",
            "[I] net: attached dev=tun0 ip mtu=1400",
            "[I] ip: address added 10.0.0.2/24 dev=tun0",
            "[I] ip: route added 10.0.0.0/8 via 10.0.0.1 dev tun0 metric 3",
            "[I] net: down dev=tun0",
            "[I] net: up dev=tun0",
            "[I] net: down dev=tun0",
            "[I] ip: address removed 10.0.0.2/24 dev=tun0",
            "[I] net: detached dev=tun0");
    assertThat(host.stack.nics()).hasSize(2);
    assertThat(host.stack.routes()).hasSize(2);
  }

  @Test
  void aRouteNeedsAWay() {
    assertThatThrownBy(() -> host.stack.addGateway(IpAddress.parse("203.0.113.1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("203.0.113.1")
        .hasMessageContaining("add an address first");
    assertThatThrownBy(() -> host.stack.addRoute(Cidr.parse("10.0.0.0/8"), null, null, 0))
        .isInstanceOf(IllegalArgumentException.class);
    host.stack.addRoute(Cidr.parse("10.0.0.0/8"), null, host.nic, 0);
    host.stack.addRoute(Cidr.parse("10.0.0.0/8"), null, host.nic, 0);
    assertThat(host.stack.routes()).hasSize(3);
    assertThat(host.stack.removeRoute(host.stack.routes().get(1))).isTrue();
  }

  @Test
  void transmitGrowsThePacketWhereItIsTooSmall() {
    host.in(new Ip().icmp(8, 0, 1, new byte[1400]).frame());
    Packet tiny = new Packet(0);
    assertThat(host.stack.transmit(host.nic, tiny, host.now)).isTrue();
    assertThat(tiny.length()).isEqualTo(14 + 28 + 1400);
    assertThat(host.stack.transmit(host.nic, tiny, host.now)).isFalse();
  }

  @Test
  void nothingLeavesWhereTheInterfaceIsDown() {
    host.in(new Ip().icmp(8, 0, 1, new byte[1]).frame());
    host.stack.setUp(host.nic, false, host.now);
    assertThat(host.raw()).isEmpty();
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("jumbo frames: a datagram of 8,972 bytes leaves in one frame of an MTU of 9,000")
  void jumboFrames() throws Exception {
    TestHost jumbo =
        new TestHost(
            microps.core.ip.IpConfig.DEFAULT,
            DeviceInfo.ethernet("net1", MacAddress.parse(TestHost.MAC), 9000));
    jumbo.meet();
    UdpSocket socket = jumbo.stack.openUdp();
    Endpoint to = new Endpoint(IpAddress.parse(PEER), 9);
    socket.send(ByteBuffer.allocate(8972), to, jumbo.now);
    socket.send(ByteBuffer.allocate(8973), to, jumbo.now);
    assertThat(jumbo.raw()).extracting(f -> f.length).containsExactly(9014, 9014 - 4, 60);
  }
}
