package microps.core.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.basis.Counters;
import microps.core.basis.DropReason;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NicTest {
  private final Environment env =
      new Environment(
          new java.util.Random(1),
          Trace.NONE,
          SocketEvents.NONE,
          new TimerQueue(),
          new Counters(),
          new PacketPool());
  private final Nic nic = new Nic(1, DeviceInfo.ip("tun0", 1500), env);

  @Test
  @DisplayName("the output queue is bounded")
  void theQueueIsBounded() {
    for (int i = 0; i < Nic.QUEUE_LIMIT + 5; i++) {
      assertThat(nic.hasRoom()).isEqualTo(i < Nic.ROOM);
      nic.enqueue(env.pool().take(1));
    }
    assertThat(nic.queued()).isEqualTo(Nic.QUEUE_LIMIT);
    assertThat(env.counters().of(DropReason.OUTPUT_QUEUE_FULL)).isEqualTo(5);
    assertThat(nic.drops().of(DropReason.OUTPUT_QUEUE_FULL)).isEqualTo(5);
    assertThat(env.pool().outstanding()).isEqualTo(Nic.QUEUE_LIMIT);
  }

  @Test
  void goingDownEmptiesTheQueue() {
    nic.enqueue(env.pool().take(1));
    nic.setUp(false);
    nic.enqueue(env.pool().take(1));
    assertThat(nic.queued()).isZero();
    assertThat(nic.drops().of(DropReason.NIC_DOWN)).isEqualTo(2);
    assertThat(env.pool().outstanding()).isZero();
  }

  @Test
  void framesAreCountedAndShown() {
    List<String> seen = new ArrayList<>();
    FrameTap tap = (n, way, frame, now) -> seen.add(way + " " + frame.length() + " @" + now);
    nic.add(tap);
    Packet p = new Packet(100);
    p.extend(60);
    nic.countIn(p, 5);
    p.extend(10);
    nic.countOut(p, 6);
    nic.remove(tap);
    nic.countOut(p, 7);
    assertThat(seen).containsExactly("IN 60 @5", "OUT 70 @6");
    assertThat(List.of(nic.framesIn(), nic.bytesIn(), nic.framesOut(), nic.bytesOut()))
        .containsExactly(1L, 60L, 2L, 140L);
  }

  @Test
  void addresses() {
    nic.add(Cidr.parse("192.0.2.2/24"));
    assertThat(nic.owns(TestHost.ip("192.0.2.2"))).isTrue();
    assertThat(nic.owns(TestHost.ip("192.0.2.3"))).isFalse();
    assertThat(nic.remove(Cidr.parse("192.0.2.2/25"))).isFalse();
    assertThat(nic.remove(Cidr.parse("192.0.2.2/24"))).isTrue();
    assertThat(nic.addresses()).isEmpty();
    assertThat(nic.mac()).isEqualTo(MacAddress.ZERO);
  }

  @ParameterizedTest
  @ValueSource(ints = {67, 65_536, 0, -1})
  void anMtuIs68To65535(int mtu) {
    assertThatThrownBy(() -> DeviceInfo.ip("tun0", mtu))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("68 to 65535");
  }

  @Test
  void anEthernetHasAUnicastMacAddress() {
    assertThatThrownBy(() -> DeviceInfo.ethernet("tap0", MacAddress.BROADCAST, 1500))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("what a null device is given is gone, counted")
  void aNullDeviceSwallows() throws Exception {
    TestHost host = new TestHost(microps.core.ip.IpConfig.DEFAULT, DeviceInfo.nothing("null0"));
    var socket = host.stack.openUdp();
    var to = new microps.core.address.Endpoint(TestHost.ip(TestHost.PEER), 9);
    socket.send(java.nio.ByteBuffer.allocate(5), to, host.now);
    assertThat(host.raw()).isEmpty();
    assertThat(host.nic.framesOut()).isEqualTo(1);
    assertThat(host.drops(DropReason.NULL_DEVICE)).isEqualTo(1);
    assertThat(host.stack.pool().outstanding()).isZero();
  }

  @Test
  @DisplayName("a point-to-point IP link has no link header and no ARP")
  void anIpLink() {
    TestHost host = new TestHost(microps.core.ip.IpConfig.DEFAULT, DeviceInfo.ip("tun0", 1500));
    assertThat(host.outcomeOf(new Ip().icmp(8, 0, 5, new byte[4]).bytes()))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 echo-reply id=0 seq=5 data=4");
    assertThat(host.stack.neighbors()).isEmpty();
  }
}
