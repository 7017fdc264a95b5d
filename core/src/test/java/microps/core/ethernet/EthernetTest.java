package microps.core.ethernet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import microps.core.Ip;
import microps.core.TestHost;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EthernetTest {
  private final TestHost host = TestHost.acquainted();
  private final byte[] ping = new Ip().icmp(8, 0, 1, new byte[0]).bytes();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13})
  void aFrameWithoutAWholeHeaderIsDropped(int length) {
    host.assertDropped(new byte[length], DropReason.ETHERNET_TOO_SHORT);
  }

  @Test
  void aFrameForAnotherHostIsDropped() {
    byte[] frame = TestHost.ethernet("00:00:5e:00:53:77", TestHost.PEER_MAC, 0x800, ping);
    host.assertDropped(frame, DropReason.ETHERNET_NOT_FOR_US);
  }

  @Test
  void aFrameForAGroupThatWeAreNotInIsDropped() {
    byte[] frame = TestHost.ethernet("01:00:5e:00:00:fb", TestHost.PEER_MAC, 0x800, ping);
    host.assertDropped(frame, DropReason.ETHERNET_NOT_FOR_US);
  }

  @Test
  void aFrameToTheGroupOfAllHostsIsTaken() {
    byte[] all = new Ip().to("224.0.0.1").icmp(8, 0, 1, new byte[0]).frame("01:00:5e:00:00:01");
    host.assertDropped(all, DropReason.ICMP_BROADCAST_ECHO);
  }

  @Test
  void aFrameFromAGroupIsDropped() {
    byte[] frame = TestHost.ethernet(TestHost.MAC, "01:00:5e:00:00:01", 0x800, ping);
    host.assertDropped(frame, DropReason.ETHERNET_BAD_SOURCE);
  }

  @ParameterizedTest
  @CsvSource({"0x86dd", "0x8100", "0x002e", "0xffff"})
  void aFrameOfAnotherTypeIsDropped(String type) {
    byte[] frame =
        TestHost.ethernet(TestHost.MAC, TestHost.PEER_MAC, Integer.decode(type), new byte[46]);
    host.assertDropped(frame, DropReason.ETHERNET_UNKNOWN_TYPE);
  }

  @Test
  void whatIsShortLeavesPaddedWithZeros() {
    host.in(new Ip().icmp(8, 0, 1, new byte[0]).frame());
    byte[] frame = host.raw().getFirst();
    assertThat(frame).hasSize(EthernetHeader.MIN_FRAME);
    assertThat(Arrays.copyOfRange(frame, 14 + 28, 60)).containsOnly(0);
  }

  @Test
  void paddingOfWhatArrivesIsCutOff() {
    byte[] padded = Arrays.copyOf(new Ip().icmp(8, 0, 1, new byte[3]).frame(), 60);
    assertThat(host.outcomeOf(padded))
        .containsExactly("192.0.2.2 > 192.0.2.1 ttl=64 echo-reply id=0 seq=1 data=3");
  }

  @Test
  @DisplayName("RFC 1112 6.4: the low 23 bits of an IPv4 group are those of its MAC address")
  void aDatagramToAGroupGoesToItsMacAddress() throws Exception {
    var socket = host.stack.openUdp();
    var group = new microps.core.address.Endpoint(TestHost.ip("239.255.1.2"), 9);
    socket.send(java.nio.ByteBuffer.allocate(1), group, host.now);
    assertThat(host.out()).singleElement().asString().endsWith("> 01:00:5e:7f:01:02");
  }

  @Test
  void aFrameOnAnInterfaceThatIsDownIsDropped() {
    host.stack.setUp(host.nic, false, host.now);
    host.assertDropped(new Ip().icmp(8, 0, 1, new byte[3]).frame(), DropReason.NIC_DOWN);
    assertThat(host.nic.framesIn()).isZero();
  }
}
