package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import microps.core.address.Cidr;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;
import microps.core.device.Offloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TapIT extends DeviceContract {
  private static final String THREE_COMMANDS =
      """

        sudo ip tuntap add mode tap user $USER name tap0
        sudo ip addr add 192.0.2.1/24 dev tap0
        sudo ip link set tap0 up\
      """
          .indent(0)
          .stripTrailing();

  @Override
  Device openQuiet() throws Exception {
    withoutIpv6();
    return open("tap:tap0", CREATE);
  }

  @Override
  Packet frame() {
    // An EtherType for experiments (IEEE 802): the kernel ignores it.
    return Frames.of("020000000009 00005e005301 88b5" + "00".repeat(46));
  }

  @Override
  String interfaceName() {
    return "tap0";
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTapHasAsManyQueuesAsAreWanted(boolean offloads) throws Exception {
    DeviceOptions options = offloads ? CREATE : without(CREATE);
    List<Device> queues =
        namespace.call(() -> new LinuxDeviceProvider().openQueues("tap", "tap0", options, 3));
    assertThat(queues).hasSize(3);
    assertThat(run("ip -d link show tap0")).contains("multi_queue", "numtxqueues");
    queues.forEach(Device::close);
  }

  @Test
  void aTapThatWasMadeWithOneQueueHasOne() throws Exception {
    run("ip tuntap add mode tap name tap0");
    List<Device> queues =
        namespace.call(() -> new LinuxDeviceProvider().openQueues("tap", "tap0", EXISTING, 3));
    assertThat(queues).hasSize(1);
    assertThat(queues.getFirst().send(frame())).isTrue();
    queues.forEach(Device::close);
  }

  @Test
  void aTapIsCreatedWithTheKernelsAddressAndGoneWhenClosed() throws Exception {
    try (Device tap = open("tap:tap0", CREATE)) {
      assertThat(tap.info()).isEqualTo(DeviceInfo.ethernet("tap0", MAC, 1500).with(Offloads.FULL));
      assertThat(tap.info().name()).hasToString(tap.toString());
      assertThat(run("ip addr show tap0"))
          .contains("inet 192.0.2.1/24 brd 192.0.2.255 ", ",UP", "mtu 1500");
      assertThat(run("ip route")).contains("192.0.2.0/24 dev tap0");
    }
    assertThatThrownBy(() -> run("ip link show tap0")).hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @ValueSource(ints = {68, 1280, 9000, 65_521})
  void aNewTapHasTheMtuThatIsAskedFor(int mtu) throws Exception {
    try (Device tap = open("tap:tap0", mtu(CREATE, mtu))) {
      assertThat(tap.info().mtu()).isEqualTo(mtu);
      assertThat(run("ip link show tap0")).contains("mtu " + mtu + " ");
    }
  }

  @Test
  void anMtuBeyondWhatTheKernelTakesIsRefused() throws Exception {
    assertThatThrownBy(() -> open("tap:tap0", mtu(CREATE, 65_522)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "tap0 does not take an MTU of 65522 bytes; ask for less (it has 1500; what it takes at"
                + " most shows: ip -d link show tap0)");
    assertThatThrownBy(() -> run("ip link show tap0")).hasMessageContaining("does not exist");
  }

  @Test
  void anIpv6AddressForTheKernelsSide() throws Exception {
    DeviceOptions options = new DeviceOptions(MAC, 0, Cidr.parse("2001:db8::1/64"), false, true);
    try (Device tap = open("tap:tap0", options)) {
      assertThat(run("ip -6 addr show dev " + tap)).contains("inet6 2001:db8::1/64 ");
    }
  }

  @Test
  void theMacOfATapIsMadeFromItsNameWhereNoneIsGiven() throws Exception {
    DeviceOptions options = new DeviceOptions(null, 0, PEER, false, true);
    MacAddress first;
    try (Device tap = open("tap:tap0", options)) {
      first = tap.info().mac();
      assertThat(first.toString()).startsWith("02:");
    }
    try (Device again = open("tap:tap0", options);
        Device other = open("tap:tap1", options)) {
      assertThat(again.info().mac()).isEqualTo(first);
      assertThat(other.info().mac()).isNotEqualTo(first);
    }
  }

  @Test
  void aTapThatIsClosedCanBeOpenedAgainAtOnce() throws Exception {
    run("ip tuntap add mode tap name tap0");
    for (int i = 0; i < 50; i++) {
      open("tap:tap0", EXISTING).close();
    }
  }

  @Test
  void anExistingTapKeepsItsAddressesAndIsSetUp() throws Exception {
    run("ip tuntap add mode tap name tap0");
    run("ip addr add 198.51.100.1/24 dev tap0");
    open("tap:tap0", CREATE).close();
    assertThat(run("ip addr show tap0"))
        .contains("inet 198.51.100.1/24 ", ",UP")
        .doesNotContain("192.0.2.1");
  }

  @Test
  void anExistingTapIsGivenALargerMtuAndKeepsALargerOne() throws Exception {
    run("ip tuntap add mode tap name tap0");
    try (Device tap = open("tap:tap0", mtu(EXISTING, 9000))) {
      assertThat(tap.info().mtu()).isEqualTo(9000);
      assertThat(run("ip link show tap0")).contains("mtu 9000 ");
    }
    try (Device tap = open("tap:tap0", mtu(EXISTING, 1400))) {
      assertThat(tap.info().mtu()).isEqualTo(1400);
      assertThat(run("ip link show tap0")).contains("mtu 9000 ");
    }
    try (Device tap = open("tap:tap0", EXISTING)) {
      assertThat(tap.info().mtu()).isEqualTo(9000);
    }
  }

  @Test
  void aTapInUseIsBusy() throws Exception {
    try (Device tap = open("tap:tap0", CREATE)) {
      assertThatThrownBy(() -> open("tap:tap0", CREATE))
          .isInstanceOf(IOException.class)
          .hasMessage(
              tap + " is busy: another process has it open; stop that one, or use another TAP");
    }
  }

  @Test
  void whatIsNotATapIsRefused() throws Exception {
    run("ip tuntap add mode tun name tun0");
    for (String name : new String[] {"tun0", "lo"}) {
      assertThatThrownBy(() -> open("tap:" + name, CREATE))
          .isInstanceOf(IOException.class)
          .hasMessage(
              name
                  + " exists but is not a TAP that one process opens; use another name, or look at:"
                  + " ip -d link show "
                  + name);
    }
  }

  @Test
  void theKernelsOwnMacIsRefused() throws Exception {
    run("ip tuntap add mode tap name tap0");
    run("ip link set tap0 address 00:00:5e:00:53:01");
    assertThatThrownBy(() -> open("tap:tap0", EXISTING))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "00:00:5e:00:53:01 is the kernel's own MAC address on tap0; give the stack another, as"
                + " in 00:00:5e:00:53:02");
  }

  @Test
  void aTapThatIsMissingAndNotToBeCreatedShowsTheThreeCommands() {
    assertThatThrownBy(() -> open("tap:tap0", EXISTING))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "there is no tap0, and no address is given for the kernel's side of it; create it once"
                + " with:"
                + THREE_COMMANDS);
  }

  @Test
  void aTapThatMayNotBeCreatedShowsTheThreeCommands() {
    assertThatThrownBy(() -> openUnprivileged("tap:tap0", CREATE))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "there is no tap0, and this process may not create it; create it once with:"
                + THREE_COMMANDS);
  }

  @Test
  void aPersistentTapOfTheUserWorksWithoutRights() throws Exception {
    run("ip tuntap add mode tap user 0 name tap0");
    assertThatThrownBy(() -> openUnprivileged("tap:tap0", CREATE))
        .isInstanceOf(IOException.class)
        .hasMessage("tap0 is down; set it up with: sudo ip link set tap0 up");
    run("ip addr add 192.0.2.1/24 dev tap0");
    run("ip link set tap0 up");
    try (Device tap = openUnprivileged("tap:tap0", CREATE)) {
      exchange(tap);
    }
    assertThatThrownBy(() -> openUnprivileged("tap:tap0", mtu(CREATE, 9000)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "tap0 has an MTU of 1500, not 9000; change it with: sudo ip link set tap0 mtu 9000");
  }

  @Test
  void aTapOfAnotherUserIsRefused() throws Exception {
    // In a user namespace of one user there is no other.
    if (Files.readString(Path.of("/proc/self/uid_map")).contains("4294967295")) {
      run("ip tuntap add mode tap user 1 name tap0");
      assertThatThrownBy(() -> openUnprivileged("tap:tap0", CREATE))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("tap0 belongs to another user; ");
    }
  }

  @Test
  void theKernelAsksByArpAndTakesAnAnswerByHand() throws Exception {
    try (Device tap = open("tap:tap0", CREATE)) {
      exchange(tap);
    }
  }

  /// The kernel sends a datagram, which we let it by an answer to its ARP request, and gets one
  /// back.
  private void exchange(Device tap) throws Exception {
    try (DatagramSocket kernel =
        namespace.call(() -> new DatagramSocket(5000, InetAddress.getByName("192.0.2.1")))) {
      kernel.send(
          new DatagramPacket(new byte[] {1, 2, 3}, 3, new InetSocketAddress("192.0.2.2", 7)));
      String kernelMac = macOf("tap0");
      Packet request = Frames.next(tap, Frames::isArp);
      assertThat(Frames.hex(request))
          .isEqualTo(
              "ffffffffffff"
                  + kernelMac
                  + ("08060001080006040001" + kernelMac)
                  + "c0000201000000000000c0000202");
      String answer =
          kernelMac
              + "00005e005301 0806 0001 0800 06 04 0002"
              + "00005e005301 c0000202"
              + kernelMac
              + "c0000201";
      assertThat(tap.send(Frames.of(answer))).isTrue();
      Packet datagram = Frames.next(tap, Frames::isIpv4);
      assertThat(Frames.hex(datagram)).startsWith("00005e005301" + kernelMac).endsWith("010203");

      assertThat(tap.send(Frames.udp(kernelMac, "00005e005301", 7, 5000, "040506"))).isTrue();
      DatagramPacket back = new DatagramPacket(new byte[100], 100);
      kernel.setSoTimeout(10_000);
      kernel.receive(back);
      assertThat(back.getData()).startsWith(4, 5, 6);
      assertThat(back.getLength()).isEqualTo(3);
      assertThat(back.getSocketAddress()).isEqualTo(new InetSocketAddress("192.0.2.2", 7));
    }
  }

  @Test
  void aJumboDatagramBothWays() throws Exception {
    try (Device tap = open("tap:tap0", mtu(CREATE, 65_521))) {
      run("ip neigh add 192.0.2.2 lladdr 00:00:5e:00:53:01 dev tap0");
      try (DatagramSocket kernel =
          namespace.call(() -> new DatagramSocket(5000, InetAddress.getByName("192.0.2.1")))) {
        int length = 65_521 - 28;
        kernel.send(
            new DatagramPacket(new byte[length], length, new InetSocketAddress("192.0.2.2", 7)));
        Packet datagram = Frames.next(tap, Frames::isIpv4);
        assertThat(datagram.length()).isEqualTo(14 + 65_521);

        assertThat(
                tap.send(Frames.udp(macOf("tap0"), "00005e005301", 7, 5000, "ab".repeat(length))))
            .isTrue();
        DatagramPacket back = new DatagramPacket(new byte[length + 1], length + 1);
        kernel.setSoTimeout(10_000);
        kernel.receive(back);
        assertThat(back.getLength()).isEqualTo(length);
      }
    }
  }

  @Test
  void aFrameLongerThanTheMtuIsDiscarded() throws Exception {
    try (Device tap = openQuiet()) {
      run("ip neigh add 192.0.2.2 lladdr 00:00:5e:00:53:01 dev tap0");
      run("ip link set tap0 mtu 9000"); // behind our back
      try (DatagramSocket kernel = namespace.call(() -> new DatagramSocket())) {
        kernel.send(
            new DatagramPacket(new byte[8000], 8000, new InetSocketAddress("192.0.2.2", 7)));
        Packet small = new Packet(2048);
        assertThat(tap.receive(small, 0)).isFalse();
        assertThat(tap.discarded()).isEqualTo(1);
      }
    }
  }

  @Test
  void superFramesArriveWholeAndTheirChecksumsAreLeftToTheReceiver() throws Exception {
    try (Device tap = open("tap:tap0", CREATE)) {
      run("ip neigh add 192.0.2.2 lladdr 00:00:5e:00:53:01 dev tap0");
      try (HandTcp tcp = new HandTcp(namespace, tap, macOf("tap0"))) {
        tcp.kernelSends(10_000);
        assertThat(tcp.longest()).isGreaterThan(1514);
        assertThat(tcp.wrongChecksums()).isZero();
        assertThat(tcp.partial()).isPositive();
      }
    }
  }

  @Test
  void aTapThatHadOffloadsHasNoneForWhoOpensItWithout() throws Exception {
    run("ip tuntap add mode tap name tap0");
    open("tap:tap0", EXISTING).close();
    try (Device tap = open("tap:tap0", without(EXISTING))) {
      assertThat(tap.info().offloads()).isEqualTo(Offloads.NONE);
      assertThat(run("ip -d link show tap0")).doesNotContain("vnet_hdr on");
    }
  }

  @Test
  void withoutOffloadsTheKernelCompletesChecksumsAndCutsSuperFrames() throws Exception {
    try (Device tap = open("tap:tap0", without(CREATE))) {
      run("ip neigh add 192.0.2.2 lladdr 00:00:5e:00:53:01 dev tap0");
      try (HandTcp tcp = new HandTcp(namespace, tap, macOf("tap0"))) {
        tcp.kernelSends(10_000);
        assertThat(tcp.longest()).isEqualTo(1514);
        assertThat(tcp.wrongChecksums()).isZero();
        assertThat(tcp.verified() + tcp.partial()).isZero();
      }
    }
  }
}
