package microps.core.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import microps.core.Ip;
import microps.core.address.Cidr;
import microps.core.basis.Counters;
import microps.core.basis.SocketEvents;
import microps.core.basis.TimerQueue;
import microps.core.basis.Trace;
import microps.core.bytes.Packet;
import microps.core.bytes.PacketPool;
import microps.core.device.DeviceInfo;
import microps.core.device.Environment;
import microps.core.device.Nic;
import microps.core.ethernet.Ethernet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What the layer above IP sees of an arriving datagram.
class DatagramTest {
  private final Environment env =
      new Environment(
          new Random(1),
          Trace.NONE,
          SocketEvents.NONE,
          new TimerQueue(),
          new Counters(),
          new PacketPool());
  private final Nic lo = new Nic(0, DeviceInfo.loopback(), env);
  private final Nic nic = new Nic(1, DeviceInfo.ip("tun0", 1500), env);
  private final Routing routing = new Routing(List.of(lo, nic), env.timers());
  private final Ipv4Output output =
      new Ipv4Output(env, IpConfig.DEFAULT, routing, new Ethernet(env, 16), lo);
  private final Transports transports = new Transports();
  private final Icmp4 icmp = new Icmp4(env, IpConfig.DEFAULT, routing, output, transports);
  private final Ipv4 ip = new Ipv4(env, IpConfig.DEFAULT, routing, output, icmp, transports);
  private final List<String> seen = new ArrayList<>();

  private static Packet packet(byte[] datagram) {
    Packet p = new Packet(datagram.length);
    p.append(datagram, 0, datagram.length);
    return p;
  }

  private void receive(byte[] datagram) {
    ip.receive(nic, packet(datagram), 0);
  }

  private void listen(java.util.function.Function<Datagram, String> description) {
    routing.add(nic, Cidr.parse("192.0.2.2/24"));
    transports.put(
        99,
        new Transport() {
          @Override
          public void receive(Datagram d, long now) {
            seen.add(description.apply(d));
          }

          @Override
          public void error(IcmpError error, long now) {}
        });
  }

  @Test
  void allThatTheHeaderSays() {
    listen(d ->
        d.nic
            + " "
            + d.source()
            + " "
            + d.destination()
            + " "
            + d.protocol
            + " tos "
            + d.trafficClass
            + " ttl "
            + d.hopLimit
            + " broadcast "
            + d.broadcast
            + " data "
            + d.packet.length());
    Ip base = new Ip().protocol(99).ttl(3).trafficClass(0xb8).payload(new byte[7]);
    receive(base.bytes());
    receive(base.to("192.0.2.255").bytes());
    assertThat(seen)
        .containsExactly(
            "tun0 192.0.2.1 192.0.2.2 99 tos 184 ttl 3 broadcast false data 7",
            "tun0 192.0.2.1 192.0.2.255 99 tos 184 ttl 3 broadcast true data 7");
  }

  @Test
  @DisplayName("RFC 1122 3.2.1.8: all options are passed up, in front of the payload")
  void optionsArePassedUp() {
    listen(d -> {
      d.packet.unpull(d.headerLength);
      String octets =
          java.util.HexFormat.of()
              .formatHex(d.packet.toBytes(), Ipv4Header.MIN_LENGTH, d.headerLength);
      d.packet.pull(d.headerLength);
      return octets + " " + d.packet.get8(0);
    });
    receive(
        new Ip().protocol(99).options(7, 3, 4, 0x1e, 4, 1, 2, 0).payload(new byte[] {5}).bytes());
    assertThat(seen).containsExactly("070304" + "1e040102" + "00" + " 5");
  }

  @Test
  @DisplayName("of fragments, the header is that of the first, as if there had been none")
  void theHeaderOfAReassembledDatagram() {
    listen(d -> {
      d.packet.unpull(d.headerLength);
      byte[] whole = d.packet.toBytes();
      d.packet.pull(d.headerLength);
      return java.util.HexFormat.of().formatHex(whole)
          + " "
          + d.broadcast
          + " "
          + d.packet.timestamp();
    });
    Ip last = new Ip().protocol(99).ttl(9).options(1, 1, 1, 0).fragment(16, false);
    Ip first = new Ip().protocol(99).options(7, 3, 4, 0).dontFragment();
    Packet a = packet(last.payload(new byte[5]).bytes());
    a.timestamp(7);
    ip.receive(nic, a, 0);
    byte[] head = first.payload(new byte[16]).bytes();
    head[6] |= 0x20; // MF
    head[10] = 0;
    head[11] = 0;
    int checksum = microps.core.bytes.Checksum.finish(microps.core.bytes.Checksum.sum(head, 0, 24));
    head[10] = (byte) (checksum >> 8);
    head[11] = (byte) checksum;
    Packet b = packet(head);
    b.timestamp(8);
    ip.receive(nic, b, 0);
    byte[] expected = first.payload(new byte[21]).bytes();
    assertThat(seen).containsExactly(java.util.HexFormat.of().formatHex(expected) + " false 8");
  }
}
