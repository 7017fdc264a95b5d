package microps.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import microps.core.address.MacAddress;
import microps.core.bytes.Packet;
import microps.core.bytes.Packet.ChecksumState;
import microps.core.device.Device;
import microps.core.device.DeviceInfo;
import microps.core.device.DeviceOptions;
import microps.core.device.Offloads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A packet socket on one end of a veth pair; the other end is the kernel's, 192.0.2.1 in another
/// namespace.
class PacketIT extends DeviceContract {
  private static final DeviceOptions DEFAULT = DeviceOptions.DEFAULT;

  private NetworkNamespace far;

  @BeforeEach
  void veth() throws Exception {
    far = NetworkNamespace.create();
    withoutIpv6();
    far.execute("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
    run("ip link add vb type veth peer name va netns " + far.path());
    far.execute("ip", "addr", "add", "192.0.2.1/24", "dev", "va");
    far.execute("ip", "link", "set", "va", "up");
    run("ip link set vb up");
    try (Device near = open("packet:vb", DEFAULT);
        Device other = open(far, "packet:va", DEFAULT)) {
      awaitWay(near, other);
      awaitWay(other, near);
    }
  }

  /// The kernel notes on its own time that the other end is up, and until then swallows frames.
  private void awaitWay(Device from, Device to) throws IOException {
    Packet arrived = new Packet(2048);
    do {
      assertThat(from.send(frame())).isTrue();
    } while (!(to.receive(arrived, 5_000_000) && isExperiment(arrived)));
  }

  @AfterEach
  void closeFar() {
    far.close();
  }

  /// Whether frames are received in a ring.
  boolean ring() {
    return false;
  }

  @Override
  Device open(String device, DeviceOptions options) throws Exception {
    return super.open(device, options.withRing(ring()));
  }

  @Override
  Device openQuiet() throws Exception {
    return open("packet:vb", DEFAULT);
  }

  /// An EtherType for experiments (IEEE 802): the kernel ignores it.
  @Override
  Packet frame() {
    return Frames.of("020000000009 00005e005301 88b5" + "5a".repeat(46));
  }

  @Override
  String interfaceName() {
    return "vb";
  }

  private static boolean isExperiment(Packet frame) {
    return frame.get16(12) == 0x88b5;
  }

  private String farMac() throws Exception {
    return far.call(() -> {
      try (KernelInterface kernel = new KernelInterface("va")) {
        return kernel.mac().toString().replace(":", "");
      }
    });
  }

  @Test
  void socketsOfAFanoutGetEachFrameOnce() throws Exception {
    DeviceOptions options = DEFAULT.withRing(ring());
    List<Device> queues =
        namespace.call(() -> new LinuxDeviceProvider().openQueues("packet", "vb", options, 2));
    assertThat(queues).hasSize(2);
    try (Device other = open(far, "packet:va", DEFAULT)) {
      for (int i = 0; i < 10; i++) {
        assertThat(other.send(frame())).isTrue();
      }
    }
    int received = 0;
    for (Device queue : queues) {
      Packet in = new Packet(2048);
      while (queue.receive(in, Frames.SECOND / 10)) {
        received += isExperiment(in) ? 1 : 0;
      }
      queue.close();
    }
    assertThat(received).isEqualTo(10);
  }

  @Test
  void theMacIsTheInterfacesOwnOrTheOneAskedFor() throws Exception {
    try (Device packet = open("packet:vb", DEFAULT)) {
      MacAddress own = new MacAddress(Long.parseLong(macOf("vb"), 16));
      assertThat(packet.info()).isEqualTo(DeviceInfo.ethernet("vb", own, 1500).with(Offloads.FULL));
    }
    try (Device packet = open("packet:vb", EXISTING)) {
      assertThat(packet.info().mac()).isEqualTo(MAC);
    }
  }

  @Test
  void framesPassBothWaysUnchanged() throws Exception {
    try (Device near = open("packet:vb", DEFAULT);
        Device other = open(far, "packet:va", DEFAULT)) {
      String hex = Frames.hex(frame());
      assertThat(near.send(frame())).isTrue();
      Packet there = Frames.next(other, PacketIT::isExperiment);
      assertThat(Frames.hex(there)).isEqualTo(hex);
      assertThat(there.checksumState()).isEqualTo(ChecksumState.NONE);
      assertThat(other.send(frame())).isTrue();
      assertThat(Frames.hex(Frames.next(near, PacketIT::isExperiment))).isEqualTo(hex);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatThisMachineSendsDidNotArrive(boolean asLinux4) throws Exception {
    run("ip addr add 192.0.2.3/24 dev vb");
    try (Device near =
            namespace.call(
                () -> PacketSocketDevice.open("vb", DEFAULT.withRing(ring()), asLinux4));
        Device other = open(far, "packet:va", DEFAULT);
        DatagramSocket kernel = namespace.call(() -> new DatagramSocket())) {
      kernel.setBroadcast(true);
      for (int i = 0; i < 100; i++) {
        kernel.send(new DatagramPacket(new byte[] {1}, 1, new InetSocketAddress("192.0.2.255", 7)));
        assertThat(near.send(frame())).isTrue();
      }
      Frames.next(other, Frames::isIpv4);
      assertThat(other.send(frame())).isTrue();
      Packet first = Frames.next(near, frame -> true);
      assertThat(isExperiment(first)).isTrue();
      assertThat(Frames.none(near, frame -> true)).isTrue();
      assertThat(near.discarded()).isZero();
    }
  }

  @Test
  void afterSoManyArrivalsThatAreNotForUsTheCallerIsAskedAgain() throws Exception {
    run("ip addr add 192.0.2.3/24 dev vb");
    try (Device near = namespace.call(() -> PacketSocketDevice.open("vb", DEFAULT, true));
        DatagramSocket kernel = namespace.call(() -> new DatagramSocket())) {
      kernel.setBroadcast(true);
      for (int i = 0; i < 2 * LinuxDevice.MAX_SKIPPED; i++) {
        kernel.send(new DatagramPacket(new byte[] {1}, 1, new InetSocketAddress("192.0.2.255", 7)));
      }
      long start = System.nanoTime();
      assertThat(near.receive(frame(), 50 * Frames.SECOND)).isFalse();
      assertThat(near.receive(frame(), 50 * Frames.SECOND)).isFalse();
      assertThat(System.nanoTime() - start).isLessThan(25 * Frames.SECOND);
      start = System.nanoTime();
      assertThat(near.receive(frame(), Frames.SECOND / 10)).isFalse(); // there are no more
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Frames.SECOND / 10);
    }
  }

  @Test
  void promiscuousOnlyOnRequest() throws Exception {
    try (Device packet = open("packet:vb", DEFAULT)) {
      assertThat(run("ip -d link show " + packet)).contains("promiscuity 0 ");
    }
    DeviceOptions promiscuous = new DeviceOptions(null, 0, null, true, true);
    try (Device packet = open("packet:vb", promiscuous)) {
      assertThat(run("ip -d link show " + packet)).contains("promiscuity 1 ");
    }
    assertThat(run("ip -d link show vb")).contains("promiscuity 0 ");
  }

  @Test
  void theKernelTalksToAMacThatIsNotTheInterfaces() throws Exception {
    try (Device packet = open("packet:vb", EXISTING);
        DatagramSocket kernel =
            far.call(() -> new DatagramSocket(5000, InetAddress.getByName("192.0.2.1")))) {
      far.execute("ip", "neigh", "add", "192.0.2.2", "lladdr", MAC.toString(), "dev", "va");
      kernel.send(
          new DatagramPacket(new byte[] {1, 2, 3}, 3, new InetSocketAddress("192.0.2.2", 7)));
      Packet datagram = Frames.next(packet, Frames::isIpv4);
      assertThat(Frames.hex(datagram)).startsWith("00005e005301" + farMac()).endsWith("010203");

      assertThat(packet.send(Frames.udp(farMac(), "00005e005301", 7, 5000, "040506"))).isTrue();
      DatagramPacket back = new DatagramPacket(new byte[100], 100);
      kernel.setSoTimeout(10_000);
      kernel.receive(back);
      assertThat(back.getData()).startsWith(4, 5, 6);
      assertThat(back.getSocketAddress()).isEqualTo(new InetSocketAddress("192.0.2.2", 7));
    }
  }

  @Test
  void aChecksumThatTheKernelLeftToADeviceIsMarkedPartial() throws Exception {
    try (Device packet = open("packet:vb", EXISTING);
        DatagramSocket kernel = far.call(() -> new DatagramSocket())) {
      far.execute("ip", "neigh", "add", "192.0.2.2", "lladdr", MAC.toString(), "dev", "va");
      kernel.send(
          new DatagramPacket(new byte[] {1, 2, 3}, 3, new InetSocketAddress("192.0.2.2", 7)));
      Packet datagram = Frames.next(packet, Frames::isIpv4);
      assertThat(datagram.checksumState()).isEqualTo(ChecksumState.PARTIAL);
      assertThat(HandTcp.transportChecksum(datagram)).isNotZero();
      datagram.completeChecksum();
      assertThat(HandTcp.transportChecksum(datagram)).isZero();
    }
  }

  @Test
  void superFramesThatNoDeviceHasCutArriveWhole() throws Exception {
    try (Device packet = open("packet:vb", EXISTING)) {
      far.execute("ip", "neigh", "add", "192.0.2.2", "lladdr", MAC.toString(), "dev", "va");
      try (HandTcp tcp = new HandTcp(far, packet, farMac())) {
        tcp.kernelSends(10_000);
        assertThat(tcp.longest()).isGreaterThan(1514);
        assertThat(tcp.partial()).isPositive();
        assertThat(tcp.wrongChecksums()).isZero();
      }
    }
  }

  @Test
  void aJumboFrameOfTheLargestMtuBothWays() throws Exception {
    far.execute("ip", "link", "set", "va", "mtu", "65535");
    try (Device near = open("packet:vb", mtu(EXISTING, 65_535));
        Device other = open(far, "packet:va", DEFAULT)) {
      assertThat(near.info().mtu()).isEqualTo(65_535);
      Packet frame = frame();
      frame.padTo(14 + 65_535);
      assertThat(near.send(frame)).isTrue();
      assertThat(Frames.next(other, PacketIT::isExperiment).length()).isEqualTo(14 + 65_535);
      assertThat(other.send(frame)).isTrue();
      Packet small = new Packet(2048);
      assertThat(near.receive(small, Frames.SECOND)).isTrue();
      assertThat(small.toBytes()).isEqualTo(frame.toBytes());
    }
  }

  @Test
  void aFrameLongerThanTheMtuIsDiscarded() throws Exception {
    try (Device packet = open("packet:vb", DEFAULT)) {
      Packet frame = frame();
      frame.padTo(14 + 1500);
      assertThat(packet.send(frame)).isTrue();
      assertThat(packet.discarded()).isZero();
      frame.padTo(14 + 1501);
      assertThat(packet.send(frame)).isTrue();
      assertThat(packet.discarded()).isEqualTo(1);
    }
  }

  @Test
  void aVlanTagThatTheKernelTookOffIsPutBack() throws Exception {
    String tagged = "020000000009 00005e005301 8100 a005 88b5" + "5a".repeat(46);
    try (Device near = open("packet:vb", DEFAULT);
        Device other = open(far, "packet:va", DEFAULT)) {
      assertThat(other.send(Frames.of(tagged))).isTrue();
      Packet frame = Frames.next(near, f -> true);
      assertThat(Frames.hex(frame)).isEqualTo(tagged.replace(" ", ""));
    }
  }

  @Test
  void aFullDeviceSaysSoAndReceiveReturnsWhenThereIsRoom() throws Exception {
    run("tc qdisc add dev vb root tbf rate 8mbit burst 20kb limit 10mb");
    try (Device packet = open("packet:vb", DEFAULT)) {
      full(packet);
    }
  }

  @Test
  void aDeviceWithoutBuffersSaysSoAndReceiveReturnsSoon() throws Exception {
    run("tc qdisc add dev vb root tbf rate 8mbit burst 20kb limit 20kb");
    try (Device packet = open("packet:vb", DEFAULT)) {
      full(packet);
    }
  }

  /// Sends until it is full, waits for room, and sends again; many times.
  private void full(Device packet) throws Exception {
    Packet frame = frame();
    frame.padTo(1514);
    Packet in = new Packet(2048);
    int sent = 0;
    for (int turns = 0; turns < 10; turns++) {
      while (packet.send(frame)) {
        assertThat(++sent).isLessThan(10_000);
      }
      long start = System.nanoTime();
      do {
        assertThat(packet.receive(in, 50 * Frames.SECOND)).isFalse();
      } while (!packet.send(frame));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      sent++;
    }
    assertThat(packet.discarded()).isZero();
    assertThat(sent).isGreaterThan(20);
  }

  @Test
  void aSendOfAnotherThreadThatFindsItFullLetsReceiveWaitForRoom() throws Exception {
    run("tc qdisc add dev vb root tbf rate 8mbit burst 20kb limit 10mb");
    try (Device packet = open("packet:vb", DEFAULT)) {
      Thread receiver =
          Thread.ofPlatform()
              .name(RECEIVER)
              .start(() -> {
                try {
                  packet.receive(new Packet(2048), 1000 * Frames.SECOND);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      awaitWaiting(packet);
      Packet frame = frame();
      frame.padTo(1514);
      while (packet.send(frame)) {
        // until it is full
      }
      receiver.join(10_000);
      assertThat(receiver.isAlive()).isFalse();
      assertThat(packet.send(frame)).isTrue();
    }
  }

  @Test
  void framesThatTheSocketHadNoRoomForAreCounted() throws Exception {
    try (Device near = open("packet:vb", DEFAULT);
        Device other = open(far, "packet:va", DEFAULT)) {
      Packet frame = frame();
      frame.padTo(1514);
      int sent = 0;
      while (sent < 20_000) {
        if (other.send(frame)) {
          sent++;
        } else {
          other.receive(new Packet(2048), Frames.SECOND);
        }
      }
      int received = 0;
      Packet in = new Packet(2048);
      while (near.receive(in, Frames.SECOND / 5)) {
        received++;
      }
      assertThat(received).isGreaterThan(ring() ? PacketRing.SLOTS - 1 : 500);
      assertThat(near.discarded()).isPositive().isEqualTo(sent - received);
      assertThat(near.discarded()).isEqualTo(sent - received);
    }
  }

  @Test
  void whatCannotBeUsedIsRefusedWithALineThatSaysWhatToDo() throws Exception {
    assertThatThrownBy(() -> open("packet:nosuch0", DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage("there is no network interface nosuch0; see which there are with: ip link");
    assertThatThrownBy(() -> open("packet:lo", DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage("lo is not an Ethernet interface; see which are with: ip link (link/ether)");
    assertThatThrownBy(() -> openUnprivileged("packet:vb", DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "no permission for packet sockets on vb; run as root or with the capability"
                + " CAP_NET_RAW");
    run("ip link set vb down");
    assertThatThrownBy(() -> open("packet:vb", DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessage("vb is down; set it up with: sudo ip link set vb up");
  }
}
