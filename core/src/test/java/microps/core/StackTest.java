package microps.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import microps.core.address.Cidr;
import microps.core.address.Endpoint;
import microps.core.address.IpAddress;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.DeviceInfo;
import microps.core.device.Nic;
import microps.core.ip.PingSocket;
import microps.core.udp.UdpSocket;
import org.junit.jupiter.api.Test;

class StackTest {
  private static final class Host {
    final Stack stack;
    final Nic nic;

    Host(long seed, String mac, String address, int mtu) {
      stack = new Stack(StackConfig.of(new Random(seed)));
      nic = stack.attach(DeviceInfo.ethernet("net" + seed, MacAddress.parse(mac), mtu));
      stack.addAddress(nic, Cidr.parse(address), 0);
    }
  }

  private final Host a = new Host(1, "00:00:5e:00:53:01", "192.0.2.1/24", 1500);
  private final Host b = new Host(2, "00:00:5e:00:53:02", "192.0.2.2/24", 1500);

  private void exchange(long now) {
    Packet p = new Packet(2048);
    boolean any = true;
    while (any) {
      any = false;
      while (a.stack.transmit(a.nic, p, now)) {
        b.stack.receive(b.nic, p, now);
        any = true;
      }
      while (b.stack.transmit(b.nic, p, now)) {
        a.stack.receive(a.nic, p, now);
        any = true;
      }
    }
  }

  @Test
  void pingOfTheLargestSizeComesBack() throws Exception {
    PingSocket ping = a.stack.openPing();
    byte[] data = new byte[65_507];
    new Random(3).nextBytes(data);
    assertThat(ping.send(IpAddress.parse("192.0.2.2"), 7, ByteBuffer.wrap(data), 64, 5)).isTrue();
    exchange(5);
    PingSocket.Answer answer = ping.receive();
    assertThat(answer).isNotNull();
    assertThat(answer.sequence()).isEqualTo(7);
    assertThat(answer.payload()).isEqualTo(data);
    assertThat(answer.from()).isEqualTo(IpAddress.parse("192.0.2.2"));
    assertThat(a.stack.pool().outstanding()).isZero();
    assertThat(b.stack.pool().outstanding()).isZero();
  }

  @Test
  void aDatagramOf60000BytesArrives() throws Exception {
    UdpSocket receiver = b.stack.openUdp();
    receiver.bind(new Endpoint(IpAddress.parse("0.0.0.0"), 7));
    UdpSocket sender = a.stack.openUdp();
    byte[] data = new byte[60_000];
    new Random(3).nextBytes(data);
    sender.send(ByteBuffer.wrap(data), new Endpoint(IpAddress.parse("192.0.2.2"), 7), 5);
    exchange(5);
    ByteBuffer buffer = ByteBuffer.allocate(65_535);
    Endpoint from = receiver.receive(buffer);
    assertThat(from).isEqualTo(new Endpoint(IpAddress.parse("192.0.2.1"), sender.local().port()));
    assertThat(buffer.flip()).isEqualTo(ByteBuffer.wrap(data));
  }

  @Test
  void aDatagramToOneselfArrives() throws Exception {
    UdpSocket socket = a.stack.openUdp();
    socket.bind(new Endpoint(IpAddress.parse("192.0.2.1"), 7));
    socket.send(ByteBuffer.wrap(new byte[3]), new Endpoint(IpAddress.parse("192.0.2.1"), 7), 5);
    assertThat(a.stack.transmit(a.stack.nics().getFirst(), new Packet(0), 5)).isFalse();
    ByteBuffer buffer = ByteBuffer.allocate(10);
    assertThat(socket.receive(buffer)).isEqualTo(socket.local());
    assertThat(buffer.position()).isEqualTo(3);
    assertThat(socket.lastDestination()).isEqualTo(IpAddress.parse("192.0.2.1"));
  }
}
