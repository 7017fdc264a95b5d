package microps.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import microps.core.address.Ipv4Address;
import microps.sockets.HostStatus;
import microps.sockets.Pinger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What tshark thinks of the frames of both sides.
@RealDevices(programs = {"tshark", "ping"})
@ParameterizedClass
@EnumSource(DeviceKind.class)
class CaptureIT extends KernelTest {
  // Numbers of Wireshark's: proto_checksum_enum_e, and PI_ERROR.
  private static final String BAD = "0";
  private static final String GOOD = "1";
  private static final String ERROR = Integer.toString(0x800000);

  @Parameter DeviceKind kind;

  @TempDir Path folder;

  @Test
  @DisplayName("a capture of everything: no malformed frame, no bad checksum")
  void tshark() throws Exception {
    Path file = folder.resolve("capture.pcapng");
    Bed bed = bed(kind, 1500, builder -> builder.pcap(file));
    for (Direction direction : Direction.values()) {
      stream(bed, direction);
      datagrams(bed, direction);
      assertThatThrownBy(() -> bed.client(direction).connect(bed.server(direction), 4711))
          .isInstanceOf(ConnectException.class);
    }
    bed.namespace.execute("ping", "-c", "1", "-s", "8000", Bed.MICROPS);
    try (Pinger pinger = bed.host.openPinger()) {
      byte[] payload = new byte[8000];
      Ipv4Address kernel = Ipv4Address.parse(Bed.KERNEL);
      assertThat(pinger.ping(kernel, 1, payload, Duration.ofSeconds(10))).isNotNull();
    }
    HostStatus.Interface device = bed.host.status().interfaces().getLast();
    bed.host.close();

    List<Frame> frames = frames(file);
    assertThat(frames).hasSizeGreaterThanOrEqualTo((int) (device.framesIn() + device.framesOut()));
    assertThat(frames).extracting(Frame::device).containsOnly(kind.device());
    assertThat(frames).filteredOn(frame -> frame.isBad()).isEmpty();
    // and it did look
    assertThat(frames).filteredOn(frame -> frame.tcp().equals(GOOD)).hasSizeGreaterThan(100);
    if (kind.offloads) {
      assertThat(frames)
          .as("super-segments, understood, of either side")
          .filteredOn(frame -> frame.tcp().equals(GOOD) && Integer.parseInt(frame.text()) > 1460)
          .extracting(Frame::source)
          .contains(Bed.MICROPS, Bed.KERNEL);
    }
    assertThat(frames).extracting(Frame::ip).contains(GOOD);
    assertThat(frames).extracting(Frame::udp).contains(GOOD);
    assertThat(frames).extracting(Frame::icmp).contains(GOOD);
  }

  private void stream(Bed bed, Direction direction) throws Exception {
    try (Pair pair = pair(bed, direction)) {
      Future<Long> echoed = meanwhile(() -> Pattern.echo(pair.server()));
      Future<Void> sent = meanwhile(() -> Pattern.send(pair.client(), 2_000_000));
      await(meanwhile(() -> Pattern.receive(pair.client(), 2_000_000)));
      await(sent);
      pair.client().shutdownOutput();
      await(echoed);
    }
  }

  private void datagrams(Bed bed, Direction direction) throws Exception {
    try (DatagramChannel server = bed.server(direction).bindDatagram(7);
        DatagramChannel client = bed.client(direction).openDatagram()) {
      for (int length : new int[] {0, 1, 18, 1000, 60_000}) {
        client.send(Pattern.at(0, length), bed.server(direction).at(7));
        ByteBuffer buffer = ByteBuffer.allocate(60_000);
        Future<SocketAddress> received = meanwhile(() -> server.receive(buffer));
        assertThat(await(received)).isNotNull();
        assertThat(buffer.position()).isEqualTo(length);
      }
      client.send(Pattern.at(0, 10), bed.server(direction).at(4711)); // unreachable
    }
  }

  /// What tshark says of a frame; a checksum that it did not find is empty.
  private record Frame(
      String number,
      String device,
      String ip,
      String tcp,
      String udp,
      String icmp,
      String malformed,
      String severity,
      String source,
      String text,
      String info) {
    boolean isBad() {
      if (!icmp.isEmpty() && !udp.isEmpty()) {
        // an error of the kernel's, which quotes the datagram as it got it: its checksum was still
        // to be completed
        return has(ip + "," + icmp, BAD) || !malformed.isEmpty();
      }
      return has(ip + "," + tcp + "," + udp + "," + icmp, BAD)
          || !malformed.isEmpty()
          || has(severity, ERROR);
    }

    private static boolean has(String values, String value) {
      return List.of(values.split(",")).contains(value);
    }
  }

  private List<Frame> frames(Path file) throws Exception {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
    for (String protocol : List.of("ip", "tcp", "udp")) {
      command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
    }
    command.addAll(List.of("-T", "fields", "-E", "occurrence=a"));
    for (String field :
        List.of(
            "frame.number",
            "frame.interface_name",
            "ip.checksum.status",
            "tcp.checksum.status",
            "udp.checksum.status",
            "icmp.checksum.status",
            "_ws.malformed",
            "_ws.expert.severity",
            "ip.src",
            "tcp.len",
            "_ws.col.Info")) {
      command.addAll(List.of("-e", field));
    }
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return printed
        .lines()
        .map(line -> line.split("\t", -1))
        .map(x -> new Frame(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10]))
        .toList();
  }
}
