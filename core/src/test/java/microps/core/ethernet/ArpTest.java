package microps.core.ethernet;

import static microps.core.TestHost.BROADCAST_MAC;
import static microps.core.TestHost.MAC;
import static microps.core.TestHost.PEER;
import static microps.core.TestHost.PEER_MAC;
import static microps.core.TestHost.US;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import microps.core.TestHost;
import microps.core.address.Cidr;
import microps.core.basis.Counter;
import microps.core.basis.DropReason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArpTest {
  private final TestHost host = new TestHost();

  private String entry(String address) {
    return host.stack.neighbors().stream()
        .filter(n -> n.address().equals(TestHost.ip(address)))
        .map(n -> n.mac() + " " + n.state())
        .findFirst()
        .orElse("none");
  }

  @Test
  @DisplayName("RFC 826: a request for our address is answered, and its sender remembered")
  void aRequestForUsIsAnswered() {
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, PEER, US)))
        .containsExactly("arp 192.0.2.2 is-at " + MAC + " told 192.0.2.1 > " + PEER_MAC);
    assertThat(entry(PEER)).isEqualTo(PEER_MAC + " STALE");
    assertThat(host.notes)
        .contains("[I] arp: cache insert 192.0.2.1 is-at " + PEER_MAC + " dev=net1");
    assertThat(host.stack.counters().of(Counter.ARP_RECEIVED)).isEqualTo(1);
    assertThat(host.stack.counters().of(Counter.ARP_REPLIES_SENT)).isEqualTo(1);
  }

  @Test
  @DisplayName("RFC 826: requests and replies, byte by byte")
  void theBytes() {
    byte[] request = TestHost.arpRequest(PEER_MAC, PEER, US);
    host.in(request);
    assertThat(host.raw().getFirst())
        .isEqualTo(Arrays.copyOf(TestHost.arpReply(MAC, US, PEER_MAC, PEER), 60));
    host.stack.addAddress(host.nic, Cidr.parse("198.51.100.7/24"), host.now);
    assertThat(host.raw().getFirst())
        .isEqualTo(Arrays.copyOf(TestHost.arpRequest(MAC, "198.51.100.7", "198.51.100.7"), 60));
  }

  @ParameterizedTest
  @DisplayName("RFC 826: who asks for another address is neither answered nor remembered")
  @ValueSource(strings = {"192.0.2.77", "192.0.2.255", "255.255.255.255", "0.0.0.0", "127.0.0.1"})
  void aRequestForAnotherIsNotAnswered(String target) {
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, PEER, target))).isEmpty();
    assertThat(entry(PEER)).isEqualTo("none");
  }

  @Test
  @DisplayName("RFC 826: who is known already is updated, whomever he asks for")
  void aKnownSenderIsUpdated() {
    host.in(TestHost.arpRequest(PEER_MAC, PEER, US));
    host.in(TestHost.arpRequest("00:00:5e:00:53:98", PEER, "192.0.2.77"));
    assertThat(entry(PEER)).isEqualTo("00:00:5e:00:53:98 STALE");
    assertThat(host.notes)
        .contains("[I] arp: cache update 192.0.2.1 is-at 00:00:5e:00:53:98 dev=net1");
  }

  @Test
  void aReplyThatNobodyAskedForMakesNoEntry() {
    host.in(TestHost.peerIsThere());
    assertThat(entry(PEER)).isEqualTo("none");
  }

  @Test
  void whoIsNotOnTheLinkIsAnsweredButNotRemembered() {
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, "198.51.100.1", US))).hasSize(1);
    assertThat(entry("198.51.100.1")).isEqualTo("none");
  }

  @Test
  @DisplayName("RFC 5227 2.1.1: a probe, from 0.0.0.0, is answered and not remembered")
  void aProbeIsAnswered() {
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, "0.0.0.0", US)))
        .containsExactly("arp 192.0.2.2 is-at " + MAC + " told 0.0.0.0 > " + PEER_MAC);
    assertThat(host.stack.neighbors()).isEmpty();
  }

  @Test
  @DisplayName("RFC 5227 2.3: a new address is announced")
  void anAddressIsAnnounced() {
    long before = host.stack.counters().of(Counter.ARP_REQUESTS_SENT);
    host.stack.addAddress(host.nic, Cidr.parse("198.51.100.7/24"), host.now);
    assertThat(host.stack.counters().of(Counter.ARP_REQUESTS_SENT)).isEqualTo(before + 1);
    assertThat(host.out())
        .containsExactly("arp who-has 198.51.100.7 tell 198.51.100.7 > " + BROADCAST_MAC);
  }

  @Test
  void addressesAreAnnouncedWhenTheInterfaceComesUp() {
    host.stack.setUp(host.nic, false, host.now);
    host.stack.setUp(host.nic, true, host.now);
    assertThat(host.out())
        .containsExactly("arp who-has 192.0.2.2 tell 192.0.2.2 > " + BROADCAST_MAC);
  }

  @Test
  void anotherHostWithOurAddressIsNotedAndNotBelieved() {
    host.assertDropped(
        TestHost.arpReply("00:00:5e:00:53:66", US, MAC, US), DropReason.ARP_BAD_SENDER);
    assertThat(host.notes)
        .contains("[W] arp: conflict: 192.0.2.2 is also used by 00:00:5e:00:53:66 dev=net1");
    assertThat(entry(US)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "ff:ff:ff:ff:ff:ff, 192.0.2.1",
    "01:00:5e:00:00:01, 192.0.2.1",
    "00:00:00:00:00:00, 192.0.2.1",
    "00:00:5e:00:53:99, 192.0.2.255",
    "00:00:5e:00:53:99, 255.255.255.255",
    "00:00:5e:00:53:99, 224.0.0.1",
    "00:00:5e:00:53:99, 127.0.0.1",
  })
  void anImpossibleSenderIsDropped(String mac, String address) {
    byte[] arp = TestHost.arp(1, mac, address, "00:00:00:00:00:00", US);
    byte[] frame = TestHost.ethernet(BROADCAST_MAC, PEER_MAC, 0x806, arp);
    host.assertDropped(frame, DropReason.ARP_BAD_SENDER);
    assertThat(host.stack.neighbors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 27})
  void aShortPacketIsDropped(int length) {
    byte[] frame = Arrays.copyOf(TestHost.arpRequest(PEER_MAC, PEER, US), 14 + length);
    host.assertDropped(frame, DropReason.ARP_TOO_SHORT);
  }

  @ParameterizedTest
  @DisplayName("another hardware, protocol, length or opcode is dropped")
  @CsvSource({"0, 6", "1, 6", "2, 0x86", "4, 8", "5, 16", "7, 0", "7, 3", "6, 1"})
  void aPacketOfAnotherFormatIsDropped(int offset, String value) {
    byte[] frame = TestHost.arpRequest(PEER_MAC, PEER, US);
    frame[14 + offset] = (byte) (int) Integer.decode(value);
    host.assertDropped(frame, DropReason.ARP_BAD_FORMAT);
  }

  @Test
  void anAddressOfAnotherInterfaceIsNotAnsweredFor() {
    host.stack.addAddress(host.stack.nics().getFirst(), Cidr.parse("203.0.113.1/32"), host.now);
    assertThat(host.outcomeOf(TestHost.arpRequest(PEER_MAC, PEER, "203.0.113.1"))).isEmpty();
  }
}
